#include "daemon/hooks/child_process.hpp"

#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstring>
#include <optional>
#include <utility>

#include "daemon/bell.hpp"

namespace genspool::daemon::hooks {

namespace asio = boost::asio;

namespace {

constexpr proto::Duration grace{2'000};     ///< between being asked to end and being made to
constexpr proto::Duration look_again{100};  ///< where the kernel does not tell of the end

/// A file in memory that holds the input, at its beginning; -1: the system has refused it.
int input_file(const std::string& input) {
    const int file = memfd_create("genspool-hook", MFD_CLOEXEC);
    if (file < 0) return -1;
    std::size_t written = 0;
    while (written < input.size()) {
        const ssize_t count = write(file, input.data() + written, input.size() - written);
        if (count <= 0) {
            close(file);
            return -1;
        }
        written += static_cast<std::size_t>(count);
    }
    lseek(file, 0, SEEK_SET);
    return file;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (std::string& text : texts)
        all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

struct Spawned {
    pid_t pid = -1;
    std::string error;
};

Spawned spawn(ChildSetup& setup) {
    Spawned spawned;
    const int input = input_file(setup.input);
    if (input < 0) {
        spawned.error = "its input could not be written: " + std::string(std::strerror(errno));
        return spawned;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    const std::vector<char*> arguments = pointers(setup.command);
    const std::vector<char*> environment = pointers(setup.environment);
    const int error = posix_spawn(&spawned.pid, setup.command.front().c_str(), &actions,
                                  &attributes, arguments.data(), environment.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    close(input);
    if (error != 0) spawned.error = "it could not be run: " + std::string(std::strerror(error));
    return spawned;
}

/// How it ended, in words (none: well), if it has. It stays to be reaped, so that its number, which
/// is its group's, is nobody else's.
std::optional<std::string> ended(pid_t pid) {
    siginfo_t info{};
    if (waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0)
        return "how it ended could not be learned: " + std::string(std::strerror(errno));
    if (info.si_pid == 0) return std::nullopt;
    const std::string status = std::to_string(info.si_status);
    if (info.si_code != CLD_EXITED) return "it was ended by signal " + status;
    return info.si_status == 0 ? "" : "it ended with exit code " + status;
}

/// Becomes readable when the process ends. Not a SIGCHLD: that would interrupt whatever a thread of
/// ours is writing just then.
int end_of(pid_t pid) {
    return static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
}

void reap(pid_t pid) {
    siginfo_t info{};
    waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG);
}

/// Waits for its end, at most until `due`, or until the caller is cancelled.
asio::awaitable<std::optional<std::string>> wait_for(asio::posix::stream_descriptor& end,
                                                     workers::Clock& clock, pid_t pid,
                                                     proto::Instant due, bool heed_cancel) {
    using namespace asio::experimental::awaitable_operators;
    while (true) {
        std::optional<std::string> how = ended(pid);
        const bool cancelled = co_await is_cancelled();
        const bool over = how || (heed_cancel && cancelled) || clock.now() >= due;
        if (over) co_return how;
        if (end.is_open()) {
            co_await (clock.sleep_until(due) ||
                      end.async_wait(asio::posix::stream_descriptor::wait_read,
                                     asio::as_tuple(asio::use_awaitable)));
        } else {
            co_await clock.sleep_until(std::min(due, clock.now() + look_again));
        }
    }
}

}  // namespace

asio::awaitable<std::string> run_child(asio::any_io_executor executor, workers::Clock& clock,
                                       ChildSetup setup) {
    const Spawned child = spawn(setup);
    if (!child.error.empty()) co_return child.error;
    asio::posix::stream_descriptor end(executor);
    const int end_descriptor = end_of(child.pid);
    boost::system::error_code refused;
    if (end_descriptor >= 0) end.assign(end_descriptor, refused);
    if (refused) close(end_descriptor);
    const proto::Instant due = clock.now() + setup.timeout;
    const std::optional<std::string> how = co_await wait_for(end, clock, child.pid, due, true);
    if (how) {
        reap(child.pid);
        co_return *how;
    }
    // What it has begun itself goes with it. Whoever cancelled waits no longer than this.
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    kill(-child.pid, SIGTERM);
    co_await wait_for(end, clock, child.pid, clock.now() + grace, false);
    kill(-child.pid, SIGKILL);
    co_await wait_for(end, clock, child.pid, proto::never, false);
    reap(child.pid);
    co_return "it took longer than " + proto::format_duration(setup.timeout);
}

}  // namespace genspool::daemon::hooks
