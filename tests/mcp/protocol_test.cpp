#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>
#include <string>

#include "tests/mcp/mcp_client.hpp"

using namespace genspool::tests;
namespace mcp = genspool::proto::mcp;

namespace {

int code_of(const boost::json::value& answer) {
    return answer.at("error").at("code").to_number<int>();
}

std::string text(const boost::json::value& value) {
    return std::string(value.as_string());
}

std::string request(const std::string& method, const std::string& params = "{}") {
    return R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":)" + params + "}";
}

constexpr const char* modern_meta =
    R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
    R"("io.modelcontextprotocol/clientCapabilities":{}})";

}  // namespace

TEST_CASE("a handshake comes to the revision that was asked for, or the newest that has one") {
    McpClient client;
    client.client.revision = "2025-11-25";
    const auto agreed = [&](const std::string& wanted) {
        const auto answer = client.say(request(
            "initialize", R"({"protocolVersion":")" + wanted +
                              R"(","capabilities":{},"clientInfo":{"name":"t","version":"1"}})"));
        CHECK(text(answer.at("result").at("serverInfo").at("name")) == "genspool");
        CHECK(text(answer.at("result").at("serverInfo").at("version")) == "1.2.3");
        CHECK(answer.at("result").at("capabilities").as_object().contains("tools"));
        CHECK_FALSE(text(answer.at("result").at("instructions")).empty());
        return text(answer.at("result").at("protocolVersion"));
    };
    CHECK(agreed("2024-11-05") == "2024-11-05");
    CHECK(agreed("2025-03-26") == "2025-03-26");
    CHECK(agreed("2025-06-18") == "2025-06-18");
    CHECK(agreed("2025-11-25") == "2025-11-25");
    CHECK(agreed("2026-07-28") == "2025-11-25");
    CHECK(agreed("1999-01-01") == "2025-11-25");
}

TEST_CASE("a client without a handshake discovers the server and gets results of its revision") {
    McpClient client;
    const auto found =
        client.say(request("server/discover", "{" + std::string(modern_meta) + "}")).at("result");
    CHECK(text(found.at("resultType")) == "complete");
    CHECK(text(found.at("supportedVersions").at(0)) == "2026-07-28");
    CHECK(text(found.at("_meta").at("io.modelcontextprotocol/serverInfo").at("name")) ==
          "genspool");
    const auto tools =
        client.say(request("tools/list", "{" + std::string(modern_meta) + "}")).at("result");
    CHECK(tools.at("ttlMs").to_number<int>() > 0);
    CHECK(text(tools.at("cacheScope")) == "public");
    CHECK(code_of(client.say(request("ping", "{" + std::string(modern_meta) + "}"))) == -32601);
}

TEST_CASE("a revision that is not spoken, and a request without its capabilities, are refused") {
    McpClient client;
    const auto answer = client.say(
        request("tools/list", R"({"_meta":{"io.modelcontextprotocol/protocolVersion":"1900-01-01",)"
                              R"("io.modelcontextprotocol/clientCapabilities":{}}})"));
    CHECK(code_of(answer) == -32022);
    CHECK(text(answer.at("error").at("data").at("requested")) == "1900-01-01");
    CHECK(text(answer.at("error").at("data").at("supported").at(0)) == "2026-07-28");
    CHECK(code_of(client.say(request(
              "tools/list",
              R"({"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}})"))) == -32602);
}

TEST_CASE("results of older revisions have nothing that these do not know") {
    McpClient client;
    client.client.revision = "2024-11-05";
    const auto tools = client.say(request("tools/list")).at("result");
    CHECK_FALSE(tools.as_object().contains("resultType"));
    CHECK_FALSE(tools.as_object().contains("ttlMs"));
    CHECK(client.say(request("ping")).at("result").as_object().empty());
}

TEST_CASE("what is no message is told by JSON-RPC's own codes, with its id where there is one") {
    McpClient client;
    CHECK(code_of(client.say("{\"jsonrpc\":")) == -32700);
    CHECK(client.say("nonsense").at("id").is_null());
    CHECK(code_of(client.say("7")) == -32600);
    CHECK(code_of(client.say("[]")) == -32600);
    CHECK(code_of(client.say(R"({"id":1,"method":"ping"})")) == -32600);
    CHECK(code_of(client.say(R"({"jsonrpc":"2.0","id":null,"method":"ping"})")) == -32600);
    CHECK(code_of(client.say(R"({"jsonrpc":"2.0","id":1.5,"method":"ping"})")) == -32600);
    CHECK(code_of(client.say(R"({"jsonrpc":"2.0","id":1,"method":7})")) == -32600);
    const auto listed = client.say(R"({"jsonrpc":"2.0","id":"a","method":"x","params":[1]})");
    CHECK(code_of(listed) == -32602);
    CHECK(text(listed.at("id")) == "a");
    CHECK(code_of(client.say(request("prompts/list"))) == -32601);
    CHECK(code_of(client.say(request("tools/call", R"({"name":"buy"})"))) == -32602);
    CHECK(code_of(client.say(request("tools/call", R"({"name":"list","arguments":3})"))) == -32602);
    std::string deep(100, '[');
    CHECK(code_of(client.say(deep)) == -32700);
}

TEST_CASE("notifications and answers are not answered; a batch is a list of messages") {
    const auto first = [](const std::string& line) {
        return mcp::read_messages(line).messages.at(0);
    };
    CHECK_FALSE(first(R"({"jsonrpc":"2.0","method":"notifications/initialized"})").wants_answer());
    CHECK_FALSE(first(R"({"jsonrpc":"2.0","id":3,"result":{}})").wants_answer());
    CHECK(first(R"({"jsonrpc":"2.0","id":3,"method":"ping"})").wants_answer());
    const mcp::Incoming batch = mcp::read_messages(
        R"([{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"n"},5])");
    CHECK(batch.batch);
    REQUIRE(batch.messages.size() == 3);
    CHECK(batch.messages[0].wants_answer());
    CHECK_FALSE(batch.messages[1].wants_answer());
    CHECK(batch.messages[2].fault->code == -32600);
}

TEST_CASE("each tool has a schema that names what it takes, and hints that fit it") {
    McpClient client;
    const auto tools = client.say(request("tools/list")).at("result").at("tools");
    CHECK(tools.as_array().size() == 10);
    for (const auto& tool : tools.as_array()) {
        CAPTURE(text(tool.at("name")));
        CHECK_FALSE(text(tool.at("description")).empty());
        CHECK(text(tool.at("inputSchema").at("type")) == "object");
        for (const auto& property : tool.at("inputSchema").at("properties").as_object())
            CHECK_FALSE(text(property.value().at("description")).empty());
        const auto& hints = tool.at("annotations");
        const bool spends = tool.at("name") == "submit" || tool.at("name") == "retry";
        const bool changes = spends || tool.at("name") == "cancel";
        CHECK(hints.at("readOnlyHint").as_bool() != changes);
        CHECK(hints.at("destructiveHint").as_bool() == (tool.at("name") == "cancel"));
        CHECK(hints.at("idempotentHint").as_bool() == (tool.at("name") != "retry"));
        const bool warns = text(tool.at("description")).find("SPEND") != std::string::npos;
        CHECK(warns == spends);
    }
    const auto here = boost::json::serialize(tools);
    CHECK(here.find("directory") == std::string::npos);
    client.client.local = true;
    CHECK(boost::json::serialize(client.say(request("tools/list"))).find("directory") !=
          std::string::npos);
}
