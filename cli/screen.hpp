#pragma once

#include <termios.h>

#include <chrono>
#include <csignal>
#include <string>
#include <vector>

#include "cli/console.hpp"

namespace genspool::cli {

/// The whole terminal, taken while this lives: another page of it, no cursor, keys as they are
/// pressed. The terminal is as it was when this goes, and while the program is suspended by
/// SIGTSTP; a program that is killed or stopped from outside (SIGKILL, SIGSTOP), or aborts, leaves
/// it as it is. One at a time; the main thread only.
class Screen {
public:
    /// Standard input and output must be a terminal.
    explicit Screen(const Console& console);
    ~Screen();
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;

    enum class Key { none, quit, up, down, page_up, page_down, first, last, other };

    /// What ended a wait. `letter` is set for `other`.
    struct Wake {
        Key key = Key::none;
        char letter = 0;
        bool resized = false;
    };

    /// Waits for a key, a new size, or the time. Ctrl-C, SIGTERM, SIGINT, SIGQUIT, SIGHUP and the
    /// end of the input are `quit`.
    Wake wait(std::chrono::milliseconds most);

    /// Whether the next wait() is sure to come to `quit`; `letters`: a q does. Takes no key away.
    bool wants_out(bool letters);

    void draw(const std::vector<std::string>& lines) const;

private:
    void take();
    void give_back() const;
    void let_go() const;
    Wake read_signal();
    void read_keys();

    const Console& console_;
    termios before_{};
    termios raw_{};
    sigset_t mask_before_{};
    int signals_ = -1;
    std::string pressed_;  ///< bytes of keys that have not been looked at
    bool ended_ = false;   ///< by a signal, or the end of the input
};

/// The first key in these bytes, which are taken away; none where they are empty.
Screen::Wake take_key(std::string& bytes);

}  // namespace genspool::cli
