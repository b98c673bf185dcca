#include "queue/uploads.hpp"

#include "queue/keys.hpp"
#include "queue/rows.hpp"

namespace genspool::queue {
namespace {

constexpr std::size_t looks_a_round = 1'000;

}  // namespace

void forget_uploads(Turn& turn, const proto::JobRecord& record) {
    for (const proto::Input& input : record.inputs)
        turn.plan.del_all(keys::upload(record.account, input.sha256, {}));
}

void forget_uploads(Turn& turn, const std::string& account) {
    turn.plan.del_all(keys::upload(account, {}, {}));
}

void purge_uploads(Turn& turn) {
    std::size_t looks = 0;
    std::string& from = turn.memory.uploads_from;
    if (from.empty()) from = keys::family_begin(keys::upload_family);
    std::string last;
    turn.store.scan(from, keys::family_end(keys::upload_family),
                    [&](std::string_view key, std::string_view value) {
                        last = key;
                        const auto upload = decode<UploadView>(value);
                        if (!upload || upload->expires <= turn.now) turn.plan.del(last);
                        return ++looks < looks_a_round;
                    });
    from = looks < looks_a_round ? std::string() : last + '\0';
}

Answer handle(Turn& turn, const KeepUpload& command) {
    const UploadName& name = command.name;
    turn.plan.put(keys::upload(name.account, name.sha256, name.purpose),
                  encode(UploadView{command.handle, command.expires}));
    return {};
}

Answer handle(Turn& turn, const ForgetUpload& command) {
    const std::string first = keys::upload(command.account, {}, {});
    turn.store.scan(first, keys::prefix_end(first),
                    [&](std::string_view key, std::string_view value) {
                        const auto upload = decode<UploadView>(value);
                        if (upload && upload->handle == command.handle)
                            turn.plan.del(std::string(key));
                        return true;
                    });
    return {};
}

}  // namespace genspool::queue
