#include "proto/useapi/answer.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <utility>

#include "proto/http_time.hpp"
#include "proto/upstream_text.hpp"
#include "proto/utf8.hpp"

namespace genspool::proto::useapi {
namespace {

namespace json = boost::json;

constexpr std::size_t upstream_bytes_max = 2048;  ///< of an answer kept verbatim
constexpr std::size_t message_bytes_max = 500;

constexpr int on_hold = 596;
/// A hold lasts for hours: nothing is gained by asking sooner.
constexpr Duration hold_pause = std::chrono::hours{1};

bool is_2xx(int status) {
    return status >= 200 && status <= 299;
}

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

std::string code_of(const Reply& reply, const Answer& answer) {
    if (is_2xx(reply.status)) return answer.readable ? "reply.incomplete" : "reply.malformed";
    return "http." + std::to_string(reply.status);
}

/// In the header, or as a time in the body; a day at most.
std::optional<Instant> asked_to_wait(const Reply& reply, const Answer& answer) {
    if (const auto at = retry_at(reply)) return at;
    const auto at = parse_rfc3339(text_or_number(answer.fields(), "retryAfter"));
    const auto now = replied_at(reply);
    if (!at || !now) return std::nullopt;
    return std::min(*at, *now + std::chrono::hours{24});
}

QuarantineWish quarantine(const Reply& reply, const Answer& answer, const ErrorRow& row) {
    QuarantineWish wish;
    if (row.scope == Scope::none) return wish;
    wish.scope = row.scope;
    wish.clearing = row.clearing;
    wish.until = asked_to_wait(reply, answer);
    const auto now = replied_at(reply);
    if (reply.status == on_hold && now)
        wish.until = std::max(wish.until.value_or(*now), *now + hold_pause);
    wish.reason = code_of(reply, answer) + ": " + std::string{row.meaning};
    return wish;
}

bool may_pass(FailureClass failure) {
    return failure != FailureClass::rejected && failure != FailureClass::expired;
}

}  // namespace

const json::object& Answer::fields() const {
    static const json::object none;
    const json::object* const object = json.if_object();
    return object != nullptr ? *object : none;
}

Answer read_answer(const Reply& reply) {
    json::parse_options options;
    options.max_depth = 32;
    boost::system::error_code ec;
    Answer answer;
    answer.json = json::parse(reply.body, ec, {}, options);
    answer.readable = !ec;
    if (ec) answer.json = nullptr;
    return answer;
}

bool succeeded(const Reply& reply, const Answer& answer) {
    return is_2xx(reply.status) && answer.readable;
}

std::string error_text(const json::object& fields) {
    std::string text = text_or_number(fields, "error");
    const json::object* const error = object_member(fields, "error");
    if (error == nullptr) return text;
    text = text_or_number(*error, "message");
    if (text.empty()) text = text_or_number(*error, "error");
    return text.empty() ? "an error without words" : text;
}

int error_status(const json::object& fields) {
    const json::object* const error = object_member(fields, "error");
    std::string code;
    if (error != nullptr) code = text_or_number(*error, "status");
    if (error != nullptr && !whole_number(code)) code = text_or_number(*error, "code");
    if (!whole_number(code)) code = text_or_number(fields, "code");
    const auto number = whole_number(code);
    return number && *number <= 999 ? static_cast<int>(*number) : 0;
}

Refusal refusal(Service service, const Reply& reply, const Answer& answer) {
    const bool strange = reply.status == 404 && !answer.readable;
    const ErrorRow& row = strange ? wrong_address_row() : error_row(service, reply.status);
    const std::string said = error_text(answer.fields());
    Refusal refused;
    refused.failure.failure = row.failure;
    refused.failure.code = code_of(reply, answer);
    refused.failure.message =
        bounded_utf8(said.empty() ? row.meaning : std::string_view{said}, message_bytes_max);
    refused.failure.retryable = may_pass(row.failure);
    refused.failure.upstream = bounded_utf8(reply.body, upstream_bytes_max);
    refused.on_create = row.on_create;
    refused.on_query = row.on_query;
    // Who is asked for one task says nothing of it in as many words.
    if (strange && is_blank(reply.body)) refused.on_query = OnQuery::gone;
    refused.quarantine = quarantine(reply, answer, row);
    return refused;
}

Refusal incomplete(const Reply& reply, std::string message) {
    Refusal refused;
    refused.failure.failure = FailureClass::transient;
    refused.failure.code = "reply.incomplete";
    refused.failure.message = std::move(message);
    refused.failure.retryable = true;
    refused.failure.upstream = bounded_utf8(reply.body, upstream_bytes_max);
    return refused;
}

PollOutcome refused_poll(Refusal refusal) {
    if (refusal.on_query == OnQuery::gone) {
        refusal.failure.failure = FailureClass::expired;
        refusal.quarantine = {};
    }
    return refusal;
}

Refusal names_no_task(const Reply& reply) {
    return incomplete(reply, "the answer names no task");
}

Failure task_failure(const Reply& reply, FailureClass failure, std::string_view code,
                     std::string message) {
    Failure failed;
    failed.failure = failure;
    failed.code = code;
    failed.message = bounded_utf8(message, message_bytes_max);
    failed.retryable = may_pass(failure);
    failed.upstream = bounded_utf8(reply.body, upstream_bytes_max);
    return failed;
}

}  // namespace genspool::proto::useapi
