#include "daemon/reload.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/daemon/running_daemon.hpp"
#include "tests/support/held_port.hpp"

using namespace genspool;
using namespace genspool::daemon;

namespace {

AccountConfig account(const std::string& name) {
    AccountConfig account;
    account.name = name;
    account.provider = "minimax";
    account.api_key_setting = "api_key_env";
    account.api_key_from = "MINIMAX_KEY";
    account.api_key = Secret("sk-of-" + name);
    account.base_url = "http://127.0.0.1:1";
    return account;
}

}  // namespace

TEST_CASE("accounts, prices, defaults and attempts count at once") {
    Config running;
    running.accounts = {account("main")};
    Config fresh;
    fresh.accounts = {account("main"), account("spare")};
    fresh.accounts[0].rpm = {{"video", 7}};
    fresh.prices["minimax.music/music-2.6"] = {{150'000, proto::Unit::usd}, 0};
    fresh.defaults.provider = "minimax";
    fresh.retry.max_attempts = 9;
    const Reload reload = plan_reload(running, fresh);
    CHECK(reload.later.empty());
    CHECK(show_config(reload.config) == show_config(fresh));
}

TEST_CASE("of several hooks the one that has changed is named") {
    Config running;
    running.hooks.list.resize(2);
    running.hooks.list[0].url = "https://a.example";
    Config fresh = running;
    fresh.hooks.list[0].url = "https://b.example";
    CHECK(plan_reload(running, fresh).later == std::vector<std::string>{"hook[1].url"});
}

TEST_CASE("a hook that is new is named, and no account because of it") {
    Config running;
    running.accounts = {account("main")};
    Config fresh = running;
    fresh.hooks.list.resize(1);
    const std::vector<std::string> later = plan_reload(running, fresh).later;
    CHECK_FALSE(later.empty());
    for (const std::string& name : later)
        CHECK(name.starts_with("hook[1]."));
}

TEST_CASE("all else stays as it is running, and is named") {
    Config running;
    running.daemon.admin_group = "video";
    Config fresh;
    fresh.retention.jobs = proto::Duration(60'000);
    fresh.disk.reserve_bytes = 1;
    fresh.http.listen = "127.0.0.1:7788";
    fresh.patience["minimax.music"] = proto::Duration(60'000);
    const Reload reload = plan_reload(running, fresh);
    CHECK(reload.later ==
          std::vector<std::string>{"daemon.admin_group", "disk.reserve", "retention.jobs",
                                   "http.listen", "http.token_file", "patience.\"minimax.music\""});
    CHECK(show_config(reload.config) == show_config(running));
}

TEST_CASE("a running daemon reloads though the files of its secrets cannot be read any more") {
    tests::HeldPort held;
    tests::RunningDaemon daemon([&held](Config& config) {
        const std::string port = std::to_string(held.number());
        config.callbacks = {"127.0.0.1:" + port, "http://127.0.0.1:" + port + "/hooks"};
        config.accounts = {account("main")};
    });
    for (const char* name : {"key_salt", "callback_secret"})
        std::ofstream(daemon.config().daemon.state_dir + "/run/" + name) << "damaged";

    daemon.reload([](Config& config) { config.accounts.push_back(account("spare")); });

    CHECK(daemon.client().get("/v1/accounts").body.find("spare") != std::string::npos);
}
