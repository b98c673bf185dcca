// The whole daemon and an upstream that calls back, in one process.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "daemon/setup.hpp"
#include "daemon/state_secret.hpp"
#include "tests/daemon/running_daemon.hpp"
#include "tests/simulator/local_upstream.hpp"
#include "tests/support/await.hpp"
#include "tests/support/held_port.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// A daemon that asks for a task once an hour, unless it is called.
struct World {
    World()
        : upstream([] {
              simulator::ModelOptions options;
              options.latency = std::chrono::milliseconds{0};
              return options;
          }()),
          daemon([this](daemon::Config& config) {
              const std::string port = std::to_string(held.number());
              config.callbacks = {"127.0.0.1:" + port, "http://127.0.0.1:" + port + "/hooks"};
              daemon::AccountConfig account;
              account.name = "main";
              account.provider = "minimax";
              account.base_url = upstream.url();
              account.api_key = daemon::Secret("sk-test-key");
              account.slots = {{"video", 2}};
              account.poll_min = std::chrono::hours{1};
              account.poll_max = std::chrono::hours{1};
              config.accounts.push_back(account);
              config.fetch.private_hosts = true;
          }) {}

    std::string secret_file() const {
        return daemon.config().daemon.state_dir + "/run/callback_secret";
    }
    /// The end of the address that "main" gives to its upstream.
    std::string secret() const {
        return daemon::accounts_of(daemon.config(), daemon::state_secret(secret_file(), ""))
            ->find("main")
            ->callback_secret;
    }

    HeldPort held;
    simulator::LocalUpstream upstream;
    RunningDaemon daemon;
};

}  // namespace

TEST_CASE("a job ends by its callback, whose secret address stands nowhere else") {
    World world;
    auto client = world.daemon.client();
    const std::string id = client.post("/v1/jobs", video_text()).at("id");
    await("the job's end", [&] { return client.get("/v1/jobs/" + id).at("state") == "succeeded"; });

    const std::string secret = world.secret();
    REQUIRE(secret.size() == 32);
    for (const std::string& target :
         {"/v1/jobs/" + id, "/v1/jobs/" + id + "/events", "/v1/jobs/" + id + "/explain",
          std::string("/v1/accounts"), std::string("/v1/stats"), std::string("/v1/queue")})
        CHECK(client.get(target).body.find(secret) == std::string::npos);
    CHECK(daemon::show_config(world.daemon.config()).find(secret) == std::string::npos);

    const auto stranger = [&] { return ApiClient(world.held.number(), ""); };
    CHECK(stranger().get("/v1/jobs/" + id).status == 404);
    CHECK(stranger().post("/hooks/" + secret, R"({"task_id":"7"})").body == "{}");
    CHECK(client.get("/v1/stats").at("jobs") == "1");

    struct stat status{};
    REQUIRE(::stat(world.secret_file().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600U);
    world.daemon.restart();
    CHECK(world.secret() == secret);
    world.daemon.halt();
    int files = 0;
    const std::string state = world.daemon.config().daemon.state_dir;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(state)) {
        if (!entry.is_regular_file()) continue;
        CAPTURE(entry.path().string());
        CHECK(bytes_of(entry.path()).find(secret) == std::string::npos);
        ++files;
    }
    CHECK(files > 5);
}

TEST_CASE("without [callbacks] there is no secret, and no address") {
    RunningDaemon daemon([](daemon::Config& config) {
        daemon::AccountConfig account;
        account.name = "main";
        account.provider = "minimax";
        account.api_key = daemon::Secret("sk-test-key");
        config.accounts.push_back(account);
    });
    daemon.halt();
    CHECK_FALSE(std::filesystem::exists(daemon.config().daemon.state_dir + "/run/callback_secret"));
    const auto accounts = daemon::accounts_of(daemon.config());
    CHECK(accounts->find("main")->callback_url == "");
    CHECK(accounts->find("main")->callback_secret == "");
}
