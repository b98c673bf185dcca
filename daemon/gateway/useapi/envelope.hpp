#pragma once

#include <string>
#include <string_view>

#include "daemon/gateway/answer.hpp"
#include "daemon/gateway/goods.hpp"
#include "daemon/problem.hpp"
#include "daemon/reply.hpp"

/// How the upstream says that something went wrong: {"error": "…", "code": 400}, with that status.
namespace genspool::daemon::gateway::useapi {

inline constexpr std::string_view prefix = "/useapi";
inline constexpr std::string_view base = "/v1/minimax";
inline constexpr std::string_view provider = "useapi";

/// A problem of ours in the upstream's words and codes, the same at every path.
Reply refusal(const Problem& problem, std::string_view path);

/// Why the n-th thing that a job was to make is not there: it failed, was canceled, or is held,
/// which is no end.
struct Trouble {
    int code = 0;
    std::string message;
    bool moderated = false;
};
Trouble trouble_of(const queue::JobView& job, std::size_t n);

/// The same as who waits for the job's end is told.
Answer no_answer(const queue::JobView& job);

}  // namespace genspool::daemon::gateway::useapi
