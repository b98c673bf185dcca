#include "proto/mcp/ordering.hpp"

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid_io.hpp>

#include "proto/canonical_json.hpp"
#include "proto/mcp/reading.hpp"
#include "proto/mcp/tool.hpp"
#include "proto/prompt_place.hpp"

namespace genspool::proto::mcp {

namespace json = boost::json;

namespace {

/// The order as the API takes it: model and prompt are in the request.
ApiCall order_call(const ToolCall& call) {
    json::object job = call.arguments;
    job.erase("idempotency_key");
    job.erase("model");
    job.erase("prompt");
    json::value& request = job["request"];
    if (!request.is_object()) request.emplace_object();
    const std::string model = text_of(call.arguments, "model");
    const std::string prompt = text_of(call.arguments, "prompt");
    if (!model.empty()) request.get_object()["model"] = model;
    if (!prompt.empty()) put_prompt(request.get_object(), text_of(job, "kind"), prompt);
    ApiCall api;
    api.method = "POST";
    api.target = "/v1/jobs";
    api.body = compact_json(job);
    api.order = true;
    return api;
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
    ApiCall api = order_call(tool);
    api.target += "?dry_run=true";
    return call(std::move(api), tell_price);
}

Step submit(const ToolCall& tool) {
    ApiCall api = order_call(tool);
    api.idempotency_key = text_of(tool.arguments, "idempotency_key");
    return call(std::move(api), tell_order);
}

}  // namespace genspool::proto::mcp
