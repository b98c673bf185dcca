#include "daemon/gateway/useapi/envelope.hpp"

#include <boost/json/object.hpp>

#include "daemon/gateway/intake.hpp"
#include "proto/canonical_json.hpp"
#include "proto/upstream_text.hpp"
#include "proto/utf8.hpp"

namespace genspool::daemon::gateway::useapi {

namespace json = boost::json;

namespace {

constexpr int invalid = 400;
constexpr int moderated = 422;
constexpr int slow_down = 429;
constexpr int canceled = 499;
constexpr int broken = 500;
constexpr int not_known_yet = 504;

constexpr std::size_t words_max = 4'000;

/// 422 would say that the content is refused, 503 is not among the upstream's.
int status_of(const Problem& problem) {
    if (problem.status) return *problem.status;
    const int status = problem_kind(problem.code).status;
    switch (status) {
        case 401:
        case 403:
        case 404:
        case 405:
        case 410:
        case 502:
        case 504:
            return status;
        case 503:
        case 507:
            return slow_down;
        default:
            return status < broken ? invalid : broken;
    }
}

std::string words_of(const Problem& problem) {
    std::string words = in_its_words(problem.detail);
    const std::string field = in_its_words(problem.field);
    if (!field.empty() && words.find(field) == std::string::npos) words = field + ": " + words;
    return words;
}

/// Some of the words are the client's own, whatever they are.
std::string text_of(int code, std::string_view message) {
    const std::string words = proto::bounded_utf8(message, words_max);
    return proto::compact_json(json::object{{"error", words}, {"code", code}});
}

/// "http.422": the upstream's own status.
int code_of(const proto::Failure& failure) {
    constexpr std::string_view scheme = "http.";
    const std::string_view code = failure.code;
    if (code == "task.moderated" || code == "blocked") return moderated;
    if (!code.starts_with(scheme)) return broken;
    const auto status = proto::whole_number(code.substr(scheme.size()));
    return status && *status >= 400 && *status <= 599 ? static_cast<int>(*status) : broken;
}

}  // namespace

Reply refusal(const Problem& problem, std::string_view) {
    const int status = status_of(problem);
    Reply reply(status, text_of(status, words_of(problem)));
    if (status == slow_down) reply.headers.emplace_back("Retry-After", "1");
    return reply;
}

Trouble trouble_of(const queue::JobView& job, std::size_t n) {
    const proto::JobRecord& record = job.record;
    const std::string id = "job " + record.id.text();
    // It may be bought already: that is what 504 says there, and to ask again is right.
    if (record.state == proto::State::held)
        return {not_known_yet, id + " is held: " + record.reason +
                                   "; `genspool resolve` or `genspool retry` decides, and the same "
                                   "request sent again waits for it"};
    if (!proto::is_terminal(record.state))
        return {not_known_yet, id + " goes on; the same request, sent again, waits for it"};
    if (record.state == proto::State::canceled) return {canceled, id + " was canceled"};
    const proto::Artifact* const file = file_at(job, n);
    const auto& failure = file != nullptr && file->failure ? file->failure : record.failure;
    if (!failure) return {broken, id + " has made nothing for this id"};
    int code = code_of(*failure);
    // What has been paid for is not to be bought again by a client that tries 5xx anew by itself.
    if (code >= broken && record.charged > 0) code = invalid;
    return {code, failure->message, code == moderated};
}

Answer no_answer(const queue::JobView& job) {
    const Trouble trouble = trouble_of(job, 0);
    Answer answer(text_of(trouble.code, trouble.message));
    answer.status = trouble.code;
    answer.final = proto::is_terminal(job.record.state);
    return answer;
}

}  // namespace genspool::daemon::gateway::useapi
