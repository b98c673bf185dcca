#include "proto/minimax/envelope.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <utility>

#include "proto/http_time.hpp"
#include "proto/upstream_text.hpp"
#include "proto/utf8.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

constexpr std::size_t upstream_bytes_max = 2048;  ///< of an answer kept verbatim
constexpr std::size_t message_bytes_max = 500;

std::string text_member(const json::object& fields, std::string_view name) {
    const json::value* value = fields.if_contains(name);
    const json::string* text = value != nullptr ? value->if_string() : nullptr;
    return text != nullptr ? std::string{text->data(), text->size()} : std::string{};
}

/// The whole text as a number; 0 if it is none.
std::int64_t as_code(std::string_view text) {
    std::int64_t code = 0;
    const char* end = text.data() + text.size();
    const auto [rest, ec] = std::from_chars(text.data(), end, code);
    return ec == std::errc{} && rest == end ? code : 0;
}

/// "1026" of "input new_sensitive (1026)": the internal code stands in the parentheses at the end.
std::string_view trailing_code(std::string_view message) {
    while (!message.empty() && (message.back() == '.' || message.back() == ' ')) {
        message.remove_suffix(1);
    }
    if (message.empty() || message.back() != ')') return {};
    const std::size_t open = message.rfind('(');
    if (open == std::string_view::npos) return {};
    const std::string_view inside = message.substr(open + 1, message.size() - open - 2);
    return as_code(inside) > 0 ? inside : std::string_view{};
}

void take_code(Envelope& envelope, std::string_view code) {
    if (code.empty() || as_code(code) == 0) return;
    envelope.code = code;
    envelope.row = find_error(as_code(code));
}

void read_base_resp(Envelope& envelope) {
    const json::value* base = envelope.fields.if_contains("base_resp");
    if (base == nullptr || base->is_null()) return;
    const json::object* fields = base->if_object();
    const std::string code = fields != nullptr ? text_or_number(*fields, "status_code") : "";
    if (code.empty()) {
        envelope.readable = false;
        return;
    }
    envelope.message = text_member(*fields, "status_msg");
    envelope.says_success = code == "0";
    if (envelope.says_success) return;
    envelope.code = bounded_utf8(code, 40);
    envelope.row = as_code(code) != 0 ? find_error(as_code(code)) : nullptr;
}

/// {"error": {"code", "message": "… (1026)"}} of v2 and the compatible surfaces, and the plain
/// {"message": "…"}.
void read_error(Envelope& envelope) {
    const json::object* error = object_member(envelope.fields, "error");
    if (error == nullptr) {
        if (envelope.message.empty()) envelope.message = text_member(envelope.fields, "message");
        take_code(envelope, trailing_code(envelope.message));
        return;
    }
    envelope.message = text_member(*error, "message");
    take_code(envelope, trailing_code(envelope.message));
    if (envelope.row == nullptr) take_code(envelope, text_or_number(*error, "code"));
    envelope.says_success = false;
}

bool is_2xx(int status) {
    return status >= 200 && status <= 299;
}

const ErrorRow& row_of(const Reply& reply, const Envelope& envelope) {
    if (envelope.row != nullptr) return *envelope.row;
    if (reply.status == 404 && !envelope.readable) return wrong_address_row();
    return http_row(reply.status);
}

std::string code_of(const Reply& reply, const Envelope& envelope) {
    if (!envelope.code.empty()) return envelope.code;
    if (is_2xx(reply.status)) return envelope.readable ? "reply.incomplete" : "reply.malformed";
    return "http." + std::to_string(reply.status);
}

/// "resets at 2026-08-01T05:00:00Z" inside a message.
std::optional<Instant> reset_time(std::string_view message) {
    constexpr std::string_view words = "resets at ";
    const std::size_t at = message.find(words);
    if (at == std::string_view::npos) return std::nullopt;
    std::string_view text = message.substr(at + words.size());
    text = text.substr(0, text.find_first_of(" ,;()"));
    if (text.ends_with('.')) text.remove_suffix(1);
    if (const auto instant = parse_rfc3339(text)) return instant;
    return parse_rfc3339(std::string{text} + "Z");  // ISO 8601 lets the offset be left out
}

QuarantineWish quarantine(const Reply& reply, const ErrorRow& row, const Failure& failure) {
    QuarantineWish wish;
    if (row.scope == Scope::none) return wish;
    wish.scope = row.scope;
    wish.clearing = row.clearing;
    wish.until = retry_at(reply);
    wish.reason = failure.code + ": " + std::string{row.meaning};
    if (row.clearing == Clearing::next_window) {
        if (const auto reset = reset_time(failure.message)) wish.until = reset;
        if (wish.until) wish.clearing = Clearing::at_time;
    }
    return wish;
}

bool may_pass(FailureClass failure) {
    return failure == FailureClass::transient || failure == FailureClass::rate_limited ||
           failure == FailureClass::no_capacity || failure == FailureClass::account;
}

}  // namespace

Envelope read_envelope(const Reply& reply) {
    Envelope envelope;
    boost::system::error_code ec;
    json::parse_options options;
    options.max_depth = 32;
    json::value value = json::parse(reply.body, ec, {}, options);
    if (ec || !value.is_object()) return envelope;
    envelope.fields = std::move(value.as_object());
    envelope.readable = true;
    read_base_resp(envelope);
    if (envelope.code.empty() && !(envelope.says_success && is_2xx(reply.status)))
        read_error(envelope);
    return envelope;
}

bool succeeded(const Reply& reply, const Envelope& envelope) {
    return is_2xx(reply.status) && envelope.readable && envelope.code.empty() &&
           object_member(envelope.fields, "error") == nullptr;
}

Refusal refusal(const Reply& reply, const Envelope& envelope) {
    const ErrorRow& row = row_of(reply, envelope);
    Refusal refused;
    refused.failure.failure = row.failure;
    refused.failure.code = code_of(reply, envelope);
    refused.failure.message =
        bounded_utf8(envelope.message.empty() ? row.meaning : std::string_view{envelope.message},
                     message_bytes_max);
    refused.failure.retryable = may_pass(row.failure);
    refused.failure.upstream = bounded_utf8(reply.body, upstream_bytes_max);
    refused.on_create = row.on_create;
    refused.on_query = row.on_query;
    refused.quarantine = quarantine(reply, row, refused.failure);
    return refused;
}

Refusal classify(const Reply& reply) {
    return refusal(reply, read_envelope(reply));
}

Refusal incomplete(const Reply& reply, std::string_view code, std::string_view message,
                   OnCreate on_create) {
    Refusal refused;
    const bool ended = on_create == OnCreate::taken_failed;
    refused.failure.failure = ended ? FailureClass::rejected : FailureClass::transient;
    refused.failure.code = code;
    refused.failure.message = message;
    refused.failure.retryable = !ended;
    refused.failure.upstream = bounded_utf8(reply.body, upstream_bytes_max);
    refused.on_create = on_create;
    refused.on_query = OnQuery::again;
    return refused;
}

PollOutcome refused_poll(Refusal refusal) {
    if (refusal.on_query == OnQuery::final) {
        TaskFailed failed;
        failed.failure = std::move(refusal.failure);
        return failed;
    }
    if (refusal.on_query == OnQuery::gone) refusal.failure.failure = FailureClass::expired;
    return refusal;
}

bool worth_another(const Envelope& envelope) {
    return envelope.row != nullptr && envelope.row->failure == FailureClass::transient;
}

}  // namespace genspool::proto::minimax
