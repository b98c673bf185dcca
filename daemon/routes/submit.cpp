#include "daemon/routes/submit.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "daemon/body.hpp"
#include "daemon/query.hpp"
#include "daemon/routes/routes.hpp"
#include "proto/trace_context.hpp"
#include "proto/utf8.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

namespace {

enum class Shape : std::uint8_t { json, lines, other };

/// The media type without its parameters decides; none at all is taken for JSON.
Shape shape_of(std::string_view content_type) {
    std::string type(content_type.substr(0, content_type.find(';')));
    while (!type.empty() && (type.back() == ' ' || type.back() == '\t'))
        type.pop_back();
    std::ranges::transform(type, type.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    if (type.empty() || type == "application/json") return Shape::json;
    const bool lines = type == "application/x-ndjson" || type == "application/jsonl" ||
                       type == "application/x-jsonlines" || type == "application/ndjson";
    return lines ? Shape::lines : Shape::other;
}

/// The first character that is no white space, or 0.
char first_character(std::string_view text) {
    const std::size_t at = text.find_first_not_of(" \t\r\n");
    return at == std::string_view::npos ? '\0' : text[at];
}

/// Whether what has come of the body tells its form: one job or an array of them, by the first
/// character, in front of which a byte order mark may stand.
bool begun_enough(std::string_view text, Shape shape) {
    const std::string_view mark = proto::byte_order_mark;
    if (text.size() < mark.size() && mark.starts_with(text)) return false;
    if (shape == Shape::lines) return true;
    if (text.starts_with(mark)) text.remove_prefix(mark.size());
    return first_character(text) != '\0' || text.size() >= 4'096;
}

}  // namespace

asio::awaitable<Reply> submit(Api& api, Request& request) {
    Query query(request);
    const bool dry_run = query.flag("dry_run");
    const bool atomic = query.flag("atomic");
    const std::optional<proto::Micros> budget = query.amount("budget");
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    const Shape shape = shape_of(request.field(Field::content_type));
    if (shape == Shape::other)
        co_return to_reply(Problem("unsupported_media_type",
                                   "Send application/json, or application/x-ndjson with one job "
                                   "a line."));
    const IntakeMode mode{atomic, dry_run, budget,
                          proto::read_traceparent(request.field(Field::traceparent))};
    std::string begun;
    while (!begun_enough(begun, shape)) {
        BodyPiece piece = co_await request.body->next();
        if (piece.state == BodyState::end) break;
        if (piece.state != BodyState::piece) co_return to_reply(body_problem(piece.state));
        begun += piece.bytes;
    }
    // Skipped as in a file of the inbox.
    if (begun.starts_with(proto::byte_order_mark)) begun.erase(0, proto::byte_order_mark.size());
    if (shape == Shape::lines || first_character(begun) == '[') {
        const bool lines = shape == Shape::lines;
        Reply reply = co_await submit_batch(api, request, std::move(begun), lines, mode);
        co_return reply;
    }
    if (budget)
        co_return to_reply(
            Problem("invalid", "A budget is for a batch; what one job may cost is its max_cost.",
                    "budget"));
    Reply reply = co_await submit_one(api, request, std::move(begun), dry_run);
    co_return reply;
}

}  // namespace genspool::daemon::routes
