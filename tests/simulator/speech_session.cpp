#include "tests/simulator/speech_session.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/parse.hpp>
#include <utility>

#include "proto/utf8.hpp"
#include "tests/simulator/replies.hpp"
#include "tests/simulator/till.hpp"

namespace genspool::simulator {
namespace {

namespace json = boost::json;

constexpr std::size_t text_max = 10'000;  ///< of one piece, not included
/// Of the audio's hex, in one frame; what is left when the text ends comes then.
constexpr std::size_t digits_a_frame = 256;

std::string_view text(const json::object& body) {
    return text_field(body, "text");
}

constexpr PaidRoute route{"/ws/v1/t2a_v2", SlotClass::tts_ws, text,
                          "data",          check_speech,      make_speech};

class SpeechSession final : public ModelSession {
public:
    SpeechSession(World& world, const Call& call)
        : world_(world), request_(call.request), account_(call.account) {}

    Said begin() override { return say("connected_success"); }
    Said on_frame(std::string_view frame, Instant now) override;

private:
    Said start(json::object fields, Instant now);
    Said speak(const json::object& frame, Instant now);
    Said finish();
    std::optional<Said> sell(std::string_view text, Instant now);
    Said say(std::string_view event) const;
    Said refuse(int code, std::string_view words, bool closes) const;
    std::string next_audio();
    void note(Fault fault, Instant now);

    World& world_;
    ModelRequest request_;
    std::string account_;
    json::object start_;  ///< the fields of task_start; empty: not started
    bool sold_ = false;
    bool cut_ = false;    ///< the connection breaks in the middle of the audio
    Duration work_{0};    ///< before the first of the audio
    std::string digits_;  ///< of the audio, that were not sent yet
};

json::object base_resp(int code, std::string_view words) {
    return {{"status_code", code}, {"status_msg", words}};
}

std::string continued(json::value data, json::object more) {
    more["event"] = "task_continued";
    more["data"] = std::move(data);
    more["base_resp"] = base_resp(0, "success");
    return json::serialize(more);
}

Said SpeechSession::say(std::string_view event) const {
    json::object frame;
    frame["event"] = event;
    frame["session_id"] = "session-" + account_;
    frame["trace_id"] = "trace";
    frame["base_resp"] = base_resp(0, "success");
    Said said;
    said.frames.push_back(json::serialize(frame));
    return said;
}

Said SpeechSession::refuse(int code, std::string_view words, bool closes) const {
    json::object frame;
    frame["event"] = "task_failed";
    frame["base_resp"] = base_resp(code, words);
    Said said;
    said.frames.push_back(json::serialize(frame));
    said.closes = closes;
    return said;
}

Said SpeechSession::on_frame(std::string_view frame, Instant now) {
    boost::system::error_code ec;
    json::value value = json::parse(frame, ec);
    if (ec || !value.is_object()) return refuse(2202, "illegal event", true);
    json::object& fields = value.get_object();
    const std::string event(text_field(fields, "event"));
    if (event == "task_start") return start(std::move(fields), now);
    if (event == "task_continue") return speak(fields, now);
    if (event == "task_finish") return finish();
    return refuse(2202, "illegal event", true);
}

Said SpeechSession::start(json::object fields, Instant now) {
    if (!start_.empty()) return refuse(2206, "illegal order", true);
    if (world_.strikes(Fault::session_refused)) {
        note(Fault::session_refused, now);
        return refuse(1041, "conn limit", true);
    }
    start_ = std::move(fields);
    return say("task_started");
}

Said SpeechSession::speak(const json::object& frame, Instant now) {
    if (start_.empty()) return refuse(2206, "illegal order", true);
    const std::string_view said_text = text(frame);
    if (said_text.empty()) return refuse(2203, "empty text", false);
    if (proto::code_points(said_text) >= text_max) return refuse(2204, "text over limit", false);
    if (world_.strikes(Fault::session_crowded)) {
        note(Fault::session_crowded, now);
        return refuse(2205, "queue full", false);
    }
    Said said;
    if (!sold_) {
        std::optional<Said> end = sell(said_text, now);
        if (end) return std::move(*end);
        said.delay = work_;
    }
    said.frames.push_back(next_audio());
    said.closes = cut_;
    if (cut_) return said;
    json::object extra{{"usage_characters", proto::code_points(said_text)}};
    json::object last{{"is_final", true}, {"extra_info", std::move(extra)}};
    said.frames.push_back(continued(nullptr, std::move(last)));
    return said;
}

/// As one call with all that is known so far. Answers what ends the session, if it does.
std::optional<Said> SpeechSession::sell(std::string_view said_text, Instant now) {
    json::object body = start_;
    body.erase("event");
    body["text"] = said_text;
    request_.body = json::serialize(body);
    const Call call{request_, *boost::urls::parse_origin_form(request_.target), account_, now};
    const ModelReply reply = serve_paid(world_, route, call);
    sold_ = true;
    work_ = reply.delay;
    cut_ = reply.fate.kind == FateKind::cut || reply.fate.kind == FateKind::stall;
    boost::system::error_code ec;
    const json::value answer = json::parse(reply.body, ec);
    if (reply.fate.kind == FateKind::reset || ec || !answer.is_object()) {
        Said nothing;
        nothing.closes = true;
        nothing.delay = work_;
        return nothing;
    }
    const json::object& base = answer.at("base_resp").as_object();
    const int code = static_cast<int>(whole_field(base, "status_code", 0));
    if (code != 0) {
        Said refused = refuse(code, text_field(base, "status_msg"), true);
        refused.delay = work_;
        return refused;
    }
    digits_ = text_field(answer.at("data").as_object(), "audio");
    return std::nullopt;
}

std::string SpeechSession::next_audio() {
    const std::string digits = digits_.substr(0, digits_a_frame);
    digits_.erase(0, digits.size());
    json::object data;
    if (!digits.empty()) data["audio"] = digits;
    return continued(std::move(data), {{"is_final", false}});
}

Said SpeechSession::finish() {
    if (start_.empty()) return refuse(2206, "illegal order", true);
    Said said;
    while (!digits_.empty())
        said.frames.push_back(next_audio());
    Said end = say("task_finished");
    said.frames.push_back(std::move(end.frames.front()));
    said.closes = true;
    return said;
}

void SpeechSession::note(Fault fault, Instant now) {
    FaultRecord record;
    record.time = now;
    record.fault = to_string(fault);
    record.endpoint = route.path;
    world_.note(std::move(record));
}

}  // namespace

ModelReply open_speech_session(World& world, const Call& call) {
    if (!call.request.upgrade) return answer_invalid("it is a WebSocket");
    ModelReply reply;
    reply.status = 101;
    reply.session = std::make_shared<SpeechSession>(world, call);
    return reply;
}

}  // namespace genspool::simulator
