#include "daemon/gateway/minimax/desk.hpp"

#include "daemon/gateway/minimax/envelope.hpp"

namespace genspool::daemon::gateway::minimax {

Reply refused(const Request& request, const Problem& problem) {
    return refusal(problem, request.arguments[0]);
}

Reply unknown(const Request& request, const std::string& what) {
    return refused(request, Problem("invalid", "invalid " + what));
}

}  // namespace genspool::daemon::gateway::minimax
