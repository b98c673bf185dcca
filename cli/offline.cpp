#include "cli/offline.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace genspool::cli {
namespace {

constexpr const char* program = "genspoold";

/// A full path if it lies beside us, else the name, to be looked for on the PATH.
std::string daemon_program() {
    std::error_code ignored;  // then the PATH decides
    const auto own = std::filesystem::read_symlink("/proc/self/exe", ignored);
    const std::string beside = (own.parent_path() / program).string();
    return ::access(beside.c_str(), X_OK) == 0 ? beside : program;
}

/// The running program, and the end of the pipe from which its output is read.
class Child {
public:
    explicit Child(std::vector<std::string> command) {
        std::array<int, 2> pipe{};
        if (::pipe2(pipe.data(), O_CLOEXEC) != 0) fail(errno);
        output_ = pipe[0];
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
        std::vector<char*> arguments;
        for (std::string& word : command)
            arguments.push_back(word.data());
        arguments.push_back(nullptr);
        const int error =
            ::posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
        ::posix_spawn_file_actions_destroy(&actions);
        ::close(pipe[1]);
        if (error == 0) return;
        ::close(output_);
        fail(error);
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        if (pid_ > 0) wait();
    }

    /// Empty: the end.
    std::string_view read() {
        while (true) {
            const ssize_t got = ::read(output_, block_.data(), block_.size());
            if (got >= 0) return {block_.data(), static_cast<std::size_t>(got)};
            if (errno != EINTR) fail(errno);
        }
    }

    /// Its exit code, or minus the signal that ended it. What it still says is not heard.
    int wait() {
        ::close(output_);
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

private:
    [[noreturn]] static void fail(int error) {
        throw CommandFailed(error == ENOENT ? Exit::not_found : Exit::unreachable,
                            std::string(program) + ", which knows the queue, cannot be run: " +
                                std::generic_category().message(error));
    }

    pid_t pid_ = 0;
    int output_ = -1;
    std::array<char, 1U << 16U> block_{};
};

Exit exit_of(int code) {
    if (code >= static_cast<int>(Exit::done) && code <= static_cast<int>(Exit::not_allowed))
        return static_cast<Exit>(code);
    throw CommandFailed(Exit::unreachable,
                        code < 0
                            ? std::string(program) + " was ended by signal " + std::to_string(-code)
                            : std::string(program) + " ended with code " + std::to_string(code));
}

}  // namespace

Exit ask_offline(const std::vector<std::string>& arguments,
                 const std::function<void(const std::string& line)>& each) {
    std::vector<std::string> command{daemon_program()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    Child child(std::move(command));
    std::string line;
    for (std::string_view piece = child.read(); !piece.empty(); piece = child.read()) {
        for (std::size_t end = piece.find('\n'); end != std::string_view::npos;
             end = piece.find('\n')) {
            line += piece.substr(0, end);
            each(line);
            line.clear();
            piece.remove_prefix(end + 1);
        }
        line += piece;
    }
    return exit_of(child.wait());
}

}  // namespace genspool::cli
