#include "tests/sim_http/model_client.hpp"

#include <doctest/doctest.h>

namespace genspool::tests {

namespace json = boost::json;
using simulator::ModelOptions;
using simulator::ModelReply;
using simulator::ModelRequest;

ModelClient::ModelClient(ModelOptions options) : model_(std::move(options), records) {}

ModelRequest ModelClient::request(std::string_view method, std::string_view target,
                                  std::string_view body) {
    ModelRequest request;
    request.method = method;
    request.target = target;
    request.host = "sim.test";
    request.authorization = "Bearer " + key;
    request.body = body;
    return request;
}

ModelReply ModelClient::send(const ModelRequest& request) {
    return model_.handle(request, now);
}

ModelReply ModelClient::post(std::string_view path, std::string_view body) {
    return send(request("POST", path, body));
}

ModelReply ModelClient::get(std::string_view target) {
    return send(request("GET", target, {}));
}

ModelReply ModelClient::upgrade(std::string_view target) {
    ModelRequest asked = request("GET", target, {});
    asked.upgrade = true;
    return send(asked);
}

ModelReply ModelClient::download(std::string_view link, std::string range, std::string if_range) {
    constexpr std::string_view origin = "http://sim.test";
    REQUIRE(link.starts_with(origin));
    ModelRequest request;
    request.target = link.substr(origin.size());
    request.range = std::move(range);
    request.if_range = std::move(if_range);
    return model_.handle(request, now);
}

ModelReply ModelClient::create(std::string_view prompt) {
    json::object body;
    body.emplace("model", "MiniMax-Hailuo-02");
    body.emplace("prompt", prompt);
    return post("/v1/video_generation", json::serialize(body));
}

json::object ModelClient::query(std::string_view task) {
    return body_of(get("/v1/query/video_generation?task_id=" + std::string(task)));
}

std::string ModelClient::link_of(std::string_view file_id) {
    const auto body = body_of(get("/v1/files/retrieve?file_id=" + std::string(file_id)));
    return text_of(body.at("file").as_object(), "download_url");
}

json::object body_of(const ModelReply& reply) {
    return json::parse(reply.body).as_object();
}

std::int64_t code_of(const ModelReply& reply) {
    return code_of(body_of(reply));
}

std::int64_t code_of(const json::object& body) {
    return body.at("base_resp").at("status_code").as_int64();
}

std::string header_of(const ModelReply& reply, std::string_view name) {
    for (const auto& [key, value] : reply.headers) {
        if (key == name) return value;
    }
    return {};
}

std::string text_of(const json::object& body, std::string_view name) {
    return std::string(body.at(name).as_string());
}

ModelOptions instant_options() {
    ModelOptions options;
    options.latency = proto::Duration(0);
    return options;
}

ModelOptions faulty_options(std::string_view fault, double rate) {
    auto options = instant_options();
    REQUIRE_FALSE(options.faults.set(fault, rate));
    return options;
}

}  // namespace genspool::tests
