#include "tests/gateway/gateway_world.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <stdexcept>

#include "tests/support/await.hpp"

namespace genspool::tests {

namespace json = boost::json;

namespace {

simulator::ModelOptions options_of(std::chrono::milliseconds latency) {
    simulator::ModelOptions options;
    options.latency = latency;
    return options;
}

}  // namespace

GatewayWorld::GatewayWorld(const Adjust& adjust, std::chrono::milliseconds latency)
    : upstream(options_of(latency)), daemon([&](daemon::Config& config) {
          tokens.add("alice");
          tokens.add("bob");
          config.http.listen = "127.0.0.1:0";
          config.http.token_file = tokens.path();
          config.fetch.private_hosts = true;
          add_account(config, "main", upstream.url(), "sk-test-key");
          if (adjust) adjust(config);
      }) {}

void GatewayWorld::add_account(daemon::Config& config, const std::string& name,
                               const std::string& url, const std::string& key) {
    daemon::AccountConfig account;
    account.name = name;
    account.provider = "minimax";
    account.base_url = url;
    account.api_key = daemon::Secret(key);
    for (const char* const slot_class :
         {"video", "video_v2", "tts", "tts_async", "music", "image", "voice", "chat", "chat_batch"})
        account.slots[slot_class] = 8;
    account.poll_min = std::chrono::milliseconds{20};
    account.poll_max = std::chrono::milliseconds{50};
    config.accounts.push_back(account);
}

ApiClient GatewayWorld::as(const std::string& name) const {
    return daemon.tcp_client(TokenFile::secret(name));
}

json::value GatewayWorld::await_task(const std::string& target) const {
    auto client = alice();
    json::value last;
    await("the task's end at " + target, [&] {
        const ApiReply reply = client.get(target);
        REQUIRE(reply.status == 200);
        last = reply.json();
        const json::object& fields = last.as_object();
        const json::value& holder = fields.contains("task") ? fields.at("task") : last;
        const std::string status(holder.at("status").as_string());
        return status == "Success" || status == "Fail" || status == "Failed" ||
               status == "succeeded" || status == "failed" || status == "cancelled" ||
               status == "completed";
    });
    return last;
}

std::size_t GatewayWorld::jobs() const {
    return daemon.client().get("/v1/jobs?limit=1000").json().at("jobs").as_array().size();
}

void GatewayWorld::await_jobs(std::size_t count) const {
    await("so many jobs", [&] { return jobs() == count; });
}

void GatewayWorld::pause() const {
    REQUIRE(daemon.client().post("/v1/queue/pause", "").status == 200);
}

void GatewayWorld::resume() const {
    REQUIRE(daemon.client().post("/v1/queue/resume", "").status == 200);
}

std::int64_t code_of(const ApiReply& reply) {
    return reply.json().at("base_resp").at("status_code").as_int64();
}

std::string words_of(const ApiReply& reply) {
    return std::string(reply.json().at("base_resp").at("status_msg").as_string());
}

std::string at(const ApiReply& reply, const std::string& path) {
    json::value value = reply.json();
    std::size_t from = 0;
    while (from <= path.size()) {
        const std::size_t dot = std::min(path.find('.', from), path.size());
        json::value inside = value.at(path.substr(from, dot - from));
        value = std::move(inside);
        from = dot + 1;
    }
    return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

std::string from_hex(const std::string& digits) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
    return bytes;
}

std::string path_of(const std::string& url) {
    const std::size_t host = url.find("://");
    if (host == std::string::npos) throw std::runtime_error("no link: " + url);
    return url.substr(url.find('/', host + 3));
}

std::string speech(const std::string& text, const std::string& more) {
    return R"({"model":"speech-2.6-hd","text":")" + text +
           R"(","voice_setting":{"voice_id":"English_expressive_narrator"})" + more + "}";
}

std::string film(const std::string& prompt) {
    return R"({"model":"MiniMax-Hailuo-02","prompt":")" + prompt +
           R"(","duration":6,"resolution":"768P"})";
}

}  // namespace genspool::tests
