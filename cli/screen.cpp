#include "cli/screen.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "cli/failure.hpp"

namespace genspool::cli {
namespace {

/// Another page, no cursor, and what is too long for a line does not go on in the next.
constexpr std::string_view enter = "\x1b[?1049h\x1b[?25l\x1b[?7l";
constexpr std::string_view leave = "\x1b[?7h\x1b[?25h\x1b[?1049l";

[[noreturn]] void cannot(const std::string& what) {
    throw CommandFailed(Exit::failed, what + ": " + std::strerror(errno));
}

using Key = Screen::Key;

constexpr std::array<std::pair<std::string_view, Key>, 12> sequences = {{
    {"\x1b[A", Key::up},
    {"\x1b[B", Key::down},
    {"\x1bOA", Key::up},
    {"\x1bOB", Key::down},
    {"\x1b[5~", Key::page_up},
    {"\x1b[6~", Key::page_down},
    {"\x1b[H", Key::first},
    {"\x1b[F", Key::last},
    {"\x1b[1~", Key::first},
    {"\x1b[4~", Key::last},
    {"\x03", Key::quit},
    {"\x04", Key::quit},
}};

Key key_of(char letter) {
    switch (letter) {
        case 'q':
        case 'Q':
            return Key::quit;
        case 'k':
            return Key::up;
        case 'j':
            return Key::down;
        case ' ':
            return Key::page_down;
        case 'g':
            return Key::first;
        case 'G':
            return Key::last;
        default:
            return Key::other;
    }
}

}  // namespace

Screen::Wake take_key(std::string& bytes) {
    Screen::Wake wake;
    if (bytes.empty()) return wake;
    for (const auto& [sequence, key] : sequences) {
        if (!bytes.starts_with(sequence)) continue;
        bytes.erase(0, sequence.size());
        wake.key = key;
        return wake;
    }
    wake.letter = bytes.front();
    wake.key = key_of(wake.letter);
    // Of a sequence that nobody knows no part is taken for a letter.
    bytes.erase(0, wake.letter == '\x1b' ? bytes.size() : 1);
    return wake;
}

Screen::Screen(const Console& console) : console_(console) {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) cannot("this is no terminal");
    raw_ = before_;
    raw_.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
    raw_.c_iflag &= ~static_cast<tcflag_t>(IXON | ICRNL);
    raw_.c_cc[VMIN] = 1;
    raw_.c_cc[VTIME] = 0;
    sigset_t handled;
    sigemptyset(&handled);
    for (const int signal : {SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGTSTP, SIGWINCH})
        sigaddset(&handled, signal);
    signals_ = ::signalfd(-1, &handled, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals_ < 0) cannot("signals cannot be heard");
    ::pthread_sigmask(SIG_BLOCK, &handled, &mask_before_);
    try {
        take();
    } catch (const CommandFailed&) {
        give_back();
        let_go();
        throw;
    }
}

Screen::~Screen() {
    give_back();
    let_go();
}

void Screen::take() {
    if (::tcsetattr(STDIN_FILENO, TCSANOW, &raw_) != 0) cannot("the terminal cannot be taken");
    console_.out(enter);
}

void Screen::give_back() const {
    ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
    // Past the console, which throws where a terminal has gone; nobody is there to be told then.
    [[maybe_unused]] const ssize_t written = ::write(STDOUT_FILENO, leave.data(), leave.size());
}

void Screen::let_go() const {
    ::close(signals_);
    ::pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
}

Screen::Wake Screen::read_signal() {
    Wake wake;
    signalfd_siginfo told{};
    while (::read(signals_, &told, sizeof told) == static_cast<ssize_t>(sizeof told)) {
        if (told.ssi_signo == SIGWINCH) {
            wake.resized = true;
        } else if (told.ssi_signo == SIGTSTP) {
            give_back();
            ::raise(SIGSTOP);
            take();
            wake.resized = true;
        } else {
            ended_ = true;
        }
    }
    return wake;
}

void Screen::read_keys() {
    std::array<char, 64> bytes{};
    const ssize_t got = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    if (got > 0) pressed_.append(bytes.data(), static_cast<std::size_t>(got));
    if (got == 0 || (got < 0 && errno != EINTR)) ended_ = true;
}

Screen::Wake Screen::wait(std::chrono::milliseconds most) {
    Wake wake;
    if (pressed_.empty() && !ended_) {
        std::array<pollfd, 2> watched{{{signals_, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}}};
        ::poll(watched.data(), watched.size(), static_cast<int>(most.count()));
        if (watched[0].revents != 0) wake = read_signal();
        if (watched[1].revents != 0) read_keys();
    }
    if (ended_) return {Key::quit, 0, false};
    if (wake.resized) return wake;
    return take_key(pressed_);
}

bool Screen::wants_out(bool letters) {
    std::array<pollfd, 2> watched{{{signals_, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}}};
    ::poll(watched.data(), watched.size(), 0);
    if (watched[0].revents != 0) read_signal();
    if (watched[1].revents != 0) read_keys();
    const std::string_view out = letters ? "\x03\x04qQ" : "\x03\x04";
    return ended_ || pressed_.find_first_of(out) != std::string::npos;
}

void Screen::draw(const std::vector<std::string>& lines) const {
    // In one write, and each line cleared behind its text: nothing flickers.
    std::string out = "\x1b[H";
    for (std::size_t i = 0; i < lines.size(); ++i)
        out += (i > 0 ? "\r\n" : "") + lines[i] + "\x1b[K";
    console_.out(out + "\x1b[J");
}

}  // namespace genspool::cli
