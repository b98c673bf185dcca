#include "proto/minimax/chat.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

const Codec& codec() {
    return minimax::chat();
}

constexpr std::string_view hello =
    R"({"model":"MiniMax-M2.7","messages":[{"role":"user","content":"Hello"}]})";
constexpr std::string_view whole =
    R"({"id":"04","choices":[{"finish_reason":"stop","index":0,)"
    R"("message":{"role":"assistant","content":"Hi there"}}],"model":"MiniMax-M2.7",)"
    R"("object":"chat.completion","usage":{"total_tokens":9},)"
    R"("base_resp":{"status_code":0,"status_msg":""}})";

std::string checked(std::string_view change) {
    return verdict(codec(), changed(object(hello), change));
}

Reply events(std::initializer_list<std::string_view> all) {
    std::string body = ": a comment\n\n";
    for (const std::string_view each : all)
        body += "data: " + std::string{each} + "\n\n";
    Reply reply = ok(std::move(body));
    reply.headers.emplace_back("content-type", "text/event-stream");
    return reply;
}

std::string chunk(std::string_view content, std::string_view finish = "") {
    return R"({"id":"04","model":"MiniMax-M2.7","choices":[{"index":0,"delta":{"content":")" +
           std::string{content} + R"("},"finish_reason":")" + std::string{finish} + R"("}]})";
}

std::string said(const Reply& reply) {
    const auto outcome = codec().on_submit(spec(std::string{hello}), reply);
    const auto result = boost::json::parse(want<Answered>(outcome).result);
    const auto& choice = result.at("choices").at(0);
    return std::string{choice.at("message").at("content").as_string()};
}

Refusal refused(const Reply& reply) {
    return want<Refusal>(codec().on_submit(spec(std::string{hello}), reply));
}

}  // namespace

TEST_CASE("a wrong chat request is refused by the name of its field") {
    struct Case {
        std::string_view change;
        std::string_view verdict;
    };
    const Case cases[] = {
        {"{}", ""},
        {R"({"model":null})", "missing request.model"},
        {R"({"messages":null})", "missing request.messages"},
        {R"({"messages":[]})", "invalid request.messages"},
        {R"({"messages":[{"content":"x"}]})", "missing request.messages[0].role"},
        {R"({"messages":[{"role":"king","content":"x"}]})", "invalid request.messages[0].role"},
        {R"({"messages":[{"role":"user"}]})", "missing request.messages[0].content"},
        {R"({"messages":[{"role":"assistant","tool_calls":[]}]})", ""},
        {R"({"messages":[{"role":"user","content":[]}]})", "invalid request.messages[0].content"},
        {R"({"messages":[{"role":"user","content":7}]})", "invalid request.messages[0].content"},
        {R"({"messages":[{"role":"user","content":[7]}]})",
         "invalid request.messages[0].content[0]"},
        {R"({"messages":[{"role":"user","content":[{"type":"video_url","video_url":{}}]}]})",
         "missing request.messages[0].content[0].video_url.url"},
        {R"({"messages":[{"role":"user","content":[{"type":"video_url",)"
         R"("video_url":{"url":"mm_file://7"}}]}]})",
         ""},
        {R"({"messages":[{"role":"user","content":[{"type":"video_url",)"
         R"("video_url":{"url":"film.mp4"}}]}]})",
         "invalid request.messages[0].content[0].video_url.url"},
        {R"({"messages":[{"role":"user","content":[{"type":"image_url","image_url":{}}]}]})",
         "missing request.messages[0].content[0].image_url.url"},
        {R"({"messages":[{"role":"user","content":[{"type":"image_url",)"
         R"("image_url":{"url":7}}]}]})",
         "invalid request.messages[0].content[0].image_url.url"},
        {R"({"messages":[{"role":"user","content":[{"type":"image_url",)"
         R"("image_url":{"url":"data:image/gif;base64,R0lG"}}]}]})",
         ""},
        {R"({"temperature":1})", ""},
        {R"({"top_p":1.1})", "invalid request.top_p"},
        {R"({"max_completion_tokens":0})", "invalid request.max_completion_tokens"},
        {R"({"n":2})", "invalid request.n"},
        {R"({"stream":1})", "invalid request.stream"},
    };
    for (const Case& each : cases) {
        CAPTURE(each.change);
        CHECK(checked(each.change) == each.verdict);
    }
}

