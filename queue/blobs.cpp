#include "queue/blobs.hpp"

#include "queue/keys.hpp"

namespace genspool::queue {
namespace {

constexpr std::size_t looks_a_round = 1'000;

/// Its time begins anew. One that is gone stays so.
void touch(Turn& turn, const std::string& sha256) {
    auto blob = turn.plan.row<BlobView>(keys::blob(sha256));
    if (!blob || blob->wanted_at == turn.now) return;
    blob->wanted_at = turn.now;
    turn.plan.put(keys::blob(sha256), encode(*blob));
}

bool is_used(const Turn& turn, const std::string& sha256) {
    bool found = false;
    turn.store.scan(keys::blob_use(sha256, {0}), keys::blob_use(sha256, {UINT64_MAX}),
                    [&](std::string_view, std::string_view) {
                        found = true;
                        return false;
                    });
    return found;
}

}  // namespace

proto::Result<proto::Input> find_blob(Turn& turn, const proto::FilePlace& place) {
    const proto::Reference& reference = place.reference;
    const std::string name = proto::file_name_of(reference.sha256);
    const auto blob = turn.plan.row<BlobView>(keys::blob(reference.sha256));
    if (!blob) {
        return proto::Refused{
            "input.missing", reference.path,
            reference.path + ": " + name + " is not here: hand it in first with PUT /v1/blobs"};
    }
    if (const auto fits = proto::check_file(place, name, blob->media_type, blob->bytes); !fits)
        return fits.error();
    proto::Input input;
    input.media_type = blob->media_type;
    input.bytes = blob->bytes;
    input.sha256 = reference.sha256;
    return input;
}

void note_blob_uses(Turn& turn, const proto::JobRecord& record) {
    for (const proto::Input& input : record.inputs)
        if (input.handed_in()) turn.plan.put(keys::blob_use(input.sha256, record.seq), {});
}

void forget_blob_uses(Turn& turn, const proto::JobRecord& record) {
    for (const proto::Input& input : record.inputs) {
        if (!input.handed_in()) continue;
        turn.plan.del(keys::blob_use(input.sha256, record.seq));
        touch(turn, input.sha256);
    }
}

void purge_blobs(Turn& turn) {
    const proto::Instant too_old = turn.now - turn.options.retain_blobs;
    std::vector<std::string> old;
    std::size_t looks = 0;
    std::string& from = turn.memory.blobs_from;
    std::string last;
    turn.store.scan(keys::blob(from), keys::family_end(keys::blob_family),
                    [&](std::string_view key, std::string_view value) {
                        last = key.substr(1);
                        const auto blob = decode<BlobView>(value);
                        if (!blob) throw StoreFailed("a corrupt row");
                        if (blob->wanted_at < too_old) old.push_back(last);
                        return ++looks < looks_a_round;
                    });
    from = looks < looks_a_round ? std::string() : last + '\0';
    for (const std::string& sha256 : old) {
        if (!is_used(turn, sha256)) turn.plan.del(keys::blob(sha256));
    }
}

Answer handle(Turn& turn, const KeepBlob& command) {
    // What is left belongs to what was bought.
    if (turn.memory.disk != DiskGate::open) {
        return refused(Errc::read_only,
                       "the disk is filling up; no file is taken until there is room again");
    }
    BlobView blob{command.media_type, command.bytes, turn.now};
    const auto known = turn.plan.row<BlobView>(keys::blob(command.sha256));
    if (known && !command.said) blob.media_type = known->media_type;
    turn.plan.put(keys::blob(command.sha256), encode(blob));
    return {};
}

}  // namespace genspool::queue
