#include <array>
#include <boost/json/parse.hpp>

#include "proto/canonical_json.hpp"
#include "proto/mcp/arguments.hpp"
#include "proto/mcp/reading.hpp"
#include "proto/mcp/tool.hpp"

namespace genspool::proto::mcp {

namespace json = boost::json;

namespace {

constexpr std::string_view job_output = R"({"type": "object", "required": ["advice", "job"],
"properties": {"advice": {"type": "string", "description": "What was bought, and what to do now"},
 "job": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"},
  "state": {"type": "string"},
  "artifacts": {"type": "array", "items": {"type": "object"}}}}}})";

void add_argument(const Argument& argument, json::object& properties, json::array& required) {
    const std::string bounds(argument.bounds);
    json::object property = json::parse("{" + bounds + "}").get_object();
    property["type"] = argument.type;
    property["description"] = argument.description;
    properties[argument.name] = std::move(property);
    if (argument.required) required.push_back(json::string(argument.name));
}

json::object input_schema(const Tool& tool, const Client& client) {
    json::object properties;
    json::array required;
    for (const Argument& argument : tool.arguments)
        add_argument(argument, properties, required);
    for (const Argument& argument : tool.local) {
        if (client.local) add_argument(argument, properties, required);
    }
    json::object schema;
    schema["type"] = "object";
    schema["properties"] = std::move(properties);
    schema["required"] = std::move(required);
    schema["additionalProperties"] = false;
    return schema;
}

std::string description(const Tool& tool, const Client& client) {
    std::string text(tool.description);
    if (tool.begin != submit && tool.begin != price) return text;
    return text + (client.local ? " A file of the user's is named in the request by {\"$file\": "
                                  "\"PATH\"} in place of a link."
                                : " A file that was handed in by PUT /v1/blobs is named in the "
                                  "request by {\"$file\": \"sha256:…\"} in place of a link.");
}

json::object shown(const Tool& tool, const Client& client) {
    json::object out;
    out["name"] = tool.name;
    out["title"] = tool.title;
    out["description"] = description(tool, client);
    out["inputSchema"] = input_schema(tool, client);
    if (tool.shows_job) out["outputSchema"] = json::parse(job_output);
    json::object& hints = out["annotations"].emplace_object();
    hints["title"] = tool.title;
    // With these it writes files of the user.
    const bool writes = client.local && !tool.local.empty();
    hints["readOnlyHint"] = tool.reads_only && !writes;
    hints["destructiveHint"] = tool.destroys;
    hints["idempotentHint"] = tool.repeats;
    hints["openWorldHint"] = !tool.reads_only;
    return out;
}

json::array text_content(std::string_view text) {
    json::object block;
    block["type"] = "text";
    block["text"] = text;
    json::array content;
    content.push_back(std::move(block));
    return content;
}

}  // namespace

json::object list_tools(const Client& client) {
    json::object out;
    json::array& list = out["tools"].emplace_array();
    for (const Tool& tool : all_tools())
        list.push_back(shown(tool, client));
    return out;
}

Step call_tool(const Message& message, const Client& client) {
    const std::string name = text_of(message.params, "name");
    for (const Tool& tool : all_tools()) {
        if (tool.name != name) continue;
        ToolCall call;
        call.client = client;
        if (const json::value* const arguments = message.params.if_contains("arguments")) {
            if (!arguments->is_object())
                return failed(invalid_params, "arguments must be an object.");
            call.arguments = arguments->get_object();
        }
        if (const json::value* const token = message.meta("progressToken"))
            call.progress_token = *token;
        if (const auto why = misfit(call.arguments, input_schema(tool, client), name))
            return refused(*why + " Nothing was done, and nothing was bought.");
        return tool.begin(call);
    }
    return failed(invalid_params, "There is no tool \"" + name + "\".");
}

Step told(json::object content) {
    Step step;
    step.result["content"] = text_content(compact_json(content));
    step.result["structuredContent"] = std::move(content);
    step.result["isError"] = false;
    return step;
}

Step told_job(const json::value& job, const std::string& before) {
    json::object content;
    content["advice"] = before + advice(job);
    content["job"] = summary(job);
    return told(std::move(content));
}

Step refused(const std::string& why) {
    Step step;
    step.result["content"] = text_content(why);
    step.result["isError"] = true;
    return step;
}

Step::Then tell_job(Purpose purpose) {
    return [purpose](const ApiReply& reply) {
        if (!reply.good()) return refused(trouble(reply, purpose));
        return told_job(read_json(reply.body));
    };
}

ApiCall job_call(const ToolCall& call, const std::string& below) {
    ApiCall api;
    api.target = "/v1/jobs/" + encoded(text_of(call.arguments, "id")) + below;
    return api;
}

}  // namespace genspool::proto::mcp
