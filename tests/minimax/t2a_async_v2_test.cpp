#include "proto/minimax/t2a_async_v2.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "proto/batch_line.hpp"
#include "proto/minimax/provider.hpp"
#include "proto/minimax/t2a_async_body.hpp"
#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

const Codec& codec() {
    return minimax::t2a_async_v2();
}

constexpr std::string_view novel =
    R"({"model":"speech-2.8-hd","text":"Call me Ishmael.","voice_setting":{"voice_id":"v"}})";
constexpr std::string_view fine = R"("base_resp":{"status_code":0,"status_msg":"success"}})";

std::string checked(std::string_view change) {
    return verdict(codec(), changed(object(novel), change));
}

boost::json::value sent(std::string_view change) {
    const auto request = changed(object(novel), change);
    return boost::json::parse(codec().submit(spec(boost::json::serialize(request))).body);
}

PollOutcome polled(std::string_view fields) {
    return codec().on_poll(Task{}, ok("{" + std::string{fields} + "," + std::string{fine}));
}

}  // namespace

TEST_CASE("a long text is checked as a short one, and what this op cannot do is refused") {
    CHECK(checked("{}") == "");
    CHECK(checked(R"({"voice_setting":null})") == "missing request.voice_setting");
    CHECK(checked(R"({"voice_setting":{"voice_id":"v","speed":9}})") ==
          "invalid request.voice_setting.speed");
    CHECK(checked(R"({"stream":true})") == "invalid request.stream");
    CHECK(checked(R"({"timbre_weights":[{"voice_id":"a","weight":1}]})") ==
          "invalid request.timbre_weights");
    const std::string longest = R"({"text":")" + std::string(50'000, 'a') + "\"}";
    CHECK(checked(longest) == "");
    CHECK(checked(R"({"text":")" + std::string(50'001, 'a') + "\"}") == "too_long request.text");
    const auto price = codec().check(changed(object(novel), longest)).value();
    CHECK(price.price_key == "minimax.t2a_async_v2/speech-2.8-hd");
    CHECK(price.quantity == 50'000);
}

TEST_CASE("a body for this call's path keeps its meaning in the words of the other") {
    const auto said = [](std::string_view body) {
        boost::json::object fields = object(body);
        minimax::speak_as_at_once(fields);
        return fields;
    };
    CHECK(said("{}") == object(R"({"audio_setting":{"channel":2}})"));
    CHECK(said(R"({"audio_setting":null})") == object(R"({"audio_setting":{"channel":2}})"));
    CHECK(said(R"({"audio_setting":{"channel":null}})") ==
          object(R"({"audio_setting":{"channel":2}})"));
    CHECK(said(R"({"audio_setting":{"audio_sample_rate":32000,"channel":1},)"
               R"("voice_setting":{"voice_id":"v","english_normalization":true}})") ==
          object(R"({"audio_setting":{"sample_rate":32000,"channel":1},)"
                 R"("voice_setting":{"voice_id":"v","text_normalization":true}})"));
    // What is no object is refused later, as it is.
    CHECK(said(R"({"audio_setting":7,"voice_setting":[]})") ==
          object(R"({"audio_setting":7,"voice_setting":[]})"));
    const auto job = job_of_openai_line(
        object(R"({"method":"POST","url":"/v1/t2a_async_v2","body":{"text":"ahoy"}})"),
        Registry({&minimax_provider()}));
    REQUIRE(job.has_value());
    CHECK(job->at("request") == object(R"({"text":"ahoy","audio_setting":{"channel":2}})"));
}

