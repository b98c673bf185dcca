#include "proto/mcp/ordering.hpp"

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid_io.hpp>

#include "proto/canonical_json.hpp"
#include "proto/idempotency_key.hpp"
#include "proto/mcp/reading.hpp"
#include "proto/mcp/tool.hpp"
#include "proto/prompt_place.hpp"

namespace genspool::proto::mcp {

namespace json = boost::json;

namespace {

constexpr std::string_view nothing_done = " Nothing was ordered, and nothing was bought.";

/// The request with model and prompt in it, which the arguments may name beside it.
json::object whole_request(const json::object& arguments) {
    json::object request;
    if (const json::value* const given = arguments.if_contains("request"))
        request = given->get_object();
    const std::string model = text_of(arguments, "model");
    const std::string prompt = text_of(arguments, "prompt");
    if (!model.empty()) request["model"] = model;
    if (!prompt.empty()) put_prompt(request, text_of(arguments, "kind"), prompt);
    return request;
}

/// What in the request an argument beside it has replaced by something else; empty: nothing. To a
/// list it only adds.
std::string contradicted(const json::object& arguments, const json::object& whole) {
    const json::value* const given = arguments.if_contains("request");
    if (given == nullptr) return {};
    for (const auto& [name, value] : given->get_object()) {
        if (!value.is_array() && whole.at(name) != value) return std::string(name);
    }
    return {};
}

/// Sends the order as the API takes it.
Step send_order(const ToolCall& tool, std::string target, Step::Then then) {
    json::object job = tool.arguments;
    for (const char* const beside : {"idempotency_key", "model", "prompt"})
        job.erase(beside);
    json::object request = whole_request(tool.arguments);
    if (const std::string name = contradicted(tool.arguments, request); !name.empty())
        return refused("request." + name + " is one thing in the request and another beside it: " +
                       "say it once." + std::string(nothing_done));
    job["request"] = std::move(request);
    ApiCall api;
    api.method = "POST";
    api.target = std::move(target);
    api.body = compact_json(job);
    api.order = true;
    api.idempotency_key = text_of(tool.arguments, "idempotency_key");
    if (!is_idempotency_key(api.idempotency_key))
        return refused("idempotency_key " + std::string(idempotency_key_rule) + "." +
                       std::string(nothing_done));
    return call(std::move(api), std::move(then));
}

Step tell_order(const ApiReply& reply) {
    if (!reply.good()) return refused(trouble(reply, Purpose::order));
    const json::value job = read_json(reply.body);
    if (reply.status == 201) return told_job(job, "The order is taken and on disk. ");
    return told_job(job, "This very order had been handed in before (" +
                             text_of(job, "created_at") +
                             "): it is that job, and nothing new was bought. To buy it once more "
                             "on purpose, give a new idempotency_key. ");
}

Step tell_price(const ApiReply& reply) {
    if (!reply.good()) return refused(trouble(reply, Purpose::price));
    const json::value estimate = read_json(reply.body);
    const json::value& cost = member(estimate, "cost");
    const std::string amount = text_of(cost, "estimated");
    json::object content;
    content["advice"] =
        (amount.empty() ? "No price is known for it, so nobody can say what it costs."
                        : "It would cost about " + amount + " " + text_of(cost, "unit") + ".") +
        std::string(" Nothing was ordered, and nothing was bought: submit does that.");
    content["estimate"] = estimate;
    return told(std::move(content));
}

}  // namespace

std::string order_key(const std::string& job) {
    const boost::uuids::name_generator_sha1 generator(boost::uuids::ns::oid());
    return "mcp-" + boost::uuids::to_string(generator(canonical_json(read_json(job))));
}

Step price(const ToolCall& tool) {
    return send_order(tool, "/v1/jobs?dry_run=true", tell_price);
}

Step submit(const ToolCall& tool) {
    return send_order(tool, "/v1/jobs", tell_order);
}

}  // namespace genspool::proto::mcp
