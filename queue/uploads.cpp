#include "queue/uploads.hpp"

#include "queue/expired.hpp"
#include "queue/keys.hpp"

namespace genspool::queue {

void forget_uploads(Turn& turn, const proto::JobRecord& record) {
    for (const proto::Input& input : record.inputs)
        turn.plan.del_all(keys::upload(record.account, input.sha256, {}));
}

void forget_uploads(Turn& turn, const std::string& account) {
    turn.plan.del_all(keys::upload(account, {}, {}));
}

void purge_uploads(Turn& turn) {
    forget_expired<UploadView>(turn, keys::upload_family, turn.memory.uploads_from);
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
    turn.plan.del(keys::thing(command.account, {proto::Thing::Kind::file, command.handle}));
    return {};
}

}  // namespace genspool::queue
