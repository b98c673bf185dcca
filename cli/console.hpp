#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace genspool::cli {

/// How a piece of text is painted where colours are wanted.
enum class Paint { plain, good, bad, waiting, busy, faint, bold };

/// In characters; 0: nobody can say.
struct TerminalSize {
    int columns = 0;
    int rows = 0;

    bool operator==(const TerminalSize&) const = default;
};

/// Where the program writes and reads. Results go to `out`, everything else to `err`.
struct Console {
    std::function<void(std::string_view)> out;
    std::function<void(std::string_view)> err;
    std::function<std::size_t(char* into, std::size_t size)> in;  ///< 0: the end
    bool in_terminal = false;
    bool out_terminal = false;
    bool err_terminal = false;
    bool redraws = false;  ///< what was written on a terminal can be written over
    bool colours = false;  ///< on `out`
    int columns = 0;       ///< width of `out`; 0: unbounded
    std::function<TerminalSize()> size = [] { return TerminalSize{}; };  ///< of the terminal, now

    void out_line(std::string_view line) const { out(std::string(line) + "\n"); }
    void err_line(std::string_view line) const { err(std::string(line) + "\n"); }
};

/// The process's own standard streams. A write that fails is thrown as CommandFailed.
Console standard_console();

/// The text in its colour, if `colours`.
std::string painted(std::string_view text, Paint paint, bool colours);

/// The colour of a job's state.
Paint paint_of_state(std::string_view state);

/// What the daemon or an upstream wrote, with control characters made harmless for a terminal.
std::string printable(std::string_view text);

}  // namespace genspool::cli
