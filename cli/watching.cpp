#include "cli/watching.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <thread>

#include "cli/event_reading.hpp"
#include "cli/text_width.hpp"
#include "proto/time.hpp"

namespace genspool::cli {

using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

/// No two pictures are closer together, however much happens.
constexpr auto closest = 500ms;
constexpr auto shortest = 1s;

Clock::duration period_of(const Watch& watch) {
    const bool bare = watch.every.find_first_not_of("0123456789") == std::string::npos;
    const auto span = proto::parse_duration(bare ? watch.every + "s" : watch.every);
    if (!span)
        throw CommandFailed(Exit::usage,
                            "--watch wants a span like 5s or 1m, not \"" + watch.every + "\"");
    return std::max<Clock::duration>(*span, shortest);
}

/// Returns when something has happened to some job, or the time has come.
void await_change(Context& context, Clock::time_point until) {
    EventReading reading;
    HttpCall call;
    call.target = "/v1/events";
    call.headers.emplace_back("Accept", "text/event-stream");
    call.silence = std::max<std::chrono::seconds>(
        std::chrono::ceil<std::chrono::seconds>(until - Clock::now()), shortest);
    bool happened = false;
    call.sink = [&](std::string_view bytes) {
        reading.feed(bytes);
        happened = reading.next().has_value();
        return !happened && Clock::now() < until;
    };
    context.daemon().try_once(call);
    // A daemon that has gone is waited for by who asks it for the next picture.
    if (!happened) std::this_thread::sleep_until(until);
}

/// Draws what fits over what was there.
std::string picture(std::string_view text, TerminalSize size) {
    std::string out = "\x1b[H";
    int row = 1;
    while (!text.empty() && (size.rows == 0 || row < size.rows)) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const auto most = static_cast<std::size_t>(size.columns);
        const std::string_view line = text.substr(0, end);
        out += (most > 0 ? cut_to(line, most) : std::string(line)) + "\x1b[K\n";
        text.remove_prefix(std::min(end + 1, text.size()));
        ++row;
    }
    return out + (text.empty() ? "" : "…\x1b[K") + "\x1b[J";
}

/// What `show` prints. Hints belong to the picture; what the program itself has to say, as that it
/// waits for the daemon, is seen at once.
std::string printed(Context& context, const std::function<Exit()>& show) {
    Console& console = context.console;
    const Console real = console;
    std::string text;
    console.out = [&text](std::string_view bytes) { text += bytes; };
    console.err = [&text, &real](std::string_view bytes) {
        if (bytes.starts_with("genspool: ")) {
            real.err(bytes);
        } else {
            text += bytes;
        }
    };
    console.columns = console.size().columns;
    try {
        show();
    } catch (...) {
        console = real;
        throw;
    }
    console = real;
    return text;
}

}  // namespace

void add_watch(CLI::App& verb, Watch& watch) {
    verb.add_flag("--watch{2s}", watch.every,
                  "Show it again when something happens, and at the latest after this long\n"
                  "(as in --watch=10s; 2s by default)");
}

Exit watched(Context& context, const Watch& watch, const std::function<Exit()>& show) {
    if (watch.every.empty()) return show();
    const Clock::duration period = period_of(watch);
    const Console& console = context.console;
    const bool in_place = console.out_terminal && console.redraws && !context.json;
    for (bool first = true;; first = false) {
        const auto began = Clock::now();
        if (in_place) {
            const std::string text = printed(context, show);
            if (first) console.out("\x1b[2J");
            console.out(picture(text, console.size()));
        } else {
            if (!first && !context.json) console.out("\n");
            show();
        }
        await_change(context, began + period);
        std::this_thread::sleep_until(began + closest);
    }
}

}  // namespace genspool::cli
