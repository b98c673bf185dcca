#include "workers/directory_sync.hpp"

#include <sys/stat.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

namespace genspool::workers {

namespace asio = boost::asio;

/// One sync and all who wait for it. The first of them does it.
struct DirectorySync::Round {
    explicit Round(const asio::any_io_executor& executor)
        : bell(executor, asio::steady_timer::time_point::max()) {}

    asio::steady_timer bell;  ///< cancelled when `begun` or `done` is set
    bool begun = false;
    bool done = false;
    std::error_code error;
};

namespace {

/// Until the flag is set, whatever the caller's cancellation.
template <class Round>
asio::awaitable<void> until(std::shared_ptr<Round> round, bool Round::* flag) {
    const asio::cancellation_slot no_slot;
    while (!(*round.*flag)) {
        co_await round->bell.async_wait(
            asio::bind_cancellation_slot(no_slot, asio::as_tuple(asio::use_awaitable)));
    }
}

}  // namespace

asio::awaitable<std::error_code> DirectorySync::sync(Descriptor directory) {
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    const std::error_code error = co_await share(std::move(directory));
    co_await asio::this_coro::throw_if_cancelled(throws);
    co_return error;
}

asio::awaitable<std::error_code> DirectorySync::share(Descriptor directory) {
    struct stat status = {};
    if (::fstat(directory.get(), &status) != 0) co_return file_error(errno);
    const Key key(status.st_dev, status.st_ino);
    Queue& queue = queues_[key];
    if (queue.next) {
        const auto round = queue.next;
        co_await until(round, &Round::done);
        co_return round->error;
    }
    auto executor = co_await asio::this_coro::executor;
    auto round = std::make_shared<Round>(executor);
    if (queue.running) {
        queue.next = round;
        co_await until(round, &Round::begun);
    } else {
        queue.running = round;
    }
    const std::error_code error = co_await lead(key, std::move(round), std::move(directory));
    co_return error;
}

asio::awaitable<std::error_code> DirectorySync::lead(Key key, std::shared_ptr<Round> round,
                                                     Descriptor directory) {
    auto work = [&directory] {
        return ::fsync(directory.get()) == 0 ? std::error_code() : file_error(errno);
    };
    round->error = co_await on_pool(pool_, work);
    round->done = true;
    round->bell.cancel();
    const auto queue = queues_.find(key);
    queue->second.running = std::move(queue->second.next);
    queue->second.next = nullptr;
    if (const auto& next = queue->second.running) {
        next->begun = true;
        next->bell.cancel();
    } else {
        queues_.erase(queue);
    }
    co_return round->error;
}

}  // namespace genspool::workers
