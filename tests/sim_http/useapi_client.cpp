#include "tests/sim_http/useapi_client.hpp"

#include <doctest/doctest.h>

namespace genspool::tests {

namespace json = boost::json;
using simulator::ModelReply;

UseapiClient::UseapiClient(simulator::ModelOptions options) : ModelClient(std::move(options)) {
    key = "user:1-secret";
}

ModelReply UseapiClient::ask(std::string_view method, std::string_view path, std::string_view body,
                             std::string_view content_type) {
    auto asked = request(method, "/v1/minimax" + std::string(path), body);
    asked.content_type = content_type;
    return send(asked);
}

ModelReply UseapiClient::buy(std::string_view path, const json::object& fields) {
    return ask("POST", path, json::serialize(fields));
}

std::string UseapiClient::video(std::string_view prompt) {
    const auto reply = buy("/videos/create", {{"account", "301"}, {"prompt", prompt}});
    REQUIRE(reply.status == 200);
    return text_of(body_of(reply), "videoId");
}

ModelReply UseapiClient::look(std::string_view id) {
    std::string_view folder = "/videos/";
    if (id.find("-image:") != id.npos) folder = "/images/";
    if (id.find("-audio:") != id.npos) folder = "/speech/";
    if (id.find("-music:") != id.npos) folder = "/music/";
    if (id.find("-bot:") != id.npos) folder = "/agent/";
    return ask("GET", std::string(folder) + std::string(id));
}

json::object UseapiClient::view(std::string_view id) {
    const auto reply = look(id);
    REQUIRE(reply.status == 200);
    return body_of(reply);
}

void UseapiClient::set(const json::object& account) {
    REQUIRE(post("/sim/useapi", json::serialize(account)).status == 200);
}

json::value json_of(const ModelReply& reply) {
    return json::parse(reply.body);
}

std::string form_of(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
    std::string body;
    for (auto [name, text] : fields) {
        const bool file = name.ends_with('@');
        if (file) name.remove_suffix(1);
        body += "--edge\r\nContent-Disposition: form-data; name=\"" + std::string(name) + "\"";
        if (file) body += "; filename=\"a.png\"\r\nContent-Type: image/png";
        body += "\r\n\r\n" + std::string(text) + "\r\n";
    }
    return body + "--edge--\r\n";
}

}  // namespace genspool::tests
