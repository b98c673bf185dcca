#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <utility>

#include "cli/commands/commands.hpp"
#include "cli/failure.hpp"
#include "cli/json_reading.hpp"
#include "cli/problem.hpp"
#include "cli/program.hpp"
#include "cli/screen.hpp"
#include "cli/top_reading.hpp"

namespace genspool::cli {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Key = Screen::Key;

constexpr auto period = 1s;
/// A daemon that hangs must not keep keys from being heard for long.
constexpr auto silence = 2s;

/// One try of a call. A daemon that has gone is shown to be gone, and not waited for.
std::string ask(Context& context, const std::string& method, const std::string& target) {
    HttpCall call;
    call.method = method;
    call.target = target;
    call.silence = silence;
    const HttpOutcome outcome = context.daemon().try_once(call);
    if (outcome.trouble != HttpTrouble::none)
        throw CommandFailed(Exit::unreachable, "the daemon is away: " + outcome.why);
    if (outcome.reply.status >= 400) throw to_failure(outcome.reply.status, outcome.reply.body);
    return outcome.reply.body;
}

TopData read(Context& context) {
    return read_top([&](const std::string& target) { return ask(context, "GET", target); });
}

/// The picture and what the person does with it, from the first look to `q`.
class Top {
public:
    Top(Context& context, TopData data)
        : context_(context), data_(std::move(data)), screen_(context.console) {}

    void run() {
        try {
            look();
        } catch (const Left&) {
            return;
        }
    }

private:
    /// The person has gone in the middle of a refresh.
    struct Left {};

    void look() {
        auto next = Clock::now() + period;
        while (true) {
            draw();
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now());
            const Screen::Wake wake = screen_.wait(std::max<std::chrono::milliseconds>(left, 0ms));
            if (wake.key == Key::quit) return;
            if (wake.key != Key::none) press(wake);
            if (Clock::now() < next) continue;
            refresh();
            next = Clock::now() + period;
        }
    }

    void draw() const {
        const Console& console = context_.console;
        screen_.draw(top_picture(data_, view_, console.size(), console.colours));
    }

    /// What was known stays on the screen, and why it is not newer. Between two of the calls, which
    /// a daemon that hangs makes long, somebody may want to leave.
    void refresh() {
        try {
            data_ = read_top([&](const std::string& target) {
                if (screen_.wants_out(view_.question.empty())) throw Left{};
                return ask(context_, "GET", target);
            });
        } catch (const CommandFailed& failure) {
            data_.trouble = failure.what();
        }
    }

    void press(const Screen::Wake& wake) {
        if (!view_.question.empty()) return answer(wake.letter);
        const std::size_t page = top_page(data_, context_.console.size());
        const std::size_t jobs = data_.jobs.size();
        const std::size_t last = jobs - std::min(jobs, page);
        view_.first = std::min(view_.first, last);  // jobs may have ended since
        switch (wake.key) {
            case Key::up:
                view_.first -= std::min<std::size_t>(view_.first, 1);
                break;
            case Key::down:
                ++view_.first;
                break;
            case Key::page_up:
                view_.first -= std::min(view_.first, page);
                break;
            case Key::page_down:
                view_.first += page;
                break;
            case Key::first:
                view_.first = 0;
                break;
            case Key::last:
                view_.first = last;
                break;
            default:
                return command(wake.letter);
        }
        view_.first = std::min(view_.first, last);
    }

    void command(char letter) {
        if (letter == 's') {
            const auto next = (static_cast<int>(view_.order) + 1) % 3;
            view_.order = static_cast<TopOrder>(next);
        } else if (letter == 'p') {
            // What is done is what was asked, whatever becomes of the queue before the answer.
            const bool resumes = flag_at(data_.stats, "paused");
            asked_ = resumes ? "/v1/queue/resume" : "/v1/queue/pause";
            view_.question =
                resumes ? resume_question(data_.stats) : "buy nothing new until you resume?";
        }
    }

    void answer(char letter) {
        view_.question.clear();
        if (letter != 'y' && letter != 'Y') return;
        try {
            ask(context_, "POST", asked_);
        } catch (const CommandFailed& failure) {
            data_.trouble = failure.what();
            return;
        }
        refresh();
    }

    Context& context_;
    TopData data_;
    TopView view_;
    std::string asked_;  ///< what a yes to the question calls
    Screen screen_;
};

Exit top(Context& context) {
    const Console& console = context.console;
    TopData data = read(context);
    if (context.json) {
        console.out_line(top_json(data));
    } else if (console.in_terminal && console.out_terminal && console.redraws) {
        Top(context, std::move(data)).run();
    } else {
        for (const std::string& line : top_picture(data, {}, {}, console.colours))
            console.out_line(line);
    }
    return Exit::done;
}

}  // namespace

void add_top(Program& program) {
    program.verb("top",
                 "Show live what is at work: states, accounts, jobs and how far they are, money",
                 "  genspool top\n"
                 "  genspool top --json | jq .jobs[].id    # once\n\n"
                 "Keys: q or Ctrl-C quits, arrows and pages scroll, s sorts by end, age or state,\n"
                 "p pauses and resumes buying (it asks first). Where there is no terminal the "
                 "picture is\n"
                 "printed once.",
                 top);
}

}  // namespace genspool::cli
