#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <string>

#include "tests/daemon/running_daemon.hpp"
#include "tests/daemon/token_file.hpp"

using namespace genspool::tests;

namespace {

std::string request(const std::string& method, const std::string& params = "{}") {
    return R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":)" + params + "}";
}

std::string tool(const std::string& name, const std::string& arguments,
                 const std::string& meta = "{}") {
    return request("tools/call", R"({"name":")" + name + R"(","arguments":)" + arguments +
                                     R"(,"_meta":)" + meta + "}");
}

constexpr const char* fox =
    R"({"kind":"video","model":"MiniMax-Hailuo-02","prompt":"a fox","request":{"duration":6}})";

constexpr const char* modern = R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                               R"("io.modelcontextprotocol/clientCapabilities":{}})";

boost::json::value told(const ApiReply& reply) {
    return reply.json().at("result").at("structuredContent");
}

int code_of(const ApiReply& reply) {
    return reply.json().at("error").at("code").to_number<int>();
}

}  // namespace

TEST_CASE("over HTTP a client shakes hands, lists the tools and orders as who it is") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const ApiReply hello =
        client.post("/mcp", request("initialize", R"({"protocolVersion":"2025-06-18"})"));
    CHECK(hello.status == 200);
    CHECK(hello.json().at("result").at("protocolVersion") == "2025-06-18");
    const ApiReply noted =
        client.post("/mcp", R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
    CHECK(noted.status == 202);
    CHECK(noted.body.empty());
    const ApiReply tools = client.post("/mcp", request("tools/list"));
    CHECK(tools.json().at("result").at("tools").as_array().size() == 10);

    const auto first = told(client.post("/mcp", tool("submit", fox)));
    const std::string id(first.at("job").at("id").as_string());
    const ApiReply shown = client.get("/v1/jobs/" + id);
    CHECK(shown.at("op") == "minimax.video_v1");
    CHECK(shown.at("principal").starts_with("uid:"));

    CHECK(client.get("/mcp").status == 405);
}

TEST_CASE("over HTTP the same order is the same job, another key is another one") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const auto order = [&](const std::string& key) {
        std::string arguments = fox;
        if (!key.empty()) arguments.insert(1, R"("idempotency_key":")" + key + "\",");
        return std::string(
            told(client.post("/mcp", tool("submit", arguments))).at("job").at("id").as_string());
    };
    const std::string first = order("");
    CHECK(order("") == first);
    const std::string second = order("take-2");
    CHECK(second != first);
    CHECK(order("take-2") == second);
    client.close();
    daemon.restart();
    auto later = daemon.client();
    CHECK(told(later.post("/mcp", tool("submit", fox))).at("job").at("id") == first.c_str());
    CHECK(later.get("/v1/jobs").json().at("jobs").as_array().size() == 2);
}

TEST_CASE("over HTTP the other tools look and act") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const auto ask = [&](const std::string& name, const std::string& arguments) {
        return client.post("/mcp", tool(name, arguments)).json().at("result");
    };
    const auto price = ask("price", fox).at("structuredContent");
    CHECK(price.at("estimate").at("cost").at("unit") == "USD");
    CHECK(ask("list", "{}").at("structuredContent").at("jobs").as_array().empty());
    const auto job = ask("submit", fox).at("structuredContent").at("job");
    const std::string id = R"({"id":")" + std::string(job.at("id").as_string()) + "\"";
    CHECK(ask("wait", id + R"(,"seconds":0})").at("structuredContent").at("job").at("state") ==
          "queued");
    CHECK_FALSE(ask("explain", id + "}")
                    .at("structuredContent")
                    .at("explanation")
                    .at("gates")
                    .as_array()
                    .empty());
    CHECK(
        ask("list", R"({"state":"queued"})").at("structuredContent").at("jobs").as_array().size() ==
        1);
    CHECK(ask("fetch", id + "}").at("isError").as_bool());
    CHECK(ask("cancel", id + "}").at("structuredContent").at("job").at("state") == "canceled");
    CHECK(ask("retry", id + "}").at("structuredContent").at("job").at("state") == "queued");
    CHECK(ask("show", id + "}").at("structuredContent").at("job").at("request").at("prompt") ==
          "a fox");
    CHECK(ask("kinds", "{}").at("structuredContent").at("kinds").as_array().size() == 11);
    const auto wrong = ask("submit", R"({"kind":"video","model":"MiniMax-Hailuo-02","prompt":"x",)"
                                     R"("request":{"duration":7}})");
    CHECK(wrong.at("isError").as_bool());
    const std::string words(wrong.at("content").at(0).at("text").as_string());
    CHECK(words.find("request.duration") != std::string::npos);
    CHECK(words.find("nothing was bought") != std::string::npos);
}

