#include "daemon/queue_calls.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace genspool::daemon {

namespace asio = boost::asio;

namespace {

/// Where a coroutine waits for another thread. Lives in the frame that waits.
class Meeting {
public:
    explicit Meeting(const asio::any_io_executor& executor)
        : timer_(executor, asio::steady_timer::time_point::max()) {}

    /// On the event loop.
    void announce() {
        done_ = true;
        timer_.cancel();
    }

    asio::awaitable<void> wait() {
        const bool throws = co_await asio::this_coro::throw_if_cancelled();
        co_await asio::this_coro::throw_if_cancelled(false);
        // Without a slot the wait cannot see the caller's cancellation.
        const asio::cancellation_slot no_slot;
        while (!done_) {
            co_await timer_.async_wait(
                asio::bind_cancellation_slot(no_slot, asio::as_tuple(asio::use_awaitable)));
        }
        co_await asio::this_coro::throw_if_cancelled(throws);
    }

private:
    asio::steady_timer timer_;
    bool done_ = false;
};

}  // namespace

asio::awaitable<queue::Answer> ask(queue::Queue& queue, queue::Command command) {
    auto executor = co_await asio::this_coro::executor;
    Meeting meeting(executor);
    queue::Answer answer;
    queue::OnAnswer on_answer = [&meeting, &answer, executor](queue::Answer given) {
        answer = std::move(given);
        asio::post(executor, [&meeting] { meeting.announce(); });
    };
    queue.execute(std::move(command), std::move(on_answer));
    co_await meeting.wait();
    co_return answer;
}

asio::awaitable<void> look(queue::Queue& queue, std::function<void(const queue::Reader&)> reading) {
    auto executor = co_await asio::this_coro::executor;
    Meeting meeting(executor);
    std::function<void(const queue::Reader&)> errand = [&meeting, &reading,
                                                        executor](const queue::Reader& reader) {
        reading(reader);
        asio::post(executor, [&meeting] { meeting.announce(); });
    };
    queue.read(std::move(errand));
    co_await meeting.wait();
}

}  // namespace genspool::daemon
