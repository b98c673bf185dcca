#include "proto/minimax/h3_context_ir.hpp"

#include <doctest/doctest.h>

#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

const Codec& codec() {
    return minimax::h3_context_ir();
}

constexpr std::string_view kite =
    R"({"model":"MiniMax-H3","duration":5,"content":[{"type":"text","text":"a kite"}]})";

PollOutcome polled(std::string_view task) {
    return codec().on_poll(Task{}, ok(R"({"task":)" + std::string{task} + "}"));
}

}  // namespace

TEST_CASE("a prompt is written anew for what a video would be made of") {
    const auto checked = [](std::string_view change) {
        return verdict(codec(), changed(object(kite), change));
    };
    CHECK(checked("{}") == "");
    CHECK(checked(R"({"duration":null})") == "");
    CHECK(checked(R"({"ratio":"16:9"})") == "");
    CHECK(checked(R"({"model":null})") == "missing request.model");
    CHECK(checked(R"({"content":null})") == "missing request.content");
    CHECK(checked(R"({"content":[{"type":"text"}]})") == "missing request.content[0].text");
    CHECK(checked(R"({"duration":3})") == "invalid request.duration");
    CHECK(checked(R"({"ratio":"2:1"})") == "invalid request.ratio");
    CHECK(codec().check(object(kite))->artifacts == 0);
    CHECK(codec().check(object(kite))->price_key == "");
    CHECK(codec().submit(spec(std::string{kite})).target == "/v2/h3_context_ir");
    CHECK(codec().submit(spec(std::string{kite})).body == kite);
}

TEST_CASE("its task ends with words, and no file") {
    CHECK(want<StillRunning>(polled(R"({"status":"running"})")).known_word);
    const auto done =
        polled(R"({"status":"succeeded","content":{"prompt":"A \"kite\" over dunes"}})");
    CHECK(want<TaskDone>(done).artifacts.empty());
    CHECK(want<TaskDone>(done).upstream_state == "succeeded");
    CHECK(want<TaskDone>(done).result == R"({"prompt":"A \"kite\" over dunes"})");
    // No words, or a clip: not what it is asked for.
    for (const std::string_view content :
         {"{}", R"({"prompt":""})", R"({"url":"https://e.com"})"}) {
        const auto outcome =
            polled(R"({"status":"succeeded","content":)" + std::string{content} + "}");
        CHECK_FALSE(want<StillRunning>(outcome).known_word);
    }
    CHECK(want<TaskFailed>(polled(R"({"status":"failed","error":{"code":"1026"}})"))
              .failure.failure == FailureClass::rejected);
}
