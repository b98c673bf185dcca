#include "proto/useapi/speech.hpp"

#include <doctest/doctest.h>

#include "proto/price.hpp"
#include "proto/useapi/provider.hpp"
#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;
using useapi::speech;

namespace {

std::string check(std::string_view more) {
    return verdict(speech(), changed(object(R"({"text":"t","voice_id":"12"})"), more));
}

std::string with_text(std::size_t characters, std::string_view model) {
    return check(R"({"model":")" + std::string(model) + R"(","text":")" +
                 std::string(characters, 'a') + "\"}");
}

std::string poll(std::string body) {
    return polled(speech(), audio_id, ok(std::move(body)));
}

}  // namespace

TEST_CASE("a speech needs a text, as long as its model reads, and a voice") {
    CHECK(check("{}").empty());
    CHECK(check(R"({"text":null})") == "missing request.text");
    CHECK(check(R"({"text":""})") == "invalid request.text");
    CHECK(check(R"({"voice_id":null})") == "missing request.voice_id");
    CHECK(check(R"({"voice_id":12})") == "invalid request.voice_id");
    for (const char* model : {"speech-2.8-hd", "speech-02-hd", "speech-2.5-hd-preview"}) {
        CHECK(with_text(5'000, model).empty());
        CHECK(with_text(5'001, model) == "too_long request.text");
    }
    for (const char* model : {"speech-2.8-turbo", "speech-2.5-turbo-preview", "speech-9"}) {
        CHECK(with_text(10'000, model).empty());
        CHECK(with_text(10'001, model) == "too_long request.text");
    }
    CHECK(check(R"({"text":")" + std::string(5'001, 'a') + "\"}") == "too_long request.text");
}

TEST_CASE("how a speech sounds is checked as far as its limits are known") {
    CHECK(check(R"({"emotion":"fluent","speed":2,"pitch":-12,"vol":1.5,"language_boost":"English",
                    "robotic":true,"word_timings":"x"})")
              .empty());
    CHECK(check(R"({"emotion":"bored"})") == "invalid request.emotion");
    CHECK(check(R"({"speed":0.4})") == "invalid request.speed");
    CHECK(check(R"({"pitch":13})") == "invalid request.pitch");
    CHECK(check(R"({"language_boost":5})") == "invalid request.language_boost");
    CHECK(check(R"({"account":"301"})") == "owned_by_genspool request.account");
}

TEST_CASE("a speech is paid for by its characters, in credits") {
    const Registry registry({&useapi_provider()});
    const PriceTable prices(registry);
    const auto costs = [&](std::string_view model) {
        const auto checked = speech().check(object(
            R"({"text":"0123456789","voice_id":"1","model":")" + std::string(model) + "\"}"));
        return prices.quote(*checked);
    };
    CHECK(costs("speech-2.8-hd") == Money{10'000'000, Unit::credits});
    CHECK(costs("speech-2.8-turbo") == Money{6'000'000, Unit::credits});
    CHECK_FALSE(costs("speech-02-hd").has_value());
    const auto checked = speech().check(object(R"({"text":"äöü","voice_id":"1"})"));
    CHECK(checked->quantity == 3);
    CHECK(checked->model == "speech-2.8-hd");
    CHECK(checked->names.at(0) == NamedThing{{Thing::Kind::voice, "1"}, "request.voice_id"});
}

TEST_CASE("a speech that was bought tells the id of its clip") {
    const Call call = sent(speech(), R"({"text":"t","voice_id":"1"})");
    CHECK(call.target == "/speech/create");
    CHECK(call.body == R"({"account":"301","replyRef":"01J#2",)"
                       R"("replyUrl":"https://spool.example/cb/x","text":"t","voice_id":"1"})");
    const auto bought = speech().on_submit(
        spec("{}"),
        reply(201, R"({"audioId":"user:1-minimax:301-audio:8","statusLabel":"pending"})"));
    CHECK(want<Taken>(bought).tasks == std::vector{std::string(audio_id)});
    CHECK(want<Refusal>(speech().on_submit(spec("{}"), reply(201, "{}"))).on_create ==
          OnCreate::ambiguous);
}

TEST_CASE("a clip is finished when it says so and has its sound, whatever its number") {
    CHECK(poll(R"({"status":0,"statusLabel":"pending","statusFinal":false})") == "running pending");
    CHECK(poll(R"({"status":0,"statusLabel":"completed","statusFinal":true,
        "audio_url":"https://c.example/a.mp3"})") == "done user:1-minimax:301-audio:8 audio/mpeg,");
    CHECK(poll(R"({"statusFinal":true,"audio_url":"https://c.example/a.mp3"})") ==
          "done user:1-minimax:301-audio:8 audio/mpeg,");
    CHECK(poll(R"({"statusLabel":"completed","statusFinal":true})") == "running? completed");
    CHECK(poll(R"({"statusLabel":"failed","statusFinal":true,"code":500,"error":"x"})") ==
          "failed task.failed again");
    CHECK(poll(R"({"statusLabel":"failed","statusFinal":true,"code":422,"error":"x"})") ==
          "failed task.failed");
    const auto done = speech().on_poll(
        task(audio_id), ok(R"({"statusFinal":true,"audio_url":"https://c.example/a.mp3",
                                "cost_credit":42,"text":"t"})"));
    CHECK(want<TaskDone>(done).result == R"({"cost_credit":42})");
    const auto failed = speech().on_poll(
        task(audio_id),
        ok(R"({"statusLabel":"failed","statusFinal":true,"error":{"message":"why"}})"));
    CHECK(want<TaskFailed>(failed).failure.message == "why");
}

TEST_CASE("a cancelled speech is taken from the scheduler") {
    const auto call = speech().cancel(task(audio_id), "pending");
    REQUIRE(call.has_value());
    CHECK(shown(*call) == "DELETE /scheduler/user:1-minimax:301-audio:8");
}
