// proto/mcp: what a client says, and what the daemon's API answers to what follows from it.

#include <array>
#include <boost/json.hpp>
#include <string>

#include "proto/mcp/server.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace genspool::fuzz {
namespace {

namespace mcp = proto::mcp;
using Way = mcp::ApiReply::Way;

constexpr std::string_view job =
    R"({"id":"01KAMZ3T","state":"succeeded","kind":"image","cost":{"spent":0.5,"unit":"USD"},)"
    R"("artifacts":[{"n":0,"name":"a/b.txt","media_type":"text/plain","bytes":3,"state":"home"}]})";

mcp::ApiReply reply_of(Choices& choices) {
    static const std::array<mcp::ApiReply, 8> replies{
        mcp::ApiReply{Way::answered, 200, std::string(job)},
        mcp::ApiReply{Way::answered, 201, R"({"id":"01KAMZ3T","state":"queued"})"},
        mcp::ApiReply{Way::answered, 200, R"({"jobs":[{"id":1},7,null],"next":3})"},
        mcp::ApiReply{Way::answered, 422, R"({"code":"invalid","field":"x","detail":7})"},
        mcp::ApiReply{Way::answered, 503, "busy"},
        mcp::ApiReply{Way::answered, 200, "\xff\xfe no JSON"},
        mcp::ApiReply{Way::lost, 0, "reset"},
        mcp::ApiReply{Way::unsent, 0, {}},
    };
    return replies.at(choices.below(replies.size()));
}

void converse(const mcp::Message& message, const mcp::Client& client, Choices& choices) {
    mcp::Step step = mcp::begin(message, client, "1");
    for (int calls = 0; step.call; ++calls) {
        must(calls < 20, "an answer comes to an end");
        must(step.call->target.starts_with("/v1/"), "a call is one of the API");
        must(step.call->method == "GET" || step.call->method == "POST", "a call has a method");
        const mcp::Step::Then then = std::move(step.then);
        step = then(reply_of(choices));
    }
    const std::string text = mcp::answer_text(message, client, step, "1");
    must(text.find('\n') == std::string::npos, "an answer is one line");
    const auto answer = boost::json::parse(text);
    must(answer.as_object().contains("result") != answer.as_object().contains("error"),
         "an answer is a result or an error");
}

}  // namespace

void fuzz_one(std::string_view input) {
    Choices choices(input);
    mcp::Client client;
    client.local = choices.below(2) == 1;
    client.revision = mcp::revisions().at(choices.below(mcp::revisions().size()));
    std::array<char, 4> taken{};
    for (char& each : taken)
        each = static_cast<char>(choices.byte());
    for (const mcp::Message& message : mcp::read_messages(input).messages) {
        std::string_view decisions(taken.data(), taken.size());
        Choices replies(decisions);
        if (message.wants_answer()) converse(message, client, replies);
    }
}

}  // namespace genspool::fuzz