TEST_CASE("a line for a call's path means that call's words and defaults, however long its text") {
    struct Case {
        const char* url;
        const char* given;  ///< audio_setting, and the voice's normalization
        std::size_t characters;
        const char* target;
        const char* sent;
    };
    constexpr const char* bare = R"({"audio_setting":{},"voice_setting":{"voice_id":"v"}})";
    constexpr const char* theirs =
        R"({"audio_setting":{"audio_sample_rate":24000,"channel":1},)"
        R"("voice_setting":{"voice_id":"v","english_normalization":true}})";
    constexpr const char* ours = R"({"audio_setting":{"sample_rate":24000,"channel":1},)"
                                 R"("voice_setting":{"voice_id":"v","text_normalization":true}})";
    constexpr const char* one =
        R"({"audio_setting":{"channel":1},"voice_setting":{"voice_id":"v"}})";
    constexpr const char* two =
        R"({"audio_setting":{"channel":2},"voice_setting":{"voice_id":"v"}})";
    constexpr Case table[] = {
        {"/v1/t2a_async_v2", bare, 9'999, "/v1/t2a_v2", two},
        {"/v1/t2a_async_v2", bare, 10'000, "/v1/t2a_async_v2", two},
        {"/v1/t2a_async_v2", theirs, 9'999, "/v1/t2a_v2", ours},
        {"/v1/t2a_async_v2", theirs, 10'000, "/v1/t2a_async_v2", theirs},
        {"https://api.minimax.io/v1/t2a_async_v2?GroupId=7", bare, 10, "/v1/t2a_v2", two},
        {"https://api.minimax.io/v1/t2a_async_v2", theirs, 10, "/v1/t2a_v2", ours},
        // As it was written: the upstream's own default counts.
        {"/v1/t2a_v2", bare, 9'999, "/v1/t2a_v2", bare},
        {"/v1/t2a_v2", bare, 10'000, "/v1/t2a_async_v2", one},
        {"/v1/t2a_v2", ours, 10'000, "/v1/t2a_async_v2", theirs},
    };
    for (const Case& each : table) {
        CAPTURE(each.url);
        CAPTURE(each.given);
        CAPTURE(each.characters);
        boost::json::object body = object(each.given);
        body["model"] = "speech-2.8-hd";
        body["text"] = std::string(each.characters, 'a');
        boost::json::object line;
        line["method"] = "POST";
        line["url"] = each.url;
        line["body"] = std::move(body);
        const auto job = job_of_openai_line(std::move(line), Registry({&minimax_provider()}));
        REQUIRE(job.has_value());
        const boost::json::object& request = job->at("request").as_object();
        const auto chosen = minimax_provider().choose(Kind::tts, request);
        REQUIRE(chosen.has_value());
        REQUIRE((*chosen)->check(request).has_value());
        const Call call = (*chosen)->submit(spec(boost::json::serialize(request)));
        CHECK(call.target == each.target);
        const boost::json::value sent_body = boost::json::parse(call.body);
        const boost::json::object wanted = object(each.sent);
        CHECK(sent_body.at("audio_setting") == wanted.at("audio_setting"));
        CHECK(sent_body.at("voice_setting") == wanted.at("voice_setting"));
    }
}

TEST_CASE("the same wish is told in this op's words") {
    const auto body = sent(
        R"({"output_format":"hex","stream":false,"subtitle_enable":true,)"
        R"("audio_setting":{"sample_rate":32000,"format":"mp3"},)"
        R"("voice_setting":{"voice_id":"v","text_normalization":true},"language_boost":"auto"})");
    CHECK(body ==
          boost::json::parse(
              R"({"model":"speech-2.8-hd","text":"Call me Ishmael.","language_boost":"auto",)"
              R"("audio_setting":{"audio_sample_rate":32000,"format":"mp3","channel":1},)"
              R"("voice_setting":{"voice_id":"v","english_normalization":true}})"));
    CHECK(sent(R"({"audio_setting":{"channel":2}})").at("audio_setting").at("channel") == 2);
    CHECK(sent(R"({"audio_setting":{"channel":null}})").at("audio_setting").at("channel") == 1);
    CHECK(codec().submit(spec(std::string{novel})).target == "/v1/t2a_async_v2");
}

TEST_CASE("a text may come as a file, whose price is not known") {
    CHECK(checked(R"({"text_file_id":7})") == "invalid request.text_file_id");
    CHECK(checked(R"({"text":null,"text_file_id":"7"})") == "invalid request.text_file_id");
    CHECK(checked(R"({"text":null,"text_file_id":7})") == "");
    const auto request =
        changed(object(novel), R"({"text":null,"text_file_id":{"$artifact":"J/0"}})");
    const auto taken = codec().check(request);
    REQUIRE(taken.has_value());
    REQUIRE(taken->files.size() == 1);
    CHECK(taken->files.at(0).rule.purpose == "t2a_async_input");
    CHECK(taken->price_key == "minimax.t2a_async_v2/speech-2.8-hd/file");
    CHECK_FALSE(quote(*taken).has_value());
    CHECK(quote(codec().check(object(novel)).value()).has_value());
    CHECK(sent(R"({"text":null,"text_file_id":7})").at("text_file_id") == 7);
}

TEST_CASE("a long text is a task whose file is an archive") {
    const auto taken = codec().on_submit(
        spec(std::string{novel}),
        ok(R"({"task_id":95157322514444,"file_id":95157322514444,)" + std::string{fine}));
    CHECK(want<Taken>(taken).tasks == std::vector<std::string>{"95157322514444"});
    Task task;
    task.id = "95157322514444";
    CHECK(codec().poll(task).target == "/v1/query/t2a_async_query_v2?task_id=95157322514444");

    for (const std::string_view word : {"Processing", "processing", "Processing..."}) {
        const auto outcome = polled(R"("status":")" + std::string{word} + "\"");
        CHECK(want<StillRunning>(outcome).known_word);
    }
    CHECK_FALSE(want<StillRunning>(polled(R"("status":"Success")")).known_word);
    const auto done = polled(R"("status":"Success","file_id":95157322514444)");
    const Artifact& artifact = want<TaskDone>(done).artifacts.at(0);
    CHECK(artifact.source.from == Source::From::handle);
    CHECK(artifact.source.value == "95157322514444");
    CHECK(artifact.source.packed);
    CHECK(codec().link(artifact.source).target == "/v1/files/retrieve?file_id=95157322514444");

    CHECK(want<TaskFailed>(polled(R"("status":"Failed")")).failure.failure ==
          FailureClass::rejected);
    const auto expired = polled(R"("status":"Expired")");
    CHECK(want<TaskFailed>(expired).failure.failure == FailureClass::expired);
    CHECK_FALSE(want<TaskFailed>(expired).again);
}
