#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "daemon/admission.hpp"
#include "daemon/batch_notes.hpp"
#include "daemon/import_reader.hpp"
#include "daemon/inbox_folders.hpp"
#include "daemon/inbox_inputs.hpp"
#include "daemon/inbox_names.hpp"
#include "daemon/sealed_file.hpp"
#include "queue/queue.hpp"
#include "workers/clock.hpp"
#include "workers/file_pool.hpp"

namespace genspool::daemon {

/// What imports share. All of it outlives them.
struct ImportParts {
    queue::Queue& queue;
    workers::Clock& clock;
    workers::FilePool& pool;
    const Admission& admission;
    const InboxFolders& folders;
    workers::BlobStore& blobs;
    ImportLimits limits;
    boost::json::object speech;  ///< request of the job of a *.txt, but for its text
};

/// What the watch folder remembers of former batches; the queue's batches tell it at start.
struct ImportMemory {
    std::unordered_set<std::string> stems;  ///< that name some batch's files
    /// By FileIdentity::file(). Whatever is written to such a file meanwhile, it is only moved.
    std::unordered_map<std::string, SealedFile> sealed;
    bool dedupe_content = false;
    std::unordered_set<std::string> hashes;  ///< of sealed files, where dedupe_content
};

enum class ImportEnd : std::uint8_t {
    accepted,
    rejected,
    changed,  ///< written to, or replaced, meanwhile: dropped, to be looked at again
    later,    ///< the queue takes nothing now, or a stop: goes on from there
    waits,    ///< for a file that a job names, or another import: goes on from there, others
              ///< meanwhile
    gone,     ///< taken away meanwhile: dropped
};

struct ImportOutcome {
    ImportEnd end = ImportEnd::accepted;
    std::string why;    ///< one line for people; may be empty
    std::string batch;  ///< its id, where there is one
};

/// One file's way from the watch folder into the queue: chunk by chunk under a batch that nobody
/// sees until its seal. Whatever ends it, running it again for the same file goes on from there.
/// Event-loop thread; must outlive run(). A cancelled caller ends it with `later` at the next
/// chunk.
class Import {
public:
    Import(const ImportParts& parts, ImportMemory& memory, std::string name);

    /// Throws std::system_error where the disk refuses. `stop` asks it to end with `later`.
    boost::asio::awaitable<ImportOutcome> run(const bool& stop);

    /// The file that it has read; of none as long as it could not be opened.
    const FileIdentity& identity() const { return identity_; }

private:
    using Outcome = std::optional<ImportOutcome>;  ///< nullopt: go on

    boost::asio::awaitable<Outcome> open_file();
    boost::asio::awaitable<bool> was_sealed();
    boost::asio::awaitable<Outcome> skip_duplicate();
    boost::asio::awaitable<Outcome> open_batch();
    boost::asio::awaitable<Outcome> go_on(std::string progress);
    boost::asio::awaitable<Outcome> admit_all(const bool& stop);
    boost::asio::awaitable<Outcome> admit(ImportChunk chunk);
    ImportReader::Splitter splitter() const;
    boost::asio::awaitable<Outcome> read_pieces(std::vector<Piece>& pieces,
                                                queue::AdmitChunk& admit);
    boost::asio::awaitable<Outcome> check_unchanged();
    boost::asio::awaitable<Outcome> seal();
    boost::asio::awaitable<ImportOutcome> finish();
    boost::asio::awaitable<FileMoved> move(std::string stem);

    boost::asio::awaitable<std::string> claim_stem();
    boost::asio::awaitable<ImportOutcome> reject(std::string code, std::uint64_t line,
                                                 std::string why);
    boost::asio::awaitable<ImportOutcome> reject_hopeless();
    boost::asio::awaitable<void> drop_batch();
    boost::asio::awaitable<queue::Answer> note(std::string_view name, std::string value);
    boost::asio::awaitable<std::optional<queue::BatchView>> find_batch();
    ImportOutcome outcome(ImportEnd end, std::string why) const;

    const ImportParts& parts_;
    ImportMemory& memory_;
    std::string name_;
    NameKind kind_;
    FileIdentity identity_;
    std::unique_ptr<ImportReader> reader_;
    proto::BatchSeq batch_;
    std::string batch_id_;
    ImportProgress progress_;
    InboxInputs inputs_;
};

}  // namespace genspool::daemon
