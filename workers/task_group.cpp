#include "workers/task_group.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <cstdlib>
#include <utility>

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

asio::awaitable<void> run(asio::awaitable<void> task) {
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await std::move(task);
}

bool is_abort(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const boost::system::system_error& thrown) {
        return thrown.code() == asio::error::operation_aborted;
    } catch (...) {
        return false;
    }
}

}  // namespace

TaskGroup::TaskGroup(asio::any_io_executor executor, OnError on_error)
    : executor_(executor),
      on_error_(std::move(on_error)),
      emptied_(executor, asio::steady_timer::time_point::max()) {}

TaskGroup::~TaskGroup() {
    if (!tasks_.empty()) std::abort();
}

void TaskGroup::spawn(std::string name, asio::awaitable<void> task) {
    const auto entry = tasks_.emplace(tasks_.end());
    entry->name = std::move(name);
    auto ended = [this, entry](const std::exception_ptr& error) { finish(entry, error); };
    asio::co_spawn(executor_, run(std::move(task)),
                   asio::bind_cancellation_slot(entry->signal.slot(), std::move(ended)));
}

void TaskGroup::cancel_all() {
    cancelled_ = true;
    // A task may leave the list while it is told, so the iterator moves on first.
    for (auto next = tasks_.begin(); next != tasks_.end();) {
        const auto task = next++;
        task->signal.emit(asio::cancellation_type::terminal);
    }
}

asio::awaitable<void> TaskGroup::join() {
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    // Without a slot the wait cannot see the caller's cancellation.
    const asio::cancellation_slot no_slot;
    while (!tasks_.empty()) {
        co_await emptied_.async_wait(
            asio::bind_cancellation_slot(no_slot, asio::as_tuple(asio::use_awaitable)));
    }
    co_await asio::this_coro::throw_if_cancelled(throws);
}

void TaskGroup::finish(std::list<Task>::iterator task, const std::exception_ptr& error) {
    const bool report = error && !(cancelled_ && is_abort(error));
    const std::string name = std::move(task->name);
    tasks_.erase(task);
    if (tasks_.empty()) emptied_.cancel();
    if (report) on_error_(name, error);
}

}  // namespace genspool::workers