TEST_CASE("over HTTP a request without a handshake must say in its header what its body says") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const std::string body = tool("list", "{}", modern);
    const Headers right = {
        {"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", "tools/call"}, {"Mcp-Name", "list"}};
    const ApiReply good = client.post("/mcp", body, right);
    CHECK(good.status == 200);
    CHECK(good.json().at("result").at("resultType") == "complete");
    Headers encoded = right;
    encoded[2].second = "=?base64?bGlzdA==?=";
    CHECK(client.post("/mcp", body, encoded).status == 200);
    for (std::size_t i = 0; i < right.size(); ++i) {
        Headers wrong = right;
        wrong[i].second = "other";
        const ApiReply reply = client.post("/mcp", body, wrong);
        CHECK(reply.status == 400);
        CHECK(code_of(reply) == -32020);
        wrong.erase(wrong.begin() + static_cast<std::ptrdiff_t>(i));
        CHECK(code_of(client.post("/mcp", body, wrong)) == -32020);
    }
    const std::string unknown = request("ping", R"({"_meta":)" + std::string(modern) + "}");
    const ApiReply gone = client.post(
        "/mcp", unknown, {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", "ping"}});
    CHECK(gone.status == 404);
    CHECK(code_of(gone) == -32601);
    const ApiReply later = client.post(
        "/mcp",
        request("tools/list",
                R"({"_meta":{"io.modelcontextprotocol/protocolVersion":"2030-01-01"}})"),
        {{"MCP-Protocol-Version", "2030-01-01"}, {"Mcp-Method", "tools/list"}});
    CHECK(later.status == 400);
    CHECK(code_of(later) == -32022);
    CHECK(client.post("/mcp", request("ping"), {{"MCP-Protocol-Version", "1.0"}}).status == 400);
}

TEST_CASE("over HTTP what is no message is a bad request; a batch is answered as one") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const ApiReply nonsense = client.post("/mcp", "nonsense");
    CHECK(nonsense.status == 400);
    CHECK(code_of(nonsense) == -32700);
    const ApiReply batch = client.post("/mcp", "[" + request("ping") + ",7," + request("x") + "]");
    CHECK(batch.status == 200);
    REQUIRE(batch.json().as_array().size() == 3);
    CHECK(batch.json().at(1).at("error").at("code").to_number<int>() == -32600);
    CHECK(client.post("/mcp", std::string(3U << 20U, ' ')).status == 413);
    CHECK(client.post("/mcp?x=1", request("ping")).status == 422);
}

TEST_CASE("pages of other sites are turned away, whatever they know") {
    RunningDaemon daemon;
    auto client = daemon.client();
    CHECK(client.post("/mcp", request("ping"), {{"Origin", "https://localhost"}}).status == 200);
    for (const std::string origin : {"https://evil.example", "null", "http://localhost.evil"}) {
        auto stranger = daemon.client();
        const ApiReply reply = stranger.post("/mcp", request("ping"), {{"Origin", origin}});
        CHECK(reply.status == 403);
        CHECK(reply.at("code") == "cross_origin");
    }
}

TEST_CASE("a batch whose answers grow long is answered no further, and what was not done is told") {
    RunningDaemon daemon;
    auto client = daemon.client();
    std::string labels;
    for (int i = 0; i < 8; ++i)
        labels +=
            (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":\"" + std::string(200, 'x') + "\"";
    std::string jobs = "[";
    for (int i = 0; i < 50; ++i)
        jobs += R"({"kind":"video","request":{"model":"MiniMax-Hailuo-02","prompt":"a fox"},)"
                R"("labels":{)" +
                labels + "}},";
    jobs.back() = ']';
    REQUIRE(client.post("/v1/jobs", jobs).status == 202);
    std::string many = "[";
    for (int i = 0; i < 49; ++i)
        many += tool("list", R"({"limit":50})") + ",";
    many += tool("submit", fox) + "]";
    const auto answers = client.post("/mcp", many).json().as_array();
    REQUIRE(answers.size() == 50);
    CHECK(answers.front().as_object().contains("result"));
    CHECK(answers.back().at("error").at("code").to_number<int>() == -32603);
    CHECK(std::string(answers.back().at("error").at("message").as_string()).find("Nothing was") !=
          std::string::npos);
    CHECK(client.get("/v1/jobs?limit=100").json().at("jobs").as_array().size() == 50);
}