TEST_CASE("OpenAI's words that MiniMax does not know are refused with the words that it knows") {
    struct Case {
        std::string_view change;
        std::string_view field;
        std::string_view says;
    };
    const Case cases[] = {
        {R"({"messages":[{"role":"developer","content":"x"}]})", "request.messages[0].role",
         "say system"},
        {R"({"temperature":0})", "request.temperature", "above 0"},
        {R"({"temperature":0.0})", "request.temperature", "above 0"},
        {R"({"temperature":1.2})", "request.temperature", "at most 1"},
        {R"({"tool_choice":"required"})", "request.tool_choice", "none or auto"},
        {R"({"tool_choice":{"type":"function","function":{"name":"f"}}})", "request.tool_choice",
         "none or auto"},
    };
    for (const Case& each : cases) {
        CAPTURE(each.change);
        const auto refused = codec().check(changed(object(hello), each.change));
        REQUIRE(refused.has_error());
        CHECK(refused.error().code == "invalid");
        CHECK(refused.error().field == each.field);
        CAPTURE(refused.error().message);
        CHECK(refused.error().message.find(each.says) != std::string::npos);
    }
    CHECK(checked(R"({"tool_choice":"none"})") == "");
    CHECK(checked(R"({"tool_choice":"auto"})") == "");
    CHECK(checked(R"({"messages":[{"role":"system","content":"x"}]})") == "");
}

TEST_CASE("an answer is streamed unless the user says otherwise") {
    CHECK(codec().submit(spec(std::string{hello})).body.starts_with(R"({"stream":true,"model")"));
    const std::string plain = R"({"stream":false,"model":"m","messages":[]})";
    CHECK(codec().submit(spec(plain)).body == plain);
    CHECK(codec().submit(spec(plain)).target == "/v1/text/chatcompletion_v2");
}

TEST_CASE("what a chat may cost is known where its length is bounded") {
    const auto price = [](std::string_view change) {
        return codec().check(changed(object(hello), change)).value();
    };
    CHECK(price("{}").price_key == "");
    CHECK(price(R"({"max_completion_tokens":1000})").price_key == "minimax.chat/MiniMax-M2.7");
    CHECK(price(R"({"max_completion_tokens":1000})").quantity > 1000);
    CHECK(price(R"({"max_completion_tokens":1000})").quantity < 1010);
    // A film or a picture makes as many as the upstream says.
    CHECK(price(R"({"max_completion_tokens":1000,"messages":[{"role":"user","content":)"
                R"([{"type":"video_url","video_url":{"url":"mm_file://7"}}]}]})")
              .price_key == "");
    CHECK(price(R"({"max_completion_tokens":1000,"messages":[{"role":"user","content":)"
                R"([{"type":"image_url","image_url":{"url":"https://a.example/p.png"}}]}]})")
              .price_key == "");
    CHECK(price(R"({"max_tokens":10})").quantity > 10);
}

TEST_CASE("a completion is the result, however it came") {
    CHECK(said(ok(std::string{whole})) == "Hi there");
    // The last event says all of it: what came before is not to be added.
    CHECK(said(events({chunk("Hi "), chunk("there"), whole})) == "Hi there");
    CHECK(said(events({chunk("Hi "), chunk("there", "stop"), "[DONE]"})) == "Hi there");
}

TEST_CASE("a chat that broke off is not an answer") {
    CHECK(refused(events({chunk("Hi ")})).on_create == OnCreate::taken_failed);
    CHECK(refused(events({})).on_create == OnCreate::ambiguous);
    CHECK(refused(ok("{}")).on_create == OnCreate::ambiguous);
    CHECK(refused(ok(R"({"choices":null,"base_resp":{"status_code":0,"status_msg":""}})"))
              .on_create == OnCreate::taken_failed);
    const std::string_view limit =
        R"({"choices":null,"base_resp":{"status_code":1002,"status_msg":"slow"}})";
    CHECK(refused(events({limit})).on_create == OnCreate::not_created);
    CHECK(refused(events({chunk("Hi"), limit})).on_create == OnCreate::taken_failed);
    CHECK(refused(events({chunk(""), limit})).on_create == OnCreate::taken_failed);
    CHECK(refused(coded(1026)).failure.failure == FailureClass::rejected);
    CHECK(refused(reply(429, R"-({"error":{"message":"usage limit (2056)"}})-")).on_create ==
          OnCreate::not_created);
}

TEST_CASE("too many tokens may be the question's own fault, so another try may undo the refusal") {
    const Refusal tokens = refused(coded(1039));
    CHECK(tokens.failure.failure == FailureClass::rejected);
    CHECK(tokens.failure.retryable);
    CHECK(tokens.on_create == OnCreate::not_created);
    CHECK(tokens.quarantine.scope == Scope::model);
    CHECK_FALSE(refused(coded(2013)).failure.retryable);
}

TEST_CASE("a very long completion is a file, and the result tells what it cost") {
    const std::string essay(100'000, 'e');
    const Reply reply = ok(R"({"id":"04","choices":[{"message":{"content":")" + essay +
                           R"("}}],"usage":{"total_tokens":9},)"
                           R"("base_resp":{"status_code":0,"status_msg":""}})");
    const auto outcome = codec().on_submit(spec(std::string{hello}), reply);
    const Delivered& delivered = want<Delivered>(outcome);
    CHECK(delivered.artifacts.at(0).media_type == "application/json");
    CHECK(delivered.result == R"({"id":"04","usage":{"total_tokens":9}})");
    const auto file = std::get<std::string>(codec().extract(spec(std::string{hello}), reply, 0));
    CHECK(boost::json::parse(file).at("choices").at(0).at("message").at("content").as_string() ==
          essay);
}
