#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/commit_feed.hpp"
#include "daemon/reply.hpp"
#include "queue/queue.hpp"

namespace genspool::daemon {

/// Which events a stream shows, and from where.
struct EventSelection {
    proto::EventSeq after;
    std::optional<proto::JobSeq> job;
    std::optional<proto::BatchSeq> batch;
};

/// The event log as server-sent events. Reads the log by a cursor at the client's speed, so a slow
/// client costs nothing but its own delay. A comment where there was nothing to say for as long as
/// `heartbeat`. Ends when the daemon stops, or when the log no longer holds what comes next.
/// Event-loop thread.
class EventStream : public PieceSource {
public:
    EventStream(queue::Queue& queue, CommitFeed& feed, EventSelection selection,
                proto::Duration heartbeat = std::chrono::seconds(15));

    boost::asio::awaitable<std::optional<std::string>> next() override;

private:
    boost::asio::awaitable<std::optional<std::string>> next_piece();
    boost::asio::awaitable<std::string> read_on();
    void append(std::string& out, const queue::EventRecord& event, const queue::Reader& reader);
    const std::string& batch_id(proto::BatchSeq batch, const queue::Reader& reader);

    queue::Queue& queue_;
    CommitFeed& feed_;
    EventSelection selection_;
    proto::Duration heartbeat_;
    std::chrono::steady_clock::time_point speak_by_;  ///< the next comment, if nothing comes before
    std::map<proto::BatchSeq, std::string> batch_ids_;
    bool greeted_ = false;
    bool more_ = true;   ///< the last read was full
    bool lost_ = false;  ///< what comes next is no longer kept
};

}  // namespace genspool::daemon
