#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/sim_http/model_client.hpp"
#include "tests/simulator/digest.hpp"

using namespace genspool::tests;
using genspool::simulator::ModelSession;
using genspool::simulator::Said;
using genspool::simulator::sha256_hex;
namespace json = boost::json;

namespace {

const std::string start = R"({"event":"task_start","model":"speech-2.8-hd",)"
                          R"("voice_setting":{"voice_id":"v"}})";
const std::string finish = R"({"event":"task_finish"})";

std::string say(const std::string& text) {
    return R"({"event":"task_continue","text":")" + text + "\"}";
}

std::shared_ptr<ModelSession> open(ModelClient& client) {
    return client.upgrade("/ws/v1/t2a_v2").session;
}

json::object frame_of(const Said& said, std::size_t n = 0) {
    return json::parse(said.frames.at(n)).as_object();
}

std::string event_of(const Said& said) {
    return text_of(frame_of(said), "event");
}

std::string bytes_in(const Said& said) {
    std::string bytes;
    for (std::size_t n = 0; n < said.frames.size(); ++n) {
        const json::object frame = frame_of(said, n);
        const auto* data = frame.if_contains("data");
        if (data == nullptr || !data->is_object() || !data->as_object().contains("audio")) continue;
        const std::string hex = text_of(data->as_object(), "audio");
        for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
            bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    }
    return bytes;
}

}  // namespace

TEST_CASE("a session sells one recording, however many pieces its text has") {
    ModelClient client(instant_options());
    const auto session = open(client);
    REQUIRE(session);
    CHECK(event_of(session->begin()) == "connected_success");
    CHECK(event_of(session->on_frame(start, client.now)) == "task_started");
    CHECK(client.records.truths().empty());
    std::string audio;
    for (const std::string text : {"one [[ref:book]]", "two", "three"}) {
        const Said said = session->on_frame(say(text), client.now);
        CHECK_FALSE(said.closes);
        CHECK(json::parse(said.frames.back()).at("is_final").as_bool());
        CHECK(json::parse(said.frames.back()).at("data").is_null());
        audio += bytes_in(said);
        REQUIRE(client.records.truths().size() == 1);
    }
    const Said end = session->on_frame(finish, client.now);
    audio += bytes_in(end);
    CHECK(end.closes);
    CHECK(text_of(json::parse(end.frames.back()).as_object(), "event") == "task_finished");
    const auto truth = client.records.truths().at(0);
    CHECK(truth.endpoint == "/ws/v1/t2a_v2");
    CHECK(truth.ref == "book");
    CHECK(truth.artifacts.at(0).sha256 == sha256_hex(audio));
}

TEST_CASE("a session holds its client to its order and to its limits") {
    ModelClient client(instant_options());
    const auto refused = [&](const std::vector<std::string>& frames) {
        const auto session = open(client);
        Said said = session->begin();
        for (const std::string& frame : frames)
            said = session->on_frame(frame, client.now);
        return std::to_string(code_of(frame_of(said))) + (said.closes ? " closes" : "");
    };
    CHECK(refused({"nonsense"}) == "2202 closes");
    CHECK(refused({R"({"event":"task_cancel"})"}) == "2202 closes");
    CHECK(refused({say("one")}) == "2206 closes");
    CHECK(refused({finish}) == "2206 closes");
    CHECK(refused({start, start}) == "2206 closes");
    CHECK(refused({start, say("")}) == "2203");
    CHECK(refused({start, say(std::string(10'000, 'a'))}) == "2204");
    CHECK(refused({R"({"event":"task_start","model":"speech-2.8-hd"})", say("one")}) ==
          "2013 closes");
    CHECK(client.records.truths().empty());
    CHECK(client.get("/ws/v1/t2a_v2").session == nullptr);
    client.key = "bad";
    CHECK(code_of(client.upgrade("/ws/v1/t2a_v2")) == 1004);
}

TEST_CASE("what strikes a paid reply strikes a session in the middle") {
    const auto after_first_piece = [](const std::string& fault, const std::string& marker) {
        ModelClient client(fault.empty() ? instant_options() : faulty_options(fault));
        const auto session = open(client);
        session->begin();
        session->on_frame(start, client.now);
        const Said said = session->on_frame(say("one " + marker), client.now);
        return std::to_string(client.records.truths().size()) + " sold, " +
               std::to_string(said.frames.size()) + " frames" + (said.closes ? ", closes" : "");
    };
    CHECK(after_first_piece("", "") == "1 sold, 2 frames");
    CHECK(after_first_piece("cut-paid-reply", "") == "1 sold, 1 frames, closes");
    CHECK(after_first_piece("reset-taken", "") == "1 sold, 0 frames, closes");
    CHECK(after_first_piece("reset-untaken", "") == "0 sold, 0 frames, closes");
    CHECK(after_first_piece("502-taken", "") == "1 sold, 0 frames, closes");
    CHECK(after_first_piece("refuse-1002", "") == "0 sold, 1 frames, closes");
    CHECK(after_first_piece("", "[[fail:1027]]") == "1 sold, 1 frames, closes");
    CHECK(after_first_piece("", "[[drop]]") == "1 sold, 0 frames, closes");
    CHECK(after_first_piece("session-crowded", "") == "0 sold, 1 frames");
    CHECK(after_first_piece("session-refused", "") == "0 sold, 1 frames, closes");
}
