#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <fstream>
#include <stdexcept>

#include "daemon/listener.hpp"
#include "daemon/on_cpu_word.hpp"
#include "daemon/peer.hpp"
#include "daemon/setup.hpp"
#include "daemon/state_directory.hpp"
#include "daemon/state_secret.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace genspool;
using namespace genspool::daemon;

namespace {

mode_t mode_of(const std::string& path) {
    struct stat status{};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 0777U;
}

}  // namespace

TEST_CASE("a state directory is one daemon's, and what is secret in it is closed") {
    const tests::TemporaryDirectory directory;
    const StateDirectory state(directory.path("a/state"));

    CHECK(mode_of(state.db()) == 0700);
    CHECK(mode_of(state.path() + "/spool") == 0700);
    CHECK((mode_of(state.artifacts()) & 07U) == 0);
    CHECK_THROWS_AS(StateDirectory(directory.path("a/state")), std::runtime_error);
}

TEST_CASE("the word of what was on the CPU outlives who wrote it") {
    const tests::TemporaryDirectory directory;
    const std::string path = directory.path("on_cpu");
    {
        const OnCpuWord word(path);
        CHECK_FALSE(word.before());
        word.word()->store(42);
    }
    {
        const OnCpuWord word(path);
        CHECK(word.before() == proto::JobSeq{42});
        CHECK(word.word()->load() == 0);
    }
    CHECK_FALSE(OnCpuWord(path).before());
}

TEST_CASE("a socket that nobody serves is replaced, a living one is not, nor is a file") {
    const tests::TemporaryDirectory directory;
    const std::string path = directory.path("run/api.sock");
    boost::asio::io_context io;
    {
        const Listener first(io.get_executor(), path);
        CHECK(mode_of(path) == 0660);
        CHECK_THROWS_AS(Listener(io.get_executor(), path), std::runtime_error);
    }
    CHECK(::access(path.c_str(), F_OK) != 0);
    {
        boost::asio::local::stream_protocol::acceptor dead(io, path);
    }
    CHECK(::access(path.c_str(), F_OK) == 0);
    {
        const Listener over_the_dead(io.get_executor(), path);
    }
    std::ofstream(path) << "a file";
    CHECK_THROWS_AS(Listener(io.get_executor(), path), std::runtime_error);
}

TEST_CASE("the kernel says who is at the other end") {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);

    const auto caller = peer_of(ends[0], {});

    REQUIRE(caller.has_value());
    CHECK(caller->principal == "uid:" + std::to_string(::geteuid()));
    CHECK(caller->admin);
    ::close(ends[0]);
    ::close(ends[1]);
    CHECK(AdminGroup::find("")->gid == std::nullopt);
    CHECK(AdminGroup::find("root")->gid == 0);
    CHECK_FALSE(AdminGroup::find("no-such-group-here").has_value());
}

TEST_CASE("a changed key is another group, though the account's name is the same") {
    Config config;
    config.accounts.emplace_back();
    config.accounts[0].name = "a";
    config.accounts[0].provider = "minimax";
    config.accounts[0].api_key = Secret("sk-mistyped");
    const auto before = queue_setup(config, "salt").accounts;
    config.accounts[0].api_key = Secret("sk-corrected");

    CHECK(queue_setup(config, "salt").accounts[0].key_group != before[0].key_group);
}

TEST_CASE("a secret of the state directory is made once, at random, and is nobody else's to read") {
    const tests::TemporaryDirectory directory;
    const std::string path = directory.path("secret");

    const std::string first = state_secret(path, "that is all");

    CHECK(first.size() == 32);
    CHECK(mode_of(path) == 0600);
    CHECK(state_secret(path, "that is all") == first);
    CHECK(state_secret(directory.path("another"), "") != first);
    std::ofstream(path) << "too short";
    CHECK_THROWS_AS(state_secret(path, "that is all"), std::runtime_error);
}

TEST_CASE("accounts with the same key form a group that is not named after the key") {
    Config config;
    for (const auto& [name, key] : {std::pair{"a", "sk-one"}, {"b", "sk-two"}, {"c", "sk-one"}}) {
        AccountConfig account;
        account.name = name;
        account.provider = "minimax";
        account.api_key = Secret(key);
        config.accounts.push_back(account);
    }

    const auto setups = queue_setup(config, "salt").accounts;

    CHECK(setups[0].key_group == setups[2].key_group);
    CHECK(setups[0].key_group != setups[1].key_group);
    CHECK(setups[0].key_group.find("sk-") == std::string::npos);
    CHECK(queue_setup(config, "other salt").accounts[0].key_group != setups[0].key_group);
    CHECK(accounts_of(config)->find("c")->key == "sk-one");
}
