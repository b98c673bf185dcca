#include "tests/gateway/useapi_world.hpp"

#include <doctest/doctest.h>

#include "tests/support/await.hpp"

namespace genspool::tests {

namespace json = boost::json;

UseapiWorld::UseapiWorld(const Adjust& adjust, std::chrono::milliseconds latency)
    : GatewayWorld(
          [&adjust](daemon::Config& config) {
              add_linked(config, "linked", linked_number);
              if (adjust) adjust(config);
          },
          latency) {}

void UseapiWorld::add_linked(daemon::Config& config, const std::string& name,
                             const std::string& upstream_account) {
    daemon::AccountConfig account;
    account.name = name;
    account.provider = "useapi";
    account.base_url = config.accounts.front().base_url;
    if (account.base_url.find("/v1/minimax") == std::string::npos)
        account.base_url += "/v1/minimax";
    account.api_key = daemon::Secret("user:1-secret");
    account.upstream_account = upstream_account;
    account.key_has_accounts = true;
    account.unit = proto::Unit::credits;
    account.slots = {{"agent", 2}, {"image", 5}, {"music", 1}, {"speech", 3}, {"video", 3}};
    account.poll_min = std::chrono::milliseconds{20};
    account.poll_max = std::chrono::milliseconds{50};
    config.accounts.push_back(account);
}

json::value UseapiWorld::await_final(const std::string& path) const {
    auto client = alice();
    json::value last;
    await("the end of " + path, [&] {
        const ApiReply reply = client.get(useapi(path));
        CAPTURE(reply.body);
        REQUIRE(reply.status == 200);
        last = reply.json();
        const json::object& view = last.as_object();
        return view.contains("statusFinal") ? view.at("statusFinal").as_bool()
                                            : view.at("status") != "started";
    });
    return last;
}

void UseapiWorld::await_state(const std::string& state) const {
    await("state " + state, [&] {
        const auto jobs = daemon.client().get("/v1/jobs?state=" + state).json();
        return jobs.at("jobs").as_array().size() == 1;
    });
}

int error_of(const ApiReply& reply) {
    const json::value value = reply.json();
    CHECK_FALSE(value.at("error").as_string().empty());
    CHECK(value.at("code").as_int64() == reply.status);
    return reply.status;
}

std::string prompt_of(const std::string& prompt, const std::string& more) {
    return R"({"prompt":")" + prompt + "\"" + more + "}";
}

std::string spoken(const std::string& text, const std::string& more) {
    return R"({"voice_id":"226893671006276","text":")" + text + "\"" + more + "}";
}

std::string text_of(const json::value& value, std::string_view name) {
    return std::string(value.at(name).as_string());
}

}  // namespace genspool::tests
