#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <string>

#include "proto/catalog/catalog.hpp"
#include "proto/job_json.hpp"
#include "proto/mcp/kinds.hpp"
#include "proto/mcp/ordering.hpp"
#include "proto/price.hpp"
#include "tests/mcp/mcp_client.hpp"

using namespace genspool::tests;
namespace mcp = genspool::proto::mcp;
using Way = mcp::ApiReply::Way;

namespace {

constexpr const char* queued =
    R"({"id":"01KAMZ3T","state":"queued","created_at":"2026-11-30T08:00:00Z"})";

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

McpClient answering(int status, const std::string& body) {
    return McpClient([status, body](const mcp::ApiCall&) { return api_reply(status, body); });
}

McpClient failing(Way way) {
    return McpClient(
        [way](const mcp::ApiCall&) { return mcp::ApiReply{way, 0, "the connection was reset"}; });
}

constexpr const char* fox =
    R"({"kind":"video","model":"M","prompt":"a fox","request":{"duration":6}})";

}  // namespace

TEST_CASE("an order becomes a job with model and prompt in their places") {
    McpClient client = answering(201, queued);
    const auto result = client.tool("submit", fox);
    REQUIRE(client.calls.size() == 1);
    CHECK(client.calls[0].method == "POST");
    CHECK(client.calls[0].target == "/v1/jobs");
    CHECK(client.calls[0].order);
    CHECK(boost::json::parse(client.calls[0].body) ==
          boost::json::parse(
              R"({"kind":"video","request":{"duration":6,"model":"M","prompt":"a fox"}})"));
    CHECK_FALSE(result.at("isError").as_bool());
    CHECK(result.at("structuredContent").at("job").at("id") == "01KAMZ3T");
    CHECK(contains(client.words("submit", fox), "Do not submit it again: call wait"));
    client.words("price", R"({"kind":"tts","prompt":"Hello."})");
    CHECK(client.calls.back().target == "/v1/jobs?dry_run=true");
    CHECK(contains(client.calls.back().body, R"("text":"Hello.")"));
}

TEST_CASE("equal orders have equal keys, other orders others") {
    const std::string key = mcp::order_key(R"({"kind":"video","request":{"a":1,"b":2}})");
    CHECK(key == mcp::order_key(R"({"request":{"b":2,"a":1}, "kind":"video"})"));
    CHECK(key != mcp::order_key(R"({"kind":"video","request":{"a":1,"b":3}})"));
    CHECK(key.size() <= 255);
    McpClient client = answering(201, queued);
    client.tool("submit", R"({"kind":"music","idempotency_key":"take-2"})");
    CHECK(client.calls[0].idempotency_key == "take-2");
    CHECK_FALSE(contains(client.calls[0].body, "take-2"));
}

TEST_CASE("an order that is there already is told to be that job, with nothing bought") {
    McpClient client = answering(
        200, R"({"id":"01KAMZ3T","state":"running","created_at":"2026-11-30T08:00:00Z"})");
    const std::string words = client.words("submit", fox);
    CHECK(contains(words, "nothing new was bought"));
    CHECK(contains(words, "bought already"));
    CHECK(contains(words, "2026-11-30T08:00:00Z"));
    CHECK(contains(words, "idempotency_key"));
    McpClient purged = answering(200, R"({"id":"01KAMZ3T","purged":true})");
    CHECK(contains(purged.words("submit", fox), "nothing is bought now"));
}

TEST_CASE("a refused order says why, which field, and that nothing was bought") {
    McpClient client =
        answering(422, R"({"code":"invalid","detail":"request.duration must be 6 or 10, not 7",)"
                       R"("field":"request.duration","billed":false})");
    const auto result = client.tool("submit", fox);
    CHECK(result.at("isError").as_bool());
    const std::string words(result.at("content").at(0).at("text").as_string());
    CHECK(contains(words, "request.duration must be 6 or 10"));
    CHECK(contains(words, "nothing was bought"));
    McpClient conflict = answering(422, R"({"code":"idempotency_conflict","detail":"Used."})");
    CHECK(contains(conflict.words("submit", fox), "another order"));
}

TEST_CASE("an order without an answer may be repeated, one that was not sent has bought nothing") {
    CHECK(contains(failing(Way::lost).words("submit", fox), "exactly the same arguments"));
    CHECK(contains(failing(Way::unsent).words("submit", fox), "nothing was bought"));
    CHECK(contains(failing(Way::lost).words("retry", R"({"id":"x"})"), "look with show"));
    CHECK(contains(failing(Way::lost).words("wait", R"({"id":"x"})"), "go on"));
    CHECK(contains(failing(Way::lost).words("price", fox), "Nothing was bought"));
}

