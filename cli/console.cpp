#include "cli/console.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "cli/failure.hpp"
#include "proto/utf8.hpp"

namespace genspool::cli {
namespace {

void write_to(std::FILE* stream, std::string_view text) {
    const bool written = std::fwrite(text.data(), 1, text.size(), stream) == text.size();
    // Flushed at once: who reads a pipe of events wants them now.
    if (!written || std::fflush(stream) != 0)
        throw CommandFailed(Exit::failed, "the output cannot be written");
}

bool is_terminal(int descriptor) {
    return ::isatty(descriptor) == 1;
}

/// Of the first of our outputs that is a terminal.
TerminalSize terminal_size() {
    for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
        winsize size{};
        if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0) return {size.ws_col, size.ws_row};
    }
    return {};
}

bool is_set(const char* name) {
    const char* const value = std::getenv(name);
    return value != nullptr && *value != '\0';
}

bool is_dumb() {
    const char* const kind = std::getenv("TERM");
    return kind != nullptr && std::string_view(kind) == "dumb";
}

}  // namespace

Console standard_console() {
    Console console;
    console.out = [](std::string_view text) { write_to(stdout, text); };
    console.err = [](std::string_view text) { write_to(stderr, text); };
    console.in = [](char* into, std::size_t size) { return std::fread(into, 1, size, stdin); };
    console.out_terminal = is_terminal(STDOUT_FILENO);
    console.err_terminal = is_terminal(STDERR_FILENO);
    console.in_terminal = is_terminal(STDIN_FILENO);
    console.redraws = (console.out_terminal || console.err_terminal) && !is_dumb();
    console.colours = console.out_terminal && !is_set("NO_COLOR") && !is_dumb();
    console.size = terminal_size;
    if (console.out_terminal) console.columns = terminal_size().columns;
    return console;
}

std::string painted(std::string_view text, Paint paint, bool colours) {
    static constexpr std::array<std::string_view, 7> codes = {"", "32", "31", "33", "36", "2", "1"};
    const std::string_view code = codes.at(static_cast<std::size_t>(paint));
    if (!colours || code.empty()) return std::string(text);
    std::string out = "\x1b[";
    out.append(code).append("m").append(text).append("\x1b[0m");
    return out;
}

Paint paint_of_state(std::string_view state) {
    static constexpr std::array<std::pair<std::string_view, Paint>, 9> paints = {{
        {"succeeded", Paint::good},
        {"failed", Paint::bad},
        {"canceled", Paint::faint},
        {"held", Paint::waiting},
        {"unknown", Paint::waiting},
        {"preparing", Paint::busy},
        {"submitting", Paint::busy},
        {"running", Paint::busy},
        {"fetching", Paint::busy},
    }};
    for (const auto& [name, paint] : paints) {
        if (name == state) return paint;
    }
    return Paint::plain;
}

std::string printable(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t control = proto::control_length(text.substr(at));
        out += control > 0 ? ' ' : text[at];
        at += control > 0 ? control : 1;
    }
    return out;
}

}  // namespace genspool::cli
