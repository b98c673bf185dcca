#include "workers/verify_files.hpp"

#include <optional>
#include <unordered_map>

#include "proto/record.hpp"
#include "queue/keys.hpp"
#include "queue/rows.hpp"
#include "workers/blob_store.hpp"
#include "workers/digest.hpp"
#include "workers/output_name.hpp"
#include "workers/part_sweep.hpp"
#include "workers/spool.hpp"
#include "workers/spool_sweep.hpp"

namespace genspool::workers {

namespace {

using proto::Artifact;
using proto::JobRecord;
using Status = Artifact::Status;

std::string name_of(const JobRecord& record) {
    return "job " + record.id.text();
}

std::string path_of(const Artifact& artifact) {
    return "artifacts/" + artifact.name;
}

std::optional<JobRecord> record_of(const queue::Store& store, const proto::JobId& id) {
    const auto bytes = store.get(queue::keys::record(id.seq()));
    auto record = bytes ? proto::decode_record(*bytes) : std::nullopt;
    if (record && record->id != id) record.reset();
    return record;
}

class FilesCheck {
public:
    FilesCheck(const queue::Store& store, const StateFiles& files, bool hash)
        : store_(store), files_(files), hash_(hash) {}

    FilesVerdict run() {
        verdict_.artifacts_here = files_.has("artifacts");
        store_.scan(queue::keys::family_begin(queue::keys::record_family),
                    queue::keys::family_end(queue::keys::record_family),
                    [this](std::string_view, std::string_view value) {
                        const auto record = proto::decode_record(value);
                        if (record) look_at(*record);
                        return true;
                    });
        look_for_parts();
        look_into_spool();
        look_at_blobs();
        return std::move(verdict_);
    }

private:
    void broken(std::string sentence) { verdict_.broken.push_back(std::move(sentence)); }

    void look_at(const JobRecord& record) {
        std::optional<proto::Send> awaited;
        for (std::uint32_t n = 0; n < record.artifacts.size(); ++n) {
            const Artifact& artifact = record.artifacts[n];
            if (artifact.status == Status::home) look_at_home(record, artifact);
            const bool in_reply = artifact.source.from == proto::Source::From::reply;
            if (in_reply && is_to_be_taken(record, artifact, n)) awaited = artifact.source.send;
        }
        if (awaited) look_at_reply(record, *awaited);
    }

    void look_at_home(const JobRecord& record, const Artifact& artifact) {
        ++verdict_.artifacts;
        verdict_.artifact_bytes += artifact.bytes;
        if (!verdict_.artifacts_here) return;
        const auto [first, fresh] = homes_.emplace(artifact.name, record.id);
        if (!fresh)
            broken(path_of(artifact) + " is said to be of " + name_of(record) + " and of job " +
                   first->second.text());
        const std::string fault = fault_of(path_of(artifact), artifact);
        if (!fault.empty())
            broken("the artifact of " + name_of(record) + ", " + path_of(artifact) + ", " + fault);
    }

    /// Not on disk yet. One that has its name may be lost by a power cut before its directory is
    /// synced: it is then fetched once more.
    bool is_to_be_taken(const JobRecord& record, const Artifact& artifact, std::uint32_t n) const {
        if (artifact.status == Status::open) return true;
        if (artifact.status != Status::named || !verdict_.artifacts_here) return false;
        const std::string part = "artifacts/" + part_name(artifact.name, record.id.text(), n);
        return !fault_of(part, artifact).empty() && !fault_of(path_of(artifact), artifact).empty();
    }

    /// What is wrong with the file that should be this artifact; empty: nothing.
    std::string fault_of(const std::string& path, const Artifact& artifact) const {
        return fault_of(path, artifact.bytes, artifact.sha256);
    }

    std::string fault_of(const std::string& path, std::uint64_t bytes,
                         const std::string& sha256) const {
        const StateFiles::Size size = files_.size(path);
        if (size.error == std::errc::no_such_file_or_directory) return "is missing";
        if (size.error) return "cannot be read: " + size.error.message();
        if (size.bytes != bytes) {
            return "has " + std::to_string(size.bytes) + " bytes instead of " +
                   std::to_string(bytes);
        }
        if (!hash_) return {};
        Sha256 digest;
        const std::error_code error =
            files_.read(path, [&](std::string_view piece) { digest.update(piece); });
        if (error) return "cannot be read: " + error.message();
        return digest.hex() == sha256 ? std::string()
                                      : "does not have its SHA-256: its bytes changed";
    }

    /// What was bought lies only there.
    void look_at_reply(const JobRecord& record, proto::Send send) {
        const std::string path = spool_path(record.id, send);
        std::string file;
        const std::error_code error =
            hash_ ? files_.read(path, [&](std::string_view piece) { file += piece; })
                  : files_.size(path).error;
        const bool whole = !error && (!hash_ || parse_spool(file));
        if (!whole)
            broken("the paid reply that " + name_of(record) + " is to be taken from, " + path +
                   (error ? ", is missing" : ", is incomplete or damaged"));
    }

    void look_for_parts() {
        for (const std::string& path : files_.below("artifacts")) {
            const std::optional<PartOf> part = part_of(path);
            if (!part) continue;
            const std::optional<JobRecord> record = record_of(store_, part->job);
            if (record && part_wanted(*record, part->n)) continue;
            verdict_.leftovers.push_back(path + " is a part of what job " + part->job.text() +
                                         " does not want any more");
        }
    }

    void look_into_spool() {
        for (const std::string& path : files_.below("spool")) {
            const std::string name = path.substr(path.rfind('/') + 1);
            const std::optional<SpoolName> parsed = parse_spool_name(name);
            const std::optional<JobRecord> record =
                parsed ? record_of(store_, parsed->job) : std::nullopt;
            if (record && (parsed->aside || spool_wanted(*record, parsed->send))) {
                ++verdict_.spooled;
            } else {
                verdict_.leftovers.push_back(path + " is a reply that nobody will ask for");
            }
        }
    }

    void look_at_blobs() {
        namespace keys = queue::keys;
        store_.scan(keys::family_begin(keys::blob_family), keys::family_end(keys::blob_family),
                    [this](std::string_view key, std::string_view value) {
                        const auto blob = queue::decode<queue::BlobView>(value);
                        if (blob) look_at_blob(std::string(key.substr(1)), *blob);
                        return true;
                    });
        for (const std::string& path : files_.below("blobs")) {
            if (!store_.get(keys::blob(path.substr(path.rfind('/') + 1))))
                verdict_.leftovers.push_back(path + " is a file that nobody knows of");
        }
    }

    void look_at_blob(const std::string& sha256, const queue::BlobView& blob) {
        ++verdict_.blobs;
        const std::string path = blob_path(sha256);
        const std::string fault = fault_of(path, blob.bytes, sha256);
        if (!fault.empty()) broken("the file that was handed in as " + path + " " + fault);
    }

    const queue::Store& store_;
    const StateFiles& files_;
    bool hash_;
    FilesVerdict verdict_;
    std::unordered_map<std::string, proto::JobId> homes_;
};

}  // namespace

FilesVerdict verify_files(const queue::Store& store, const StateFiles& files, bool hash) {
    return FilesCheck(store, files, hash).run();
}

}  // namespace genspool::workers