TEST_CASE(
    "an error that leaves open whether the order was taken says to repeat it, never that not") {
    for (const int status : {500, 502, 504, 503}) {
        CAPTURE(status);
        const std::string words =
            answering(status, "<html>Bad Gateway</html>").words("submit", fox);
        CHECK_FALSE(contains(words, "nothing was bought"));
        CHECK(contains(words, "exactly the same arguments"));
    }
    const std::string inside =
        answering(500, R"({"code":"internal","title":"Something went wrong inside"})")
            .words("submit", fox);
    CHECK(contains(inside, "may have been taken"));
    for (const std::string code : {"queue_full", "disk_full", "busy", "stopping"}) {
        CAPTURE(code);
        const std::string words =
            answering(503, R"({"code":")" + code + R"(","title":"No."})").words("submit", fox);
        CHECK(contains(words, "nothing was bought"));
    }
    CHECK(contains(answering(502, "").words("retry", R"({"id":"x"})"), "look with show"));
    CHECK(contains(answering(502, "").words("price", fox), "Nothing was bought"));
}

TEST_CASE("what is said twice in different ways is refused, what is said twice alike is not") {
    McpClient client = answering(201, queued);
    const auto refusal = [&](const std::string& arguments) {
        const auto result = client.tool("submit", arguments);
        return result.at("isError").as_bool()
                   ? std::string(result.at("content").at(0).at("text").as_string())
                   : std::string();
    };
    CHECK(contains(refusal(R"({"kind":"video","model":"M","request":{"model":"N"}})"),
                   "request.model"));
    CHECK(contains(refusal(R"({"kind":"tts","prompt":"Hi.","request":{"text":"Bye."}})"),
                   "request.text"));
    CHECK(client.calls.empty());
    CHECK(refusal(R"({"kind":"video","model":"M","request":{"model":"M"}})").empty());
    CHECK(refusal(R"({"kind":"chat","prompt":"Hi.","request":{"messages":[{"role":"system"}]}})")
              .empty());
}

TEST_CASE("an idempotency key that is no header's value is refused before anything is called") {
    McpClient client = answering(201, queued);
    for (const std::string& key :
         {std::string(R"(a\r\nX-Evil: 1)"), std::string("\u00e9"), std::string(256, 'k')}) {
        CAPTURE(key);
        const std::string words =
            client.words("submit", R"({"kind":"video","idempotency_key":")" + key + "\"}");
        CHECK(contains(words, "printable ASCII"));
    }
    CHECK(client.calls.empty());
}

TEST_CASE("arguments that do not fit are told by name before anything is called") {
    McpClient client;
    const auto told = [&](const std::string& tool, const std::string& arguments,
                          const std::string& part) {
        CAPTURE(arguments);
        const auto result = client.tool(tool, arguments);
        CHECK(result.at("isError").as_bool());
        const std::string words(result.at("content").at(0).at("text").as_string());
        CAPTURE(words);
        CHECK(contains(words, part));
        CHECK(contains(words, "nothing was bought"));
    };
    told("submit", "{}", "argument kind is missing");
    told("submit", R"({"kind":"film"})", "kind must be one of video, ");
    told("submit", R"({"kind":"video","request":"x"})", "request must be of the type object");
    told("submit", R"({"kind":"video","priority":10})", "priority must be from 0 to 9");
    told("submit", R"({"kind":"video","promt":"x"})", "no argument \"promt\"");
    told("price", R"({"kind":"video","idempotency_key":"x"})", "no argument \"idempotency_key\"");
    told("wait", R"({"id":7})", "id must be of the type string");
    told("wait", R"({"id":"x","seconds":46})", "seconds must be from 0 to 45");
    told("wait", R"({"id":"x","seconds":1.5})", "seconds must be of the type integer");
    told("show", "{}", "argument id is missing");
    told("fetch", R"({"id":"x","directory":"/tmp"})", "no argument \"directory\"");
}

TEST_CASE("the price is told, also where there is none") {
    McpClient known = answering(200, R"({"op":"x","cost":{"estimated":0.28,"unit":"USD"}})");
    CHECK(contains(known.words("price", fox), "about 0.28 USD"));
    McpClient unknown = answering(200, R"({"op":"x","cost":{"estimated":null,"unit":null}})");
    CHECK(contains(unknown.words("price", fox), "No price is known"));
}

TEST_CASE("every example of every kind is a job that would be taken") {
    namespace proto = genspool::proto;
    const proto::PriceTable prices(proto::catalog(), {});
    for (const mcp::KindText& kind : mcp::kind_texts()) {
        CHECK(proto::parse_kind(kind.name).has_value());
        CHECK_FALSE((kind.minimax.empty() && kind.useapi.empty()));
        for (const std::string_view example : {kind.minimax, kind.useapi}) {
            if (example.empty()) continue;
            const bool official = example.data() == kind.minimax.data();
            McpClient client = answering(201, queued);
            client.tool("submit", std::string(example));
            REQUIRE(client.calls.size() == 1);
            auto job = boost::json::parse(client.calls[0].body).as_object();
            job["provider"] = official ? "minimax" : "useapi";
            CAPTURE(boost::json::serialize(job));
            proto::AdmissionContext context{proto::catalog(), prices, "", 3, {}, {}, "uid:1", true};
            const auto parsed = proto::parse_job(job, context);
            if (!parsed) CAPTURE(parsed.error().message);
            CHECK(parsed.has_value());
        }
    }
    CHECK(mcp::kind_texts().size() == 11);
}
