#include "cli/waiting.hpp"

#include <algorithm>
#include <thread>

#include "cli/batch_text.hpp"
#include "cli/job_text.hpp"
#include "cli/json_reading.hpp"
#include "cli/urls.hpp"
#include "proto/time.hpp"

namespace genspool::cli {

using namespace std::chrono_literals;

namespace {

constexpr auto batch_pause_first = 250ms;
constexpr auto batch_pause_longest = 2000ms;

std::chrono::steady_clock::duration span(const std::string& text) {
    const bool bare = text.find_first_not_of("0123456789") == std::string::npos;
    const auto span = proto::parse_duration(bare ? text + "s" : text);
    if (!span)
        throw CommandFailed(Exit::usage,
                            "--timeout wants a span like 90s or 10m, not \"" + text + "\"");
    return *span;
}

int weight(Exit exit) {
    switch (exit) {
        case Exit::done:
            return 0;
        case Exit::held:
            return 1;
        case Exit::failed:
            return 2;
        case Exit::timed_out:
            return 3;
        default:
            return 4;
    }
}

}  // namespace

Patience::Patience(const std::string& text) {
    if (!text.empty()) until_ = std::chrono::steady_clock::now() + span(text);
}

bool Patience::over() const {
    return until_ && std::chrono::steady_clock::now() >= *until_;
}

std::chrono::seconds Patience::left(std::chrono::seconds most) const {
    if (!until_) return most;
    const auto left =
        std::chrono::ceil<std::chrono::seconds>(*until_ - std::chrono::steady_clock::now());
    return std::clamp(left, 1s, most);
}

Waited wait_for_job(Context& context, const std::string& id, const Patience& patience,
                    Progress& progress) {
    Waited waited;
    waited.body = context.daemon().get(job_path(id));
    while (true) {
        waited.shown = parse_reply(waited.body);
        progress.job(waited.shown);
        if (is_settled(waited.shown)) {
            waited.exit = exit_of(waited.shown);
            return waited;
        }
        if (patience.over()) {
            waited.exit = Exit::timed_out;
            return waited;
        }
        // From now on by its whole id: a short one may become ambiguous while we wait.
        const std::string whole = text_at(waited.shown, "id");
        waited.body =
            context.daemon().get_waiting(job_path(whole), patience.left(progress.poll_max()));
    }
}

Waited wait_for_batch(Context& context, const std::string& id, const Patience& patience,
                      Progress& progress) {
    Waited waited;
    std::chrono::milliseconds pause = batch_pause_first;
    while (true) {
        waited.body = context.daemon().get(batch_path(id));
        waited.shown = parse_reply(waited.body);
        progress.batch(waited.shown);
        if (is_batch_settled(waited.shown)) {
            waited.exit = exit_of_batch(waited.shown);
            return waited;
        }
        if (patience.over()) {
            waited.exit = Exit::timed_out;
            return waited;
        }
        std::this_thread::sleep_for(pause);
        pause = std::min<std::chrono::milliseconds>(pause * 2, batch_pause_longest);
    }
}

Exit worse(Exit one, Exit other) {
    return weight(other) > weight(one) ? other : one;
}

}  // namespace genspool::cli
