#include "daemon/gateway/minimax/envelope.hpp"

#include <array>
#include <boost/json/serialize.hpp>
#include <utility>

#include "daemon/gateway/intake.hpp"
#include "daemon/gateway/minimax/calls.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::daemon::gateway::minimax {

namespace json = boost::json;

namespace {

constexpr int unknown_error = 1000;
constexpr int rate_limit = 1002;
constexpr int not_authorized = 1004;
constexpr int sensitive_output = 1027;
constexpr int invalid_params = 2013;

/// What v2 says in its error beside the code.
struct ErrorType {
    int status;
    std::string_view type;
};
constexpr std::array types{
    ErrorType{400, "bad_request_error"},          ErrorType{401, "authorized_error"},
    ErrorType{402, "insufficient_balance_error"}, ErrorType{422, "unprocessable_entity_error"},
    ErrorType{429, "rate_limit_error"},           ErrorType{500, "server_error"},
};

std::string_view type_of(int status) {
    for (const ErrorType& each : types)
        if (each.status == status) return each.type;
    return "server_error";
}

/// Where a client that is told "rate limit" comes again, and rightly so: nothing was taken.
bool wants_patience(const ProblemKind& kind) {
    return kind.status == 503 || kind.status == 507;
}

int code_of(const Problem& problem) {
    const ProblemKind& kind = problem_kind(problem.code);
    if (kind.status == 401 || kind.status == 403) return not_authorized;
    if (wants_patience(kind)) return rate_limit;
    return kind.status >= 500 ? unknown_error : invalid_params;
}

int status_of(int code) {
    switch (code) {
        case not_authorized:
        case 2049:
            return 401;
        case 1008:
            return 402;
        case rate_limit:
            return 429;
        case 1026:
        case sensitive_output:
            return 422;
        case 1039:
        case invalid_params:
            return 400;
        default:
            return 500;
    }
}

std::string words_of(const Problem& problem, int code) {
    std::string words = in_its_words(problem.detail);
    const std::string field = in_its_words(problem.field);
    if (code != invalid_params) return words;
    if (!field.empty() && words.find(field) == words.npos) words = field + ": " + words;
    return "invalid params, " + words;
}

std::string error_text(int code, int status, const std::string& message) {
    json::object error{{"type", type_of(status)},
                       {"message", message + " (" + std::to_string(code) + ")"},
                       {"http_code", std::to_string(status)},
                       {"code", std::to_string(code)}};
    return json::serialize(
        json::object{{"type", "error"}, {"error", std::move(error)}, {"request_id", ""}});
}

std::string text_of(int code, const std::string& message, std::string_view path, int& status) {
    if (tells_by_status(path)) {
        status = status_of(code);
        return error_text(code, status, message);
    }
    status = 200;
    return json::serialize(json::object{{"base_resp", base_resp(code, message)}});
}

/// Whether the same body, sent again, costs nothing that was not lost already: what has been paid
/// for and brought nothing, and what a person has cancelled, is not to be bought by a client's own
/// second try.
bool may_repeat(const proto::JobRecord& job) {
    if (job.state == proto::State::canceled) return false;
    return !proto::is_terminal(job.state) || job.charged == 0;
}

}  // namespace

json::object base_resp(int code, std::string_view message) {
    return {{"status_code", code}, {"status_msg", message}};
}

int code_of(const proto::Failure& failure) {
    constexpr std::uint64_t code_max = 999'999'999;
    const auto code = proto::whole_number(failure.code);
    if (code && *code > 0 && *code <= code_max) return static_cast<int>(*code);
    return failure.code == "blocked" ? sensitive_output : unknown_error;
}

Reply refusal(const Problem& problem, std::string_view path) {
    const int code = code_of(problem);
    int status = 0;
    std::string text = text_of(code, words_of(problem, code), path, status);
    Reply reply(status, std::move(text));
    if (code == rate_limit) reply.headers.emplace_back("Retry-After", "1");
    return reply;
}

Trouble trouble_of(const proto::JobRecord& job) {
    const std::string id = job.id.text();
    if (job.state == proto::State::canceled) return {unknown_error, "job " + id + " was canceled"};
    if (job.state == proto::State::held)
        return {unknown_error, "job " + id + " is held: " + job.reason +
                                   "; `genspool resolve` or `genspool retry` decides, and the "
                                   "same request sent again waits for it"};
    if (!proto::is_terminal(job.state))
        return {rate_limit, "job " + id + " goes on; the same request, sent again, waits for it"};
    if (!job.failure) return {unknown_error, "job " + id + " has no answer"};
    return {code_of(*job.failure), job.failure->message};
}

Answer no_answer(const proto::JobRecord& job, std::string_view path) {
    Trouble trouble = trouble_of(job);
    if (trouble.code == unknown_error && !may_repeat(job)) trouble.code = invalid_params;
    int status = 0;
    Answer answer(text_of(trouble.code, trouble.message, path, status));
    answer.status = status;
    answer.final = proto::is_terminal(job.state);
    return answer;
}

}  // namespace genspool::daemon::gateway::minimax
