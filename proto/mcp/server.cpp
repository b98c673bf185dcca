#include "proto/mcp/server.hpp"

#include <array>
#include <utility>

#include "proto/canonical_json.hpp"
#include "proto/mcp/reading.hpp"
#include "proto/mcp/resources.hpp"
#include "proto/mcp/tool.hpp"

namespace genspool::proto::mcp {

namespace json = boost::json;

namespace {

constexpr std::string_view instructions =
    "genspool buys generative media (video, speech, music, pictures, …) from paid providers and "
    "keeps every order on disk. How to work with it: kinds tells what can be ordered; price checks "
    "an order and tells its cost, for free; submit orders, SPENDS MONEY and answers at once with a "
    "job id; wait with that id until the job has ended (videos take minutes: call wait again and "
    "again); fetch gives its files. Nothing is lost when you, this connection or the daemon stop: "
    "a job goes on by itself, and list finds it. Never submit an order anew because an answer is "
    "missing or a job takes long. If submit itself got no answer, repeat it with exactly the same "
    "arguments: that gives the same job and buys nothing twice. The field advice of an answer says "
    "what was bought and what to do next; follow it.";

/// How long a list may be kept: tools do not change while a program runs, jobs do.
constexpr int lasting_ms = 300'000;

json::object server_info(std::string_view version) {
    json::object info;
    info["name"] = "genspool";
    info["title"] = "genspool";
    info["version"] = version;
    return info;
}

json::object capabilities() {
    json::object all;
    all["tools"].emplace_object();
    all["resources"].emplace_object();
    return all;
}

/// A handshake: the revision that was asked for, or the newest that has one.
json::object initialize(const Message& message, std::string_view version) {
    json::object out;
    out["protocolVersion"] = agreed_revision(message);
    out["capabilities"] = capabilities();
    out["serverInfo"] = server_info(version);
    out["instructions"] = instructions;
    return out;
}

json::object discover() {
    json::object out;
    json::array& spoken = out["supportedVersions"].emplace_array();
    for (const std::string_view each : revisions())
        spoken.push_back(json::string(each));
    out["capabilities"] = capabilities();
    out["instructions"] = instructions;
    return out;
}

Step done(json::object result) {
    Step step;
    step.result = std::move(result);
    return step;
}

bool is_stateless(const Client& client) {
    return client.revision == stateless_revision;
}

/// What a request without a handshake must bring along.
std::optional<Step> misses_meta(const Message& message) {
    const std::string revision = own_revision(message);
    if (revision.empty()) return std::nullopt;
    if (revision != stateless_revision) {
        json::object data;
        json::array& spoken = data["supported"].emplace_array();
        for (const std::string_view each : revisions())
            spoken.push_back(json::string(each));
        data["requested"] = revision;
        return failed(unsupported_revision, "Unsupported protocol version", std::move(data));
    }
    const json::value* const client = message.meta("io.modelcontextprotocol/clientCapabilities");
    if (client == nullptr || !client->is_object())
        return failed(invalid_params,
                      "_meta must have io.modelcontextprotocol/clientCapabilities.");
    return std::nullopt;
}

/// What results of the newest revision have beside what older ones have.
void complete(json::object& result, const std::string& method, std::string_view version) {
    result["resultType"] = "complete";
    json::object meta;
    meta["io.modelcontextprotocol/serverInfo"] = server_info(version);
    result["_meta"] = std::move(meta);
    const bool lasts = method == "tools/list" || method == "resources/templates/list" ||
                       method == "server/discover";
    if (!lasts && method != "resources/list" && method != "resources/read") return;
    result["ttlMs"] = lasts ? lasting_ms : 0;
    result["cacheScope"] = lasts ? "public" : "private";
}

}  // namespace

Step call(ApiCall api, Step::Then then) {
    Step step;
    step.call = std::move(api);
    step.then = std::move(then);
    return step;
}

Step failed(int code, std::string message, json::value data) {
    Step step;
    step.fault = Fault{code, std::move(message), std::move(data)};
    return step;
}

Step begin(const Message& message, const Client& client, std::string_view version) {
    if (message.fault) return failed(message.fault->code, message.fault->message);
    if (auto step = misses_meta(message)) return std::move(*step);
    const std::string& method = message.method;
    if (method == "tools/list") return done(list_tools(client));
    if (method == "tools/call") return call_tool(message, client);
    if (method == "resources/list") return list_resources(message, client);
    if (method == "resources/read") return read_resource(message, client);
    if (method == "resources/templates/list") return done(list_templates());
    if (method == "server/discover") return done(discover());
    // Gone since the newest revision.
    if (method == "initialize" && !is_stateless(client)) return done(initialize(message, version));
    if (method == "ping" && !is_stateless(client)) return done({});
    return failed(method_not_found, "There is no method " + method + ".");
}

std::string answer_text(const Message& message, const Client& client, const Step& last,
                        std::string_view version) {
    json::object out;
    out["jsonrpc"] = "2.0";
    out["id"] = message.id;
    if (last.fault) {
        json::object& error = out["error"].emplace_object();
        error["code"] = last.fault->code;
        error["message"] = last.fault->message;
        if (!last.fault->data.is_null()) error["data"] = last.fault->data;
        return compact_json(out);
    }
    json::object result = last.result;
    if (is_stateless(client)) complete(result, message.method, version);
    out["result"] = std::move(result);
    return compact_json(out);
}

}  // namespace genspool::proto::mcp
