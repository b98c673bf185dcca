#include "proto/minimax/t2a_session.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "proto/minimax/envelope.hpp"
#include "proto/minimax/event_reply.hpp"
#include "proto/minimax/text_pieces.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

/// "Too many requests": the session stays, and the piece may be said later.
constexpr std::string_view crowded_code = "2205";
constexpr Duration crowded_pause{2'000};
constexpr std::uint32_t crowded_max = 50;

std::string text_of(const json::object& fields, std::string_view name) {
    const json::value* value = fields.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

bool is_final(const json::object& event) {
    const json::value* value = event.if_contains("is_final");
    return value != nullptr && value->is_bool() && value->get_bool();
}

/// The request as the session takes it: the text follows, and audio comes as hex in any case.
std::string start_frame(json::object request) {
    for (const std::string_view name : {"text", "output_format", "stream", "stream_options"})
        request.erase(name);
    json::object frame;
    frame["event"] = "task_start";
    for (auto& [name, value] : request)
        frame[name] = std::move(value);
    return json::serialize(frame);
}

std::string continue_frame(const std::string& text) {
    json::object frame;
    frame["event"] = "task_continue";
    frame["text"] = text;
    return json::serialize(frame);
}

/// A failure that names no code.
Refusal unexplained(const json::object& event) {
    Reply said;
    said.body = json::serialize(event);
    return incomplete(said, "session.failed", "the session failed, and did not say why",
                      OnCreate::ambiguous);
}

}  // namespace

T2aSession::T2aSession(const json::object& request)
    : start_(start_frame(request)),
      pieces_(cut_text(text_of(request, "text"), session_piece_max)) {}

void T2aSession::enter(Stage stage) {
    stage_ = stage;
    if (stage != Stage::over) stage_at_end_ = stage;
}

SessionMove T2aSession::on_frame(std::string_view frame) {
    json::parse_options options;
    options.max_depth = 32;
    boost::system::error_code ec;
    const json::value value = json::parse(frame, ec, {}, options);
    if (ec || !value.is_object()) return {};
    return on_event(value.get_object());
}

SessionMove T2aSession::on_event(const json::object& event) {
    constexpr int status = 200;
    const std::string word = text_of(event, "event");
    if (stage_ == Stage::over) return {};
    if (auto refusal = refusal_in(event, status)) return refuse(std::move(*refusal));
    if (word == "task_failed") return refuse(unexplained(event));
    return take(word, event);
}

SessionMove T2aSession::take(std::string_view word, const json::object& event) {
    SessionMove move;
    if (stage_ == Stage::connecting && word == "connected_success") {
        enter(Stage::starting);
        move.frames.push_back(start_);
        move.paid = true;
    } else if (stage_ == Stage::starting && word == "task_started") {
        return say_next();
    } else if (stage_ >= Stage::speaking && word == "task_continued") {
        begun_ = true;
        if (stage_ != Stage::speaking || !is_final(event)) return move;
        ++said_;
        crowded_ = 0;
        return say_next();
    } else if (stage_ != Stage::connecting && word == "task_finished") {
        finished_ = true;
        enter(Stage::over);
        move.over = true;
    }
    return move;
}

SessionMove T2aSession::say_next() {
    SessionMove move;
    const bool more = said_ < pieces_.size();
    enter(more ? Stage::speaking : Stage::finishing);
    move.frames.push_back(more ? continue_frame(pieces_[said_]) : R"({"event":"task_finish"})");
    return move;
}

SessionMove T2aSession::refuse(Refusal refusal) {
    const bool soft = stage_ == Stage::speaking && refusal.failure.code == crowded_code;
    if (soft && ++crowded_ <= crowded_max) {
        SessionMove again = say_next();
        again.pause = crowded_pause;
        return again;
    }
    refused_ = std::move(refusal);
    enter(Stage::over);
    SessionMove end;
    end.over = true;
    return end;
}

}  // namespace genspool::proto::minimax
