#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <exception>
#include <functional>
#include <list>
#include <string>
#include <string_view>

namespace genspool::workers {

/// Owns spawned coroutines until they have ended: nothing runs without a group that waits for it.
/// Event-loop thread only. Join it before it is destroyed; the destructor aborts the process if a
/// task is still in it.
class TaskGroup {
public:
    /// Takes the name of a task and what it threw.
    using OnError = std::function<void(std::string_view name, std::exception_ptr error)>;

    TaskGroup(boost::asio::any_io_executor executor, OnError on_error);
    ~TaskGroup();
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;

    /// Starts `task`, on the spot if called from the event loop. Inside it cancellation is an
    /// outcome: what it awaits ends early, and a later await does not throw by itself
    /// (throw_if_cancelled is off), so a loop looks at its seams' answers. Who awaits Asio directly
    /// looks at this_coro::cancellation_state first: a wait begun after the cancellation is not
    /// ended by it. Whatever the task throws goes to on_error, save operation_aborted of a
    /// cancelled group.
    void spawn(std::string name, boost::asio::awaitable<void> task);

    /// Asks every task now in the group to end (terminal cancellation). Returns at once.
    void cancel_all();

    /// Whether cancel_all() was ever called.
    bool cancelled() const { return cancelled_; }

    /// Returns when no task is left, those spawned meanwhile included. Cancelling the caller does
    /// not cut it short.
    boost::asio::awaitable<void> join();

    std::size_t size() const { return tasks_.size(); }

private:
    struct Task {
        std::string name;
        boost::asio::cancellation_signal signal;
    };

    void finish(std::list<Task>::iterator task, const std::exception_ptr& error);

    boost::asio::any_io_executor executor_;
    OnError on_error_;
    std::list<Task> tasks_;
    boost::asio::steady_timer emptied_;  ///< never expires; cancelled to wake the joiners
    bool cancelled_ = false;
};

}  // namespace genspool::workers
