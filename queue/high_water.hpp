#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "proto/ids.hpp"

namespace genspool::queue {

/// A small file beside the database that says how far its log has been, synced on its own: by it a
/// database that lost its tail, or was put back by hand, is noticed. It is never ahead of the
/// database, and behind it by one write to the disk, or by the pause between two under load.
class HighWater {
public:
    /// Opens the file, made if missing, and starts a thread that writes it. Throws StoreFailed,
    /// with the reason in words, also where the file is damaged.
    explicit HighWater(const std::string& path);
    /// Writes what was reached last, and ends the thread.
    ~HighWater();
    HighWater(const HighWater&) = delete;
    HighWater& operator=(const HighWater&) = delete;

    /// What the file said when it was opened; none: nothing yet.
    proto::EventSeq found() const { return found_; }

    /// All events up to this one are on disk. Returns at once; any thread. Throws StoreFailed if an
    /// earlier one could not be written.
    void reached(proto::EventSeq event);

private:
    void open();
    void write(proto::EventSeq event);
    void run();

    std::string path_;
    int file_ = -1;
    proto::EventSeq found_;
    std::uint64_t writes_ = 0;  ///< where the next goes: the two places take turns

    std::mutex mutex_;
    std::condition_variable wake_;
    proto::EventSeq wanted_;
    bool idle_ = false;
    bool stopping_ = false;
    std::exception_ptr failed_;
    std::thread thread_;
};

/// What such a file says; none: nothing yet. nullopt: there is no file. Changes nothing. Throws
/// StoreFailed, with the reason in words, where it cannot be read or is damaged.
std::optional<proto::EventSeq> read_high_water(const std::string& path);

}  // namespace genspool::queue
