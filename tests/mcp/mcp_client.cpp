#include "tests/mcp/mcp_client.hpp"

#include <boost/json/parse.hpp>
#include <stdexcept>
#include <utility>

namespace genspool::tests {

namespace json = boost::json;
namespace mcp = proto::mcp;

json::value McpClient::say(const std::string& message) {
    const mcp::Incoming incoming = mcp::read_messages(message);
    const mcp::Message& first = incoming.messages.at(0);
    mcp::Step step = mcp::begin(first, client, "1.2.3");
    while (step.call) {
        if (!step.notification.empty()) notifications.push_back(step.notification);
        calls.push_back(*step.call);
        if (!api_) throw std::logic_error("nobody expected a call of the API");
        const mcp::ApiReply reply = api_(*step.call);
        const mcp::Step::Then then = std::move(step.then);
        step = then(reply);
    }
    return json::parse(mcp::answer_text(first, client, step, "1.2.3"));
}

json::value McpClient::tool(const std::string& name, const std::string& arguments,
                            const std::string& meta) {
    const json::value answer =
        say(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":")" + name +
            R"(","arguments":)" + arguments + R"(,"_meta":)" + meta + "}}");
    return answer.at("result");
}

std::string McpClient::words(const std::string& name, const std::string& arguments) {
    const json::value result = tool(name, arguments);
    return std::string(result.at("content").at(0).at("text").as_string());
}

mcp::ApiReply api_reply(int status, const std::string& body) {
    return {mcp::ApiReply::Way::answered, status, body};
}

}  // namespace genspool::tests
