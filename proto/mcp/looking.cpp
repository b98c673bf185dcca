#include <algorithm>

#include "proto/canonical_json.hpp"
#include "proto/mcp/reading.hpp"
#include "proto/mcp/tool.hpp"

namespace genspool::proto::mcp {

namespace json = boost::json;

namespace {

constexpr unsigned wait_seconds_usual = 25;
constexpr unsigned list_usual = 20;
/// A local client hears of progress, and may call the wait off, between two rounds.
constexpr unsigned round_seconds = 5;
/// A longer request is not for an agent's eyes: it has whole files in it.
constexpr std::size_t request_bytes_max = 16U << 10U;

struct Waiting {
    ApiCall call;
    bool local = false;
    json::value token;
    unsigned waited = 0;
    unsigned most = 0;
};

std::string progress_notice(const Waiting& waiting, const json::value& job) {
    if (waiting.token.is_null()) return {};
    json::object params;
    params["progressToken"] = waiting.token;
    params["progress"] = waiting.waited;
    params["total"] = waiting.most;
    const std::string done = text_of(job, "progress");
    params["message"] = text_of(job, "state") + (done.empty() ? "" : ", done: " + done + " of 1");
    json::object notice;
    notice["jsonrpc"] = "2.0";
    notice["method"] = "notifications/progress";
    notice["params"] = std::move(params);
    return compact_json(notice);
}

Step wait_on(Waiting waiting) {
    const unsigned left = waiting.most - waiting.waited;
    waiting.call.wait_seconds = waiting.local ? std::min(left, round_seconds) : left;
    waiting.waited += waiting.call.wait_seconds;
    ApiCall api = waiting.call;
    return call(std::move(api), [waiting = std::move(waiting)](const ApiReply& reply) {
        if (!reply.good()) return refused(trouble(reply, Purpose::look));
        const json::value job = read_json(reply.body);
        if (has_settled(job)) return told_job(job);
        if (waiting.waited >= waiting.most) return told_job(job, "Still under way. ");
        Step next = wait_on(waiting);
        next.notification = progress_notice(waiting, job);
        return next;
    });
}

void add_parameter(std::string& target, const json::object& arguments, std::string_view name) {
    const std::string value = text_of(arguments, name);
    if (value.empty()) return;
    target += target.find('?') == std::string::npos ? '?' : '&';
    target.append(name).append("=").append(encoded(value));
}

Step tell_list(const ApiReply& reply) {
    if (!reply.good()) return refused(trouble(reply, Purpose::look));
    const json::value page = read_json(reply.body);
    json::object content;
    json::array& jobs = content["jobs"].emplace_array();
    if (const json::value& shown = member(page, "jobs"); shown.is_array()) {
        for (const json::value& job : shown.get_array())
            jobs.push_back(summary(job));
    }
    content["next"] = member(page, "next");
    return told(std::move(content));
}

}  // namespace

Step wait(const ToolCall& tool) {
    Waiting waiting;
    waiting.call = job_call(tool);
    waiting.local = tool.client.local;
    waiting.token = tool.progress_token;
    const json::value* const seconds = tool.arguments.if_contains("seconds");
    waiting.most = seconds == nullptr ? wait_seconds_usual : seconds->to_number<unsigned>();
    return wait_on(std::move(waiting));
}

Step show(const ToolCall& tool) {
    return call(job_call(tool), [](const ApiReply& reply) {
        if (!reply.good()) return refused(trouble(reply, Purpose::look));
        const json::value job = read_json(reply.body);
        json::object content;
        content["advice"] = advice(job);
        json::object& shown = content["job"].emplace_object();
        shown = summary(job);
        const json::value& request = member(job, "request");
        if (compact_json(request).size() <= request_bytes_max) shown["request"] = request;
        return told(std::move(content));
    });
}

Step list(const ToolCall& tool) {
    ApiCall api;
    api.target = "/v1/jobs";
    json::object filters = tool.arguments;
    filters.emplace("limit", list_usual);
    for (const char* const name : {"state", "kind", "label", "batch", "account", "limit", "cursor"})
        add_parameter(api.target, filters, name);
    return call(std::move(api), tell_list);
}

Step explain(const ToolCall& tool) {
    return call(job_call(tool, "/explain"), [](const ApiReply& reply) {
        if (!reply.good()) return refused(trouble(reply, Purpose::look));
        json::object content;
        content["explanation"] = read_json(reply.body);
        return told(std::move(content));
    });
}

Step cancel(const ToolCall& tool) {
    ApiCall api = job_call(tool, "/cancel");
    api.method = "POST";
    return call(std::move(api), tell_job(Purpose::act));
}

Step retry(const ToolCall& tool) {
    ApiCall api = job_call(tool, "/retry");
    api.method = "POST";
    api.repeatable = false;
    return call(std::move(api), tell_job(Purpose::act));
}

}  // namespace genspool::proto::mcp
