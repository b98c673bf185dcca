#include "daemon/peer.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/daemon/other_user.hpp"
#include "tests/daemon/running_daemon.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

constexpr uid_t somebody = 65'533;
constexpr gid_t plain_group = 65'533;
constexpr gid_t admin_group = 64'321;

/// Opens the daemon's socket to everybody who can reach it, as the group does in a service.
void let_everybody_reach(const std::string& socket) {
    ::chmod(std::filesystem::path(socket).parent_path().c_str(), 0755);
    ::chmod(socket.c_str(), 0666);
}

ApiClient client_as(const RunningDaemon& daemon, uid_t user, gid_t group,
                    std::vector<gid_t> groups) {
    return ApiClient::on_descriptor(
        connect_as(user, group, std::move(groups), daemon.config().daemon.socket));
}

}  // namespace

TEST_CASE("a peer's uid owns its jobs; the admin group acts on all, by whichever of its groups") {
    if (!can_be_other_user()) {
        MESSAGE("not run: only root can be somebody else");
        return;
    }
    RunningDaemon daemon({}, daemon::AdminGroup{admin_group});
    let_everybody_reach(daemon.config().daemon.socket);
    auto root = daemon.client();
    auto owner = client_as(daemon, somebody, plain_group, {});
    auto other = client_as(daemon, somebody - 1, plain_group, {plain_group, 7});
    auto by_group = client_as(daemon, somebody - 2, admin_group, {});
    auto by_further_group = client_as(daemon, somebody - 3, plain_group, {7, admin_group});

    std::vector<std::string> jobs;
    for (int i = 0; i < 4; ++i)
        jobs.push_back(owner.post("/v1/jobs", video_text()).at("id"));
    const auto cancel = [&jobs](ApiClient& client, std::size_t job) {
        return client.post("/v1/jobs/" + jobs[job] + "/cancel", "");
    };
    CHECK(other.get("/v1/jobs/" + jobs[0]).status == 200);
    CHECK(cancel(other, 0).at("code") == "not_owner");
    CHECK(other.post("/v1/queue/pause", "").at("code") == "not_owner");
    CHECK(owner.post("/v1/queue/pause", "").at("code") == "not_owner");
    CHECK(cancel(owner, 0).status == 200);
    CHECK(cancel(by_group, 1).status == 200);
    CHECK(cancel(by_further_group, 2).status == 200);
    CHECK(cancel(root, 3).status == 200);
    CHECK(by_further_group.post("/v1/queue/pause", "").status == 200);
}

TEST_CASE("a peer with more groups than most is still known by all of them") {
    if (!can_be_other_user()) {
        MESSAGE("not run: only root can be somebody else");
        return;
    }
    RunningDaemon daemon({}, daemon::AdminGroup{admin_group});
    let_everybody_reach(daemon.config().daemon.socket);
    std::vector<gid_t> groups;
    for (gid_t group = 1'000; group < 1'500; ++group)
        groups.push_back(group);
    auto member = client_as(daemon, somebody, plain_group, groups);
    CHECK(member.post("/v1/queue/pause", "").at("code") == "not_owner");
    groups.push_back(admin_group);
    auto admin = client_as(daemon, somebody, plain_group, groups);
    CHECK(admin.post("/v1/queue/pause", "").status == 200);
}

TEST_CASE("what is no connected unix socket has no peer") {
    CHECK_FALSE(daemon::peer_of(-1, {}).has_value());
}
