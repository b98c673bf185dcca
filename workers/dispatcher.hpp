#pragma once

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>

#include "workers/clock.hpp"
#include "workers/engine_options.hpp"
#include "workers/queue_line.hpp"

namespace genspool::workers {

/// Takes work from the queue while there are hands for it, one claim at a time: what gathers
/// meanwhile makes the next claim larger. Event-loop thread only.
class Dispatcher {
public:
    /// Starts a step and returns at once; finished() is called when it has ended.
    using Start = std::function<void(queue::Work work)>;

    /// The references must outlive it.
    Dispatcher(boost::asio::any_io_executor executor, QueueLine& queue, Clock& clock,
               const EngineOptions& options, Start start);

    /// Claims until stop(). A claim under way then is waited for, and its work is started.
    boost::asio::awaitable<void> run();
    void stop();

    /// There may be work.
    void wake();
    /// A step of this kind has ended.
    void finished(queue::WorkKind kind);

    std::size_t busy() const;

private:
    static constexpr std::size_t kinds = 5;

    std::uint32_t room(queue::WorkKind kind) const;
    bool any_room() const;
    boost::asio::awaitable<void> wait();
    boost::asio::awaitable<void> claim();

    QueueLine& queue_;
    Clock& clock_;
    Start start_;
    std::array<std::uint32_t, kinds> limit_{};
    std::array<std::uint32_t, kinds> busy_{};
    std::array<bool, kinds> short_of_hands_{};  ///< the last claim took as many as there was room
    boost::asio::steady_timer bell_;            ///< never expires; cancelled to wake run()
    bool woken_ = true;
    bool stopping_ = false;
    /// After a claim that found nothing although there was said to be work (of a kind there are no
    /// hands for, or behind a gate that only a claim looks at) the next one waits this long, unless
    /// a step ends before.
    proto::Duration pause_{0};
    proto::Instant barren_at_{};
};

}  // namespace genspool::workers
