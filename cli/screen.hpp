#pragma once

#include <termios.h>

#include <chrono>
#include <csignal>
#include <string>
#include <vector>

#include "cli/console.hpp"

namespace genspool::cli {

/// The whole terminal, taken while this lives: another page of it, no cursor, keys as they are
/// pressed. However the program leaves it, but by SIGKILL, the terminal is as it was. One at a
/// time; the main thread only.
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

    /// Waits for a key, a new size, or the time. Ctrl-C, SIGTERM, SIGINT, SIGHUP and the end of the
    /// input are `quit`.
    Wake wait(std::chrono::milliseconds most);

    void draw(const std::vector<std::string>& lines) const;

private:
    Wake read_signal();
    Wake read_key();

    const Console& console_;
    termios before_{};
    sigset_t mask_before_{};
    int signals_ = -1;
    std::string pressed_;  ///< bytes of keys that have not been looked at
};

/// The first key in these bytes, which are taken away; none where they are empty.
Screen::Wake take_key(std::string& bytes);

}  // namespace genspool::cli
