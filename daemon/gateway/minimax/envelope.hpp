#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "daemon/gateway/answer.hpp"
#include "daemon/problem.hpp"
#include "daemon/reply.hpp"
#include "proto/job.hpp"

/// How the upstream says that something went well or wrong.
namespace genspool::daemon::gateway::minimax {

inline constexpr std::string_view prefix = "/minimax";
inline constexpr std::string_view provider = "minimax";

/// {"status_code": 0, "status_msg": "success"}.
boost::json::object base_resp(int code = 0, std::string_view message = "success");

/// The upstream's code for a failure of a job.
int code_of(const proto::Failure& failure);

/// A problem of ours in the upstream's words, as it answers it at this path (below /minimax).
Reply refusal(const Problem& problem, std::string_view path);

/// Why a job brought nothing, as a synchronous call is told: it failed, was canceled, or is held,
/// which is no end.
Answer no_answer(const proto::JobRecord& job, std::string_view path);

/// The same words: what failed, or by whom it is held.
struct Trouble {
    int code = 0;
    std::string message;
};
Trouble trouble_of(const proto::JobRecord& job);

}  // namespace genspool::daemon::gateway::minimax
