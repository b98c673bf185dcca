#include "daemon/remote_problem.hpp"

#include <string>

namespace genspool::daemon {
namespace {

const char* code_of(proto::FailureClass failure) {
    switch (failure) {
        case proto::FailureClass::rejected:
        case proto::FailureClass::expired:
            return "upstream_refused";
        case proto::FailureClass::account:
            return "upstream_account";
        case proto::FailureClass::rate_limited:
        case proto::FailureClass::no_capacity:
            return "upstream_busy";
        default:
            return "upstream_failed";
    }
}

const char* code_of(workers::HttpError error) {
    switch (error) {
        case workers::HttpError::timeout:
            return "upstream_timeout";
        case workers::HttpError::cancelled:
            return "stopping";
        case workers::HttpError::too_large:
        case workers::HttpError::protocol:
            return "upstream_failed";
        default:
            return "upstream_unreachable";
    }
}

}  // namespace

Problem upstream_refusal(const proto::Resource& resource, const proto::Refusal& refusal) {
    const proto::Failure& failure = refusal.failure;
    // Asked for one thing, an upstream means by this that there is none.
    const bool gone = refusal.on_query == proto::OnQuery::gone || failure.code == "http.404";
    const bool one = !resource.id.name.empty() && resource.method == "GET";
    Problem problem(gone && one ? "not_found" : code_of(failure.failure),
                    "The upstream says: " + failure.message + " (" + failure.code + ").");
    problem.upstream = failure.upstream;
    return problem;
}

Problem no_answer(const proto::Resource& resource, const workers::Account& account,
                  const workers::HttpReply& reply) {
    std::string detail = account.base_url + ": " + reply.error_text + ".";
    if (resource.method != "GET" && reply.progress != workers::HttpProgress::not_sent)
        detail += " It may have been done all the same.";
    return {code_of(reply.error), std::move(detail)};
}

}  // namespace genspool::daemon
