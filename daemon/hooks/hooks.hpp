#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config.hpp"
#include "daemon/hooks/courier.hpp"
#include "queue/queue.hpp"
#include "workers/clock.hpp"
#include "workers/http.hpp"
#include "workers/task_group.hpp"

namespace genspool::daemon::hooks {

/// The name under which the addresses that jobs name themselves are one hook.
inline constexpr std::string_view of_jobs = "job";

/// All who are told of what becomes of jobs, as they are configured, each with its courier.
/// Event-loop thread only. What it is built from must outlive it, and it the group it was started
/// in.
class Hooks {
public:
    Hooks(boost::asio::any_io_executor executor, queue::Queue& queue, workers::Clock& clock,
          workers::Http& http, const Config& config, const std::string& artifact_root,
          const workers::TaskGroup::OnError& on_error);

    void start(workers::TaskGroup& group);
    void on_events(proto::EventSeq last);
    boost::asio::awaitable<void> stop();

    /// One hook, with what people are shown of it.
    struct Entry {
        std::string url;                   ///< of an address or a collector; else empty
        std::vector<std::string> command;  ///< else empty
        std::unique_ptr<Hook> hook;
        std::unique_ptr<Courier> courier;
    };
    const std::vector<Entry>& all() const { return entries_; }
    /// nullptr: there is none of that name.
    const Entry* find(std::string_view name) const;

private:
    void add(Entry entry, std::string name, std::set<proto::State> tells);
    boost::asio::awaitable<void> forget_former();

    boost::asio::any_io_executor executor_;
    queue::Queue& queue_;
    workers::Clock& clock_;
    std::string source_;
    std::string artifact_root_;
    workers::TaskGroup::OnError on_error_;
    std::vector<Entry> entries_;
};

}  // namespace genspool::daemon::hooks
