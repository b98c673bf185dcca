#include "proto/record.hpp"
#include "queue/keys.hpp"
#include "queue/verify_check.hpp"

namespace genspool::queue {
namespace {

constexpr std::size_t digits = 64;

/// Whether the job, which has not ended, takes this file.
bool needs(Check& check, proto::JobSeq job, std::string_view sha256) {
    const auto bytes = check.store.get(keys::record(job));
    const auto record = bytes ? proto::decode_record(*bytes) : std::nullopt;
    if (!record || proto::is_terminal(record->state)) return false;
    for (const proto::Input& input : record->inputs)
        if (input.handed_in() && input.sha256 == sha256) return true;
    return false;
}

}  // namespace

void check_blobs(Check& check) {
    check.each(keys::blob_family, 1 + digits, Check::Ending::exact,
               [&](std::string_view key, std::string_view value) {
                   check.read<BlobView>(value, "the file " + std::string(key.substr(1)));
                   ++check.verdict.blobs;
               });
    check.each(keys::upload_family, 4 + digits, Check::Ending::text,
               [&](std::string_view, std::string_view value) {
                   check.read<UploadView>(value, "a file at an account");
               });
    check.each(keys::thing_family, 5, Check::Ending::text,
               [&](std::string_view, std::string_view value) {
                   check.read<ThingRow>(value, "a thing of an account");
               });
    check.each(keys::blob_use_family, 1 + digits + 8, Check::Ending::exact,
               [&](std::string_view key, std::string_view) {
                   const std::string sha256(key.substr(1, digits));
                   const proto::JobSeq job{keys::get_u64(key, 1 + digits)};
                   if (needs(check, job, sha256)) return;
                   check.broken("the file " + sha256 + " is kept for " + check.name(job) +
                                ", which does not need it");
               });
}

}  // namespace genspool::queue
