#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/object.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "daemon/bell.hpp"
#include "daemon/import.hpp"
#include "daemon/inbox_watch.hpp"
#include "workers/task_group.hpp"

namespace genspool::daemon {

struct InboxOptions {
    std::string state_dir;
    std::string dir;                 ///< empty: inbox/ in the state directory
    proto::Duration settle{2'000};   ///< how long a file must have been left alone
    proto::Duration rescan{30'000};  ///< inotify does not see everything on every file system
    proto::Duration retry{10'000};   ///< after the queue was full or the disk refused
    bool dedupe_content = false;     ///< a content that was taken before is not taken again
    ImportLimits limits;
    boost::json::object speech;  ///< as ImportParts::speech; empty: no *.txt is taken
};

/// The watch folder: takes the files that are put into inbox/, one after the other by name, and
/// hands their jobs to the queue. Event-loop thread only. What it is built from must outlive it,
/// and it the group it was started in. docs/inbox.md tells users what it does.
class Inbox {
public:
    /// Makes the directories; throws std::system_error if that fails.
    Inbox(boost::asio::any_io_executor executor, queue::Queue& queue, workers::Clock& clock,
          workers::FilePool& pool, const Admission& admission, workers::BlobStore& blobs,
          InboxOptions options);

    /// Starts watching and taking; both end when the group is cancelled or stop() is called.
    void start(workers::TaskGroup& group);

    /// Returns when nothing runs any more: an import is cut off between two chunks and goes on from
    /// there at the next start. Tolerates never-started and double stop.
    boost::asio::awaitable<void> stop();

private:
    /// A name in inbox/ that may be a file to take.
    struct Candidate {
        proto::Instant look_at{};  ///< never: until something is heard of it
        bool moved_in = false;     ///< it came complete
        FileIdentity seen{};
        proto::Instant seen_at{};  ///< since when it has been as it was seen
    };
    struct Look {
        std::optional<FileSeen> seen;
        bool written = false;  ///< somebody has it open for writing
    };

    boost::asio::awaitable<void> work();
    boost::asio::awaitable<void> hear();
    boost::asio::awaitable<void> turn();
    boost::asio::awaitable<void> scan();
    boost::asio::awaitable<void> take(std::string name, Candidate candidate);
    boost::asio::awaitable<void> import(std::string name);
    boost::asio::awaitable<void> reject(std::string name, FileIdentity judged, std::string why);
    static bool is_complete(const Candidate& candidate, const Look& found);
    Look look(const std::string& name) const;
    /// When the file may be taken as far as its age goes.
    proto::Instant settled_at(Candidate& candidate, const FileIdentity& identity) const;
    /// Comes back to it then, unless more has been heard of it meanwhile.
    void put_back(const std::string& name, Candidate candidate);
    proto::Instant next_look() const;
    void task_ended();

    queue::Queue& queue_;
    workers::Clock& clock_;
    workers::FilePool& pool_;
    InboxOptions options_;
    InboxFolders folders_;
    ImportParts parts_;
    ImportMemory memory_;
    InboxWatch watch_;
    Bell bell_;
    boost::asio::steady_timer ended_;  ///< never expires; cancelled when the last task ended
    std::map<std::string, Candidate> candidates_;
    proto::Instant scan_at_{};
    proto::Instant pause_until_{};
    bool recovered_ = false;
    bool stop_ = false;
    int tasks_ = 0;
};

}  // namespace genspool::daemon
