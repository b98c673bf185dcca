#include "cli/daemon.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "cli/failure.hpp"
#include "cli/last_words.hpp"
#include "cli/problem.hpp"
#include "proto/open_answer.hpp"

namespace genspool::cli {

using namespace std::chrono_literals;

namespace {

constexpr auto first_pause = 50ms;
constexpr auto longest_pause = 1000ms;
constexpr auto answer_slack = 30s;

HttpCall post(const std::string& target, const std::string& body) {
    HttpCall call;
    call.method = "POST";
    call.target = target;
    call.body = body;
    if (!body.empty()) call.content_type = "application/json";
    return call;
}

/// A daemon that stops, or has its hands full, has not done what it was asked.
bool comes_back(const HttpReply& reply) {
    if (reply.status != 503) return false;
    const std::string code = problem_code(reply.body);
    return code == "stopping" || code == "busy";
}

}  // namespace

Daemon::Daemon(DaemonAddress address, std::chrono::seconds away_max,
               std::function<void(const std::string&)> note)
    : client_(std::move(address)), away_max_(away_max), note_(std::move(note)) {}

std::string Daemon::get(const std::string& target) {
    HttpCall call;
    call.target = target;
    return exchange(call, true).body;
}

std::optional<std::string> Daemon::find(const std::string& target) {
    HttpCall call;
    call.target = target;
    bool lost = false;
    HttpReply reply = answer(call, true, lost);
    if (reply.status == 404) return std::nullopt;
    if (reply.status >= 400) throw to_failure(reply.status, reply.body);
    return std::move(reply.body);
}

std::string Daemon::get_waiting(const std::string& target, std::chrono::seconds wait) {
    HttpCall call;
    call.target = target;
    call.headers.emplace_back("Prefer", "wait=" + std::to_string(wait.count()));
    call.silence = wait + answer_slack;
    return exchange(call, true).body;
}

std::string Daemon::post_again(const std::string& target, const std::string& body) {
    return exchange(post(target, body), true).body;
}

std::string Daemon::post_once(const std::string& target, const std::string& body) {
    return exchange(post(target, body), false).body;
}

HttpReply Daemon::exchange(const HttpCall& call, bool repeatable) {
    std::optional<LastWords> if_stopped;
    if (!call.in_doubt.empty()) if_stopped.emplace("\ngenspool: " + call.in_doubt + "\n");
    bool lost = false;
    try {
        HttpReply reply = answer(call, repeatable, lost);
        // A refusal says that it was not done, unless it is for want of room, and there was a try
        // before.
        lost = reply.status >= 500 &&
               (lost || proto::leaves_open(reply.status, problem_code(reply.body)));
        if (reply.status >= 400) throw to_failure(reply.status, reply.body);
        return reply;
    } catch (const CommandFailed& failed) {
        if (!lost || call.in_doubt.empty()) throw;
        throw CommandFailed(failed.exit(), std::string(failed.what()) + "\n  " + call.in_doubt);
    }
}

HttpReply Daemon::answer(const HttpCall& call, bool repeatable, bool& lost) {
    for (bool again = false;; again = true) {
        if (again && call.rewind) call.rewind();
        HttpOutcome outcome = try_once(call);
        lost = lost || outcome.trouble == HttpTrouble::lost;
        if (lost && !repeatable) {
            throw CommandFailed(Exit::unreachable,
                                "the daemon's answer got lost (" + outcome.why +
                                    "); it may have done it: look before you repeat it");
        }
        if (outcome.trouble != HttpTrouble::none) {
            await_return(outcome);
            continue;
        }
        if (comes_back(outcome.reply) && repeatable && away_max_ > 0s) {
            await_return(outcome);
            continue;
        }
        is_back();
        return std::move(outcome.reply);
    }
}

HttpOutcome Daemon::try_once(const HttpCall& call) {
    HttpOutcome outcome = client_.call(call);
    if (outcome.trouble != HttpTrouble::not_connected) {
        reached_ = true;
    } else if (!reached_) {
        throw unreachable(outcome.why);
    }
    return outcome;
}

CommandFailed Daemon::unreachable(const std::string& why) const {
    return {Exit::unreachable, unreachable_line(client_.address(), why)};
}

void Daemon::await_return(const HttpOutcome& outcome) {
    const HttpReply& reply = outcome.reply;
    const bool answered = outcome.trouble == HttpTrouble::none && reply.status == 503;
    const auto now = std::chrono::steady_clock::now();
    if (!std::exchange(away_, true)) {
        away_until_ = now + away_max_;
        pause_ = first_pause;
    } else if (pause_ == first_pause * 4) {
        note_("the daemon is " + (answered ? problem_code(reply.body) : "away") +
              "; waiting for it up to " + std::to_string(away_max_.count()) + " s");
    }
    if (now >= away_until_ && answered) throw to_failure(reply.status, reply.body);
    if (now >= away_until_) throw unreachable(outcome.why.empty() ? "it is stopping" : outcome.why);
    std::this_thread::sleep_for(pause_);
    pause_ = std::min<std::chrono::milliseconds>(pause_ * 2, longest_pause);
}

}  // namespace genspool::cli
