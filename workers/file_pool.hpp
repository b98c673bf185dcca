#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstddef>
#include <exception>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace genspool::workers {

/// A few threads for what blocks: file writes, syncs, hashing. Must outlive the coroutines that
/// visit it; its destructor waits for work that has begun.
class FilePool {
public:
    /// More threads than cores: they wait for the disk, and syncs that wait together share one
    /// commit of its journal. None: the work is done on the caller's thread (simulation).
    explicit FilePool(std::size_t threads = 8);
    ~FilePool();
    FilePool(const FilePool&) = delete;
    FilePool& operator=(const FilePool&) = delete;

    /// Runs `work`, which must not throw, on a thread of the pool; returns on the caller's executor
    /// once it has ended. Cannot be cancelled: a visit always ends, and `work` may refer to the
    /// caller's frame.
    boost::asio::awaitable<void> visit(std::function<void()> work);

private:
    std::optional<boost::asio::thread_pool> threads_;
};

/// Hops to the pool, calls `work()` there and hops back with its result, or with what it threw.
/// Event-loop thread; cannot be cancelled. Name the closure before the statement that awaits.
template <typename Work>
boost::asio::awaitable<std::invoke_result_t<Work&>> on_pool(FilePool& pool, Work work) {
    std::optional<std::invoke_result_t<Work&>> result;
    std::exception_ptr thrown;
    std::function<void()> job = [&work, &result, &thrown] {
        try {
            result.emplace(work());
        } catch (...) {
            thrown = std::current_exception();
        }
    };
    co_await pool.visit(std::move(job));
    if (thrown) std::rethrow_exception(thrown);
    co_return std::move(*result);
}

}  // namespace genspool::workers
