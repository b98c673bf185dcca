#include "tests/support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <system_error>

namespace genspool::tests {
namespace {

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

std::vector<std::string> environment_with(const std::vector<std::string>& own) {
    std::vector<std::string> all = own;
    for (char** each = environ; *each != nullptr; ++each) {
        const std::string variable = *each;
        const std::string name = variable.substr(0, variable.find('=') + 1);
        const bool replaced = std::ranges::any_of(
            own, [&name](const std::string& wanted) { return wanted.starts_with(name); });
        if (!replaced) all.push_back(variable);
    }
    return all;
}

int open_to_append(const std::string& path) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file < 0) fail(path);
    return file;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> list;
    for (std::string& text : texts)
        list.push_back(text.data());
    list.push_back(nullptr);
    return list;
}

}  // namespace

Process::Process(const ProcessOptions& options) {
    auto command = options.command;
    auto environment = environment_with(options.environment);
    const auto argv = pointers(command);
    const auto envp = pointers(environment);
    const std::string output = options.output.empty() ? "/dev/null" : options.output;
    const int out = open_to_append(output);
    const int err = open_to_append(options.errors.empty() ? output : options.errors);
    pid_ = ::fork();
    if (pid_ == 0) {
        // Only what is allowed between fork and exec.
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::dup2(out, STDOUT_FILENO);
        ::dup2(err, STDERR_FILENO);
        if (!options.directory.empty() && ::chdir(options.directory.c_str()) != 0) ::_exit(126);
        ::execve(argv[0], argv.data(), envp.data());
        ::_exit(127);
    }
    ::close(out);
    ::close(err);
    if (pid_ < 0) fail("fork");
    pidfd_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
    if (pidfd_ < 0) fail("pidfd_open");
}

Process::~Process() {
    if (!ended_) {
        signal(SIGKILL);
        wait();
    }
    ::close(pidfd_);
}

void Process::signal(int number) const {
    if (!ended_) ::kill(pid_, number);
}

bool Process::allow_core() const {
    const rlimit unlimited{RLIM_INFINITY, RLIM_INFINITY};
    return ::prlimit(pid_, RLIMIT_CORE, &unlimited, nullptr) == 0;
}

uid_t Process::memory_owner() const {
    struct stat status{};
    const std::string memory = "/proc/" + std::to_string(pid_) + "/mem";
    if (::stat(memory.c_str(), &status) != 0) fail(memory);
    return status.st_uid;
}

std::optional<int> Process::wait_for(std::chrono::milliseconds patience) {
    if (ended_) return ended_;
    const auto until = std::chrono::steady_clock::now() + patience;
    pollfd one{pidfd_, POLLIN, 0};
    int ready = -1;
    do {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        ready = ::poll(&one, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    } while (ready < 0 && errno == EINTR);
    if (ready == 0) return std::nullopt;
    int status = 0;
    if (::waitpid(pid_, &status, 0) != pid_) fail("waitpid");
    dumped_core_ = WIFSIGNALED(status) && WCOREDUMP(status);
    ended_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    return ended_;
}

int Process::wait() {
    while (true) {
        if (const auto code = wait_for(std::chrono::hours(1))) return *code;
    }
}

std::uint64_t Process::resident_bytes() const {
    return status_bytes("VmRSS:");
}

std::uint64_t Process::resident_bytes_peak() const {
    return status_bytes("VmHWM:");
}

std::uint64_t Process::status_bytes(const std::string& field) const {
    std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
    std::string word;
    while (status >> word) {
        if (word != field) continue;
        std::uint64_t kilobytes = 0;
        status >> kilobytes;
        return kilobytes * 1024;
    }
    return 0;
}

}  // namespace genspool::tests
