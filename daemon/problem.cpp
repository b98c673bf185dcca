#include "daemon/problem.hpp"

#include <array>

#include "daemon/problem_kinds.hpp"
#include "proto/json_writer.hpp"

namespace genspool::daemon {
namespace {

constexpr std::array kinds = {
    ProblemKind{"malformed", 400, false, "The request is malformed"},
    ProblemKind{"tls_needed", 400, false, "TLS is needed"},
    ProblemKind{"bad_json", 400, false, "The body is no JSON"},
    ProblemKind{"invalid", 422, false, "A value is invalid"},
    ProblemKind{"missing", 422, false, "A field is missing"},
    ProblemKind{"account_needed", 422, false, "The account must be named"},
    ProblemKind{"too_long", 422, false, "A value is too long"},
    ProblemKind{"unknown_field", 422, false, "There is no such field"},
    ProblemKind{"owned_by_genspool", 422, false, "That field is not the user's"},
    ProblemKind{"ambiguous_provider", 422, false, "The provider must be named"},
    ProblemKind{"unknown_account", 422, false, "There is no such account"},
    ProblemKind{"duplicate", 422, false, "There is one like it already"},
    ProblemKind{"exceeds_max_cost", 422, false, "It costs more than it may"},
    ProblemKind{"ambiguous", 409, false, "The reference is ambiguous"},
    ProblemKind{"not_available", 422, false, "The feature is not available"},
    ProblemKind{"input.missing", 422, false, "A file is not here"},
    ProblemKind{"input.type", 422, false, "A file is of the wrong type"},
    ProblemKind{"input.size", 422, false, "A file is too large"},
    ProblemKind{"batch_refused", 422, false, "Lines of the batch are refused"},
    ProblemKind{"not_found", 404, false, "There is no such thing"},
    ProblemKind{"method_not_allowed", 405, false, "The method is not allowed here"},
    ProblemKind{"unauthorized", 401, false, "A token is needed"},
    ProblemKind{"wrong_host", 421, false, "The request is for another host"},
    ProblemKind{"cross_origin", 403, false, "Another page may not do that"},
    ProblemKind{"not_owner", 403, false, "You may not do that"},
    ProblemKind{"not_allowed", 409, false, "The job's state does not allow that"},
    ProblemKind{"stale", 409, true, "The job has moved on meanwhile"},
    ProblemKind{"idempotency_conflict", 422, false, "The idempotency key was used before"},
    ProblemKind{"sealed", 409, false, "The batch takes no more jobs"},
    ProblemKind{"needs_again", 409, false, "That might buy a second time"},
    ProblemKind{"bad_task", 422, false, "The task cannot be adopted"},
    ProblemKind{"queue_full", 503, true, "The queue is full"},
    ProblemKind{"disk_full", 507, true, "The disk is full"},
    ProblemKind{"unsupported_media_type", 415, false, "The content type is not understood"},
    ProblemKind{"too_large", 413, false, "The request is too large"},
    ProblemKind{"header_too_large", 431, false, "The request's header is too large"},
    ProblemKind{"unsupported_version", 505, false, "Only HTTP/1.1 is spoken"},
    ProblemKind{"range_not_satisfiable", 416, false, "The range lies outside the file"},
    ProblemKind{"events_gone", 410, false, "The events are no longer kept"},
    ProblemKind{"not_fetched", 409, true, "The artifact is not there yet"},
    ProblemKind{"events_ahead", 409, false, "The event has not happened"},
    ProblemKind{"busy", 503, true, "The daemon is busy"},
    ProblemKind{"stopping", 503, true, "The daemon is stopping"},
    ProblemKind{"upstream_refused", 422, false, "The upstream refuses that"},
    ProblemKind{"upstream_account", 502, false, "The upstream does not serve this account"},
    ProblemKind{"upstream_busy", 503, true, "The upstream wants it slower"},
    ProblemKind{"upstream_failed", 502, true, "The upstream failed"},
    ProblemKind{"upstream_unreachable", 502, true, "The upstream cannot be reached"},
    ProblemKind{"upstream_timeout", 504, true, "The upstream does not answer in time"},
    ProblemKind{"internal", 500, true, "Something went wrong inside"},
};

}  // namespace

std::span<const ProblemKind> problem_kinds() {
    return kinds;
}

const ProblemKind& problem_kind(std::string_view code) {
    for (const ProblemKind& kind : kinds) {
        if (kind.code == code) return kind;
    }
    return problem_kind("invalid");
}

std::string_view problem_code(queue::Errc errc) {
    switch (errc) {
        case queue::Errc::ok:
        case queue::Errc::already:
            break;
        case queue::Errc::stale:
            return "stale";
        case queue::Errc::not_found:
            return "not_found";
        case queue::Errc::not_allowed:
            return "not_allowed";
        case queue::Errc::not_owner:
            return "not_owner";
        case queue::Errc::conflict:
            return "idempotency_conflict";
        case queue::Errc::full:
            return "queue_full";
        case queue::Errc::sealed:
            return "sealed";
        case queue::Errc::needs_again:
            return "needs_again";
        case queue::Errc::bad_task:
            return "bad_task";
        case queue::Errc::read_only:
            return "disk_full";
        case queue::Errc::undecided:
            return "busy";
        case queue::Errc::too_many:
            return "too_large";
        case queue::Errc::bad_job:
            return "invalid";
    }
    return "internal";
}

Reply to_reply(const Problem& problem) {
    const ProblemKind& kind = problem_kind(problem.code);
    const int status = problem.status.value_or(kind.status);
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.text("type", "urn:genspool:problem:" + problem.code);
    json.text("title", kind.title);
    json.integer("status", status);
    json.text("code", problem.code);
    json.text("detail", problem.detail);
    if (!problem.field.empty()) json.text("field", problem.field);
    json.flag("retryable", kind.retryable);
    if (!problem.job_id.empty()) json.text("job_id", problem.job_id);
    if (problem.billed) json.flag("billed", *problem.billed);
    if (!problem.upstream.empty()) json.embedded("upstream", problem.upstream);
    if (problem.line) json.count("line", *problem.line);
    json.end_object();
    Reply reply(status, std::move(out));
    reply.content_type = "application/problem+json";
    if (status == 503) reply.headers.emplace_back("Retry-After", "1");
    return reply;
}

Problem to_problem(const proto::Refused& refused) {
    return {refused.code, refused.message, refused.field};
}

Problem to_problem(const queue::Answer& answer) {
    std::string code(answer.code.empty() ? problem_code(answer.errc) : answer.code);
    Problem problem(std::move(code), answer.detail, answer.field);
    if (problem.detail.empty())
        problem.detail = std::string(problem_kind(problem.code).title) + ".";
    return problem;
}

}  // namespace genspool::daemon
