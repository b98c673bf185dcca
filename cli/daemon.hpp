#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "cli/failure.hpp"
#include "cli/http_client.hpp"

namespace genspool::cli {

/// The daemon, as the commands talk to it. What it refuses, and that it cannot be reached, is
/// thrown as CommandFailed. Once it has answered, a restart of it is waited for.
class Daemon {
public:
    /// `note` tells people that the daemon is being waited for, at most for `away_max`.
    Daemon(DaemonAddress address, std::chrono::seconds away_max,
           std::function<void(const std::string&)> note);

    /// It is waited for from the first call on, as if it had answered before.
    void expect() { reached_ = true; }

    /// The body of a GET.
    std::string get(const std::string& target);

    /// The same; nullopt where there is no such thing.
    std::optional<std::string> find(const std::string& target);

    /// GET with `Prefer: wait=SECONDS`.
    std::string get_waiting(const std::string& target, std::chrono::seconds wait);

    /// A POST with a JSON body (empty: none) that does no harm when it is done twice.
    std::string post_again(const std::string& target, const std::string& body);
    /// A POST that is sent once: an answer that gets lost is an error.
    std::string post_once(const std::string& target, const std::string& body);

    /// Any call. `repeatable`: may be sent anew when its answer was lost. Where it stays open
    /// whether it was done, also because a signal ends the program, HttpCall::in_doubt is told.
    HttpReply exchange(const HttpCall& call, bool repeatable);

    /// One try of a call whose reply is a stream, for callers that go on by themselves.
    HttpOutcome try_once(const HttpCall& call);
    /// Waits a little for the daemon to come back, or to have room again; throws CommandFailed when
    /// that takes too long. `outcome` is what went wrong just now.
    void await_return(const HttpOutcome& outcome);
    /// It is there again.
    void is_back() { away_ = false; }

private:
    /// `lost` becomes true when it may have been done and no answer says so.
    HttpReply answer(const HttpCall& call, bool repeatable, bool& lost);
    CommandFailed unreachable(const std::string& why) const;

    HttpClient client_;
    std::chrono::seconds away_max_;
    std::function<void(const std::string&)> note_;
    bool reached_ = false;  ///< it has answered, or taken a connection, before
    bool away_ = false;
    std::chrono::steady_clock::time_point away_until_;
    std::chrono::milliseconds pause_{};
};

}  // namespace genspool::cli
