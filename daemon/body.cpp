#include "daemon/body.hpp"

#include <boost/json/parse.hpp>
#include <utility>

#include "proto/utf8.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;
namespace json = boost::json;

Problem body_problem(BodyState state) {
    if (state == BodyState::too_large)
        return {"too_large", "The body is larger than [limits] body_bytes_max allows."};
    if (state == BodyState::no_room)
        return {"busy",
                "All clients together make the daemon hold more than [limits] held_bytes_max; "
                "try again in a moment."};
    return {"malformed", "The body ended early."};
}

asio::awaitable<WholeBody> read_body(Request& request, std::string begun, std::uint64_t bytes_max) {
    WholeBody body;
    body.bytes = std::move(begun);
    while (body.bytes.size() <= bytes_max) {
        BodyPiece piece = co_await request.body->next();
        if (piece.state == BodyState::end) co_return body;
        if (piece.state != BodyState::piece) {
            body.problem = body_problem(piece.state);
            co_return body;
        }
        if (body.bytes.empty()) {
            body.bytes = std::move(piece.bytes);
        } else {
            body.bytes += piece.bytes;
        }
        request.body->holds(body.bytes.size());
    }
    body.problem.emplace("too_large",
                         "The body may have at most " + std::to_string(bytes_max) + " bytes here.");
    co_return body;
}

asio::awaitable<ObjectBody> read_object(Request& request) {
    constexpr std::uint64_t bytes_max = 64U << 10U;
    ObjectBody result;
    std::string nothing;
    WholeBody body = co_await read_body(request, std::move(nothing), bytes_max);
    result.problem = std::move(body.problem);
    if (result.problem || body.bytes.empty()) co_return result;
    std::string_view text(body.bytes);
    if (text.starts_with(proto::byte_order_mark)) text.remove_prefix(proto::byte_order_mark.size());
    json::error_code error;
    const json::value value = json::parse(json::string_view(text.data(), text.size()), error);
    if (error) {
        result.problem.emplace("malformed", "The body is no JSON: " + error.message() + ".");
    } else if (!value.is_object()) {
        result.problem.emplace("malformed", "The body must be a JSON object.");
    } else {
        result.object = value.get_object();
    }
    co_return result;
}

const json::value* ObjectBody::take(std::string_view key) {
    const auto found = object.find(key);
    if (found == object.end()) return nullptr;
    taken_ = std::move(found->value());
    object.erase(found);
    return &taken_;
}

bool ObjectBody::take_flag(std::string_view key) {
    const json::value* const value = take(key);
    if (value == nullptr) return false;
    if (!value->is_bool()) refuse(key, std::string(key) + " must be true or false.");
    return value->is_bool() && value->get_bool();
}

void ObjectBody::refuse(std::string_view key, std::string detail) {
    if (!problem) problem.emplace("invalid", std::move(detail), std::string(key));
}

void ObjectBody::finish() {
    if (object.empty()) return;
    const std::string key(object.begin()->key());
    refuse(key, "There is no field " + key + " here.");
}

}  // namespace genspool::daemon
