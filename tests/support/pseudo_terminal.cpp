#include "tests/support/pseudo_terminal.hpp"

#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace genspool::tests {
namespace {

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> list;
    for (std::string& text : texts)
        list.push_back(text.data());
    list.push_back(nullptr);
    return list;
}

}  // namespace

PseudoTerminal::PseudoTerminal(std::vector<std::string> command,
                               std::vector<std::string> environment, unsigned short columns,
                               unsigned short rows) {
    for (char** each = environ; *each != nullptr; ++each)
        environment.emplace_back(*each);  // of two of one name the first counts
    const auto argv = pointers(command);
    const auto envp = pointers(environment);
    winsize size{};
    size.ws_col = columns;
    size.ws_row = rows;
    pid_ = ::forkpty(&master_, nullptr, nullptr, &size);
    if (pid_ < 0) fail("forkpty");
    if (pid_ > 0) return;
    // Only what is allowed between fork and exec.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::execve(argv[0], argv.data(), envp.data());
    ::_exit(127);
}

PseudoTerminal::~PseudoTerminal() {
    if (!ended_) {
        signal(SIGKILL);
        wait();
    }
    ::close(master_);
}

bool PseudoTerminal::read_some() {
    constexpr int patience_ms = 120'000;
    pollfd watched{master_, POLLIN, 0};
    if (::poll(&watched, 1, patience_ms) <= 0)
        throw std::runtime_error("nothing more is shown than: " + shown_);
    std::array<char, 4096> bytes{};
    const ssize_t got = ::read(master_, bytes.data(), bytes.size());
    if (got < 0 && errno != EIO) fail("read");  // EIO: nobody has the other end any more
    if (got <= 0) return false;
    shown_.append(bytes.data(), static_cast<std::size_t>(got));
    return true;
}

std::string PseudoTerminal::read_until(const std::string& text) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(2);
    while (shown_.find(text) == std::string::npos) {
        if (!read_some() || std::chrono::steady_clock::now() > until)
            throw std::runtime_error("\"" + text + "\" is not in: " + shown_);
    }
    return std::exchange(shown_, {});
}

std::string PseudoTerminal::read_rest() {
    while (read_some()) {
    }
    return std::exchange(shown_, {});
}

void PseudoTerminal::type(const std::string& keys) const {
    if (::write(master_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size()))
        fail("write");
}

void PseudoTerminal::resize(unsigned short columns, unsigned short rows) const {
    winsize size{};
    size.ws_col = columns;
    size.ws_row = rows;
    if (::ioctl(master_, TIOCSWINSZ, &size) != 0) fail("TIOCSWINSZ");
}

void PseudoTerminal::signal(int number) const {
    ::kill(pid_, number);
}

void PseudoTerminal::await_stop() const {
    siginfo_t told{};
    if (::waitid(P_PID, static_cast<id_t>(pid_), &told, WSTOPPED | WEXITED | WNOWAIT) != 0)
        fail("waitid");
    if (told.si_code != CLD_STOPPED) throw std::runtime_error("it has not stopped, but ended");
}

bool PseudoTerminal::is_plain() const {
    termios state{};
    if (::tcgetattr(master_, &state) != 0) fail("tcgetattr");
    constexpr tcflag_t plain = ICANON | ECHO | ISIG;
    return (state.c_lflag & plain) == plain;
}

int PseudoTerminal::wait() {
    if (ended_) return *ended_;
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    ended_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    return *ended_;
}

}  // namespace genspool::tests
