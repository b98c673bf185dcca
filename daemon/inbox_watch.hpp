#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <optional>
#include <string>
#include <vector>

namespace genspool::daemon {

/// What the kernel told of the watch folder.
struct Sighting {
    std::string name;
    bool moved_in = false;  ///< renamed into the folder; otherwise a writer closed it
};

struct Sightings {
    std::vector<Sighting> files;
    bool look_everywhere = false;  ///< some were dropped: only a scan finds them
    bool ended = false;            ///< nothing more will come: cancelled, or the folder is gone
};

/// inotify on one directory. Event-loop thread only.
class InboxWatch {
public:
    explicit InboxWatch(const boost::asio::any_io_executor& executor);

    /// False where the kernel refuses (no instances left, no such file system): scans must do.
    bool watch(const std::string& directory);

    /// Waits for the next ones. Ends when the coroutine is cancelled or close() is called.
    boost::asio::awaitable<Sightings> next();

    void close();

private:
    boost::asio::posix::stream_descriptor stream_;
};

}  // namespace genspool::daemon
