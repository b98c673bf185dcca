#include "daemon/inbox_recovery.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "daemon/batch_notes.hpp"
#include "daemon/log.hpp"
#include "daemon/queue_calls.hpp"
#include "queue/kill_point.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;

namespace {

constexpr std::size_t batches_a_read = 64;

/// A name in the watch folder, and what bears it.
struct Bearer {
    std::string name;
    FileIdentity identity;
};

/// The regular files in the watch folder.
struct Present {
    std::unordered_set<std::string> identities;
    std::unordered_multimap<std::string, Bearer> files;  ///< by FileIdentity::file()
};

Present list_present(const InboxFolders& folders) {
    Present present;
    for (const std::string& name : folders.names()) {
        const auto seen = folders.look(name);
        if (!seen || seen->form != FileForm::regular) continue;
        present.identities.insert(seen->identity.text());
        present.files.emplace(seen->identity.file(), Bearer{name, seen->identity});
    }
    return present;
}

/// Imports that a former life did not bring to their end.
using Unfinished = std::vector<queue::BatchView>;

void remember(queue::BatchView& batch, ImportMemory& memory, Unfinished& unfinished) {
    if (batch.source != queue::BatchSource::inbox) return;
    const std::string_view stem = note_of(batch, note_stem);
    if (!stem.empty()) memory.stems.emplace(stem);
    if (memory.dedupe_content && batch.sealed) memory.hashes.insert(batch.content_hash);
    const bool finished = batch.sealed && !note_of(batch, note_file).empty();
    if (!finished) unfinished.push_back(std::move(batch));
}

asio::awaitable<Unfinished> read_batches(queue::Queue& queue, ImportMemory& memory) {
    Unfinished unfinished;
    proto::BatchSeq before;
    bool more = true;
    while (more) {
        std::function<void(const queue::Reader&)> read = [&](const queue::Reader& reader) {
            auto page = reader.list_batches(before, batches_a_read, true);
            more = !page.empty();
            for (queue::BatchView& batch : page) {
                before = batch.seq;
                remember(batch, memory, unfinished);
            }
        };
        co_await look(queue, std::move(read));
    }
    co_return unfinished;
}

/// The identity as it is written in the batch, without the "#2" of a second drop.
std::string plain_identity(const queue::BatchView& batch) {
    return batch.identity.substr(0, batch.identity.find('#'));
}

std::optional<FileIdentity> parse_identity(const std::string& text) {
    FileIdentity identity;
    unsigned long long device = 0;
    unsigned long long inode = 0;
    long long changed_ns = 0;
    unsigned long long bytes = 0;
    long long born_ns = 0;  // not told by every file system, nor noted by earlier versions
    const int fields = std::sscanf(text.c_str(), "%llu:%llu:%lld:%llu:%lld", &device, &inode,
                                   &changed_ns, &bytes, &born_ns);
    if (fields < 4) return std::nullopt;
    identity.device = device;
    identity.inode = inode;
    identity.changed_ns = changed_ns;
    identity.bytes = bytes;
    identity.born_ns = born_ns;
    return identity;
}

/// Where a sealed batch's file is.
struct Whereabouts {
    std::optional<FileIdentity> inbox;  ///< in the watch folder; nullopt: not there
    std::string accepted;               ///< "accepted/NAME", or empty
};

/// The file under this name, if it is the sealed one. Throws where that cannot be learned now.
std::optional<FileIdentity> recognize(const InboxFolders& folders, const SealedFile& sealed,
                                      const std::string& name, FileIdentity identity) {
    const auto hash = [&] {
        const FileOpened opened = folders.open(name);
        if (opened.error) return std::string();  // nobody imports it
        identity = opened.identity;
        return hash_file(opened.file.get());
    };
    if (!is_sealed_file(sealed, name, identity, hash)) return std::nullopt;
    return identity;
}

/// By its inode; or copied back meanwhile, the same bytes under the same name, whose jobs must not
/// be bought a second time either.
std::optional<FileIdentity> find_in_inbox(const InboxFolders& folders, const Present& present,
                                          const SealedFile& sealed) {
    const auto [first, last] = present.files.equal_range(sealed.identity.file());
    for (auto here = first; here != last; ++here) {
        const Bearer& bearer = here->second;
        const auto found = recognize(folders, sealed, bearer.name, bearer.identity);
        if (found) return found;
    }
    const auto seen = folders.look(sealed.name);
    if (!seen || seen->form != FileForm::regular) return std::nullopt;
    return recognize(folders, sealed, sealed.name, seen->identity);
}

Whereabouts find_sealed(const InboxFolders& folders, const Present& present,
                        const SealedFile& sealed) {
    Whereabouts found;
    found.inbox = find_in_inbox(folders, present, sealed);
    if (!found.inbox) found.accepted = folders.find_accepted(sealed.identity);
    return found;
}

/// One that still lies in the watch folder is for the next import to move.
asio::awaitable<void> finish_sealed(const ImportParts& parts, ImportMemory& memory,
                                    const Present& present, queue::BatchView batch) {
    SealedFile sealed;
    sealed.batch = batch.seq;
    sealed.name = batch.name;
    sealed.identity = parse_identity(plain_identity(batch)).value_or(FileIdentity());
    sealed.content_hash = batch.content_hash;
    auto find = [&] { return find_sealed(parts.folders, present, sealed); };
    Whereabouts found = co_await workers::on_pool(parts.pool, find);
    log(Level::info, "inbox_finished", {{"batch", batch.id.text()}, {"file", batch.name}});
    if (found.inbox) {
        sealed.identity = *found.inbox;
        std::string file = sealed.identity.file();
        memory.sealed.emplace(std::move(file), std::move(sealed));
        co_return;
    }
    queue::NoteBatch note;
    note.batch = batch.seq;
    note.name = note_file;
    note.value = found.accepted.empty() ? "gone" : std::move(found.accepted);
    co_await ask(parts.queue, std::move(note));
    GENSPOOL_KILL_POINT("inbox.recovery_noted");
}

}  // namespace

asio::awaitable<void> recover_imports(const ImportParts& parts, ImportMemory& memory) {
    auto list = [&parts] { return list_present(parts.folders); };
    const Present present = co_await workers::on_pool(parts.pool, list);
    Unfinished unfinished = co_await read_batches(parts.queue, memory);
    for (queue::BatchView& batch : unfinished) {
        if (batch.sealed) {
            co_await finish_sealed(parts, memory, present, std::move(batch));
        } else if (!present.identities.contains(plain_identity(batch))) {
            log(Level::info, "inbox_dropped", {{"batch", batch.id.text()}, {"file", batch.name}});
            queue::DropBatch drop;
            drop.batch = batch.seq;
            co_await ask(parts.queue, drop);
            GENSPOOL_KILL_POINT("inbox.recovery_dropped");
        }
    }
}

}  // namespace genspool::daemon
