// What the doctor finds, and what it says to type.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>

#include "daemon/doctor/look_at.hpp"
#include "daemon/doctor/look_upstream.hpp"
#include "daemon/doctor/ownership.hpp"
#include "proto/catalog/catalog.hpp"
#include "tests/support/fake_http.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace genspool;
using namespace genspool::daemon;

namespace asio = boost::asio;

namespace {

bool contains(const std::string& text, const std::string& part) {
    INFO(text);
    return text.find(part) != std::string::npos;
}

/// An account whose key lies in a file of the test.
struct Keyed {
    tests::TemporaryDirectory directory;
    std::string path = directory.path("main.key");
    Config config;
    ConfigSources sources;
    AccountConfig account;

    Keyed() {
        config.daemon.state_dir = directory.path("state");
        sources.registry = &proto::catalog();
        account.name = "main";
        account.api_key_setting = "api_key_file";
        account.api_key_from = path;
    }

    void write(const std::string& text, mode_t mode = 0600) const {
        std::ofstream(path) << text;
        ::chmod(path.c_str(), mode);
    }

    Finding look() {
        const Findings findings = look_at_key(account, config, sources);
        REQUIRE(findings.size() == 1);
        return findings.front();
    }
};

/// The doctor at the network, as it is played.
struct Upstream {
    asio::io_context io;
    tests::SimClock clock{io, *proto::parse_rfc3339("2026-12-01T08:00:00.000Z")};
    tests::FakeHttp::Upstream answer;
    tests::FakeHttp http{clock, [this](const workers::HttpCall& call) { return answer(call); }};
    workers::Account account{"main", "minimax", "https://api.minimax.io", "sk-of-this-test",
                             "",     {}};

    Findings look(std::vector<Place> regions = {}) {
        UpstreamLook doctor(http, [this] { return clock.now(); }, std::move(regions));
        Findings found;
        bool ended = false;
        auto done = [&ended](std::exception_ptr error) {
            if (error) std::rethrow_exception(error);
            ended = true;
        };
        asio::co_spawn(io, ask(doctor, found), done);
        clock.run_until([&ended] { return ended; });
        REQUIRE(ended);
        return found;
    }

    asio::awaitable<void> ask(UpstreamLook& doctor, Findings& found) {
        found = co_await doctor.look(*proto::catalog().provider(account.provider), account,
                                     "put another key there");
    }
};

tests::FakeAnswer saying(int status, std::string body) {
    tests::FakeAnswer answer;
    answer.status = status;
    answer.body = std::move(body);
    return answer;
}

tests::FakeAnswer models() {
    return saying(200, R"({"object":"list","data":[]})");
}

tests::FakeAnswer refused() {
    return saying(200, R"({"base_resp":{"status_code":2049,"status_msg":"invalid api key"}})");
}

}  // namespace

TEST_CASE("a key that lies as it should is read, and not shown") {
    Keyed keyed;
    keyed.write("sk-of-this-test\n");
    const Finding finding = keyed.look();
    CHECK(finding.gravity == Gravity::ok);
    CHECK(keyed.account.api_key.reveal() == "sk-of-this-test");
    CHECK_FALSE(contains(finding_text(finding), "sk-of-this-test"));
}

TEST_CASE("each usual mistake with a key file has its cure") {
    Keyed keyed;
    CHECK(contains(keyed.look().text, "does not exist"));
    CHECK(contains(keyed.look().cure, "install -m 600 /dev/stdin " + keyed.path));
    keyed.write("sk-of-this-test", 0644);
    CHECK(contains(keyed.look().text, "can be read or written by others"));
    CHECK(contains(keyed.look().cure, "chmod 600 " + keyed.path));
    for (const auto& [text, why] : std::vector<std::pair<std::string, std::string>>{
             {"", "is empty"},
             {"\n\n", "holds no key"},
             {"sk-first-of-two\nsk-second-of-two\n", "holds no key"},
             {"Bearer sk-of-this-test", "holds no key"},
             {"\"sk-of-this-test\"", "quotation marks"},
             {"MINIMAX_API_KEY=sk-of-this-test", "begins with a name"},
             {"sk-short", "too short"}}) {
        CAPTURE(why);
        keyed.write(text);
        const Finding finding = keyed.look();
        CHECK(finding.gravity == Gravity::problem);
        CHECK(contains(finding.text, why));
        CHECK(contains(finding.cure, "install -m 600"));
        CHECK(keyed.account.api_key.empty());
        CHECK_FALSE(contains(finding_text(finding), "sk-"));
    }
}

TEST_CASE("a key is put into a directory of one's own without root's help") {
    Keyed keyed;
    std::filesystem::create_directory(keyed.config.daemon.state_dir);
    CHECK(keyed.look().cure.starts_with("install -m 600 /dev/stdin " + keyed.path));
}

TEST_CASE("a key that the daemon's user cannot read is given to that user") {
    if (::geteuid() != 0) {
        MESSAGE("left out: only root can give a directory away");
        return;
    }
    Keyed keyed;
    std::filesystem::create_directory(keyed.config.daemon.state_dir);
    REQUIRE(::chown(keyed.config.daemon.state_dir.c_str(), 65534, 65534) == 0);
    CHECK(contains(keyed.look().cure, "install -m 600 -o " + user_name(65534) + " /dev/stdin"));
    keyed.write("sk-of-this-test");
    CHECK(contains(keyed.look().text, "cannot read it"));
    CHECK(keyed.look().cure == "chown " + user_name(65534) + " " + keyed.path);
    REQUIRE(::chown(keyed.path.c_str(), 65534, 65534) == 0);
    CHECK(keyed.look().gravity == Gravity::ok);
}

TEST_CASE("what only the daemon's unit hands out is no mistake here") {
    Keyed keyed;
    keyed.account.api_key_setting = "api_key_credential";
    CHECK(keyed.look().gravity == Gravity::ok);
    keyed.account.api_key_setting = "api_key_env";
    keyed.account.api_key_from = "KEY";
    CHECK(contains(keyed.look().text, "the daemon's unit must set it"));
    keyed.sources.environment["KEY"] = "two words";
    CHECK(keyed.look().gravity == Gravity::problem);
}

TEST_CASE("a configuration that cannot be used is told line by line") {
    const Findings findings =
        look_at_config(std::vector<ConfigError>{{"/etc/g.toml", 7, "retry.base", "must be a span"},
                                                {"/etc/g.toml", 0, "", "Permission denied"}});
    REQUIRE(findings.size() == 2);
    CHECK(findings[0].text == "/etc/g.toml:7: retry.base: must be a span");
    CHECK(contains(findings[0].cure, "+7 /etc/g.toml"));
    CHECK(findings[1].gravity == Gravity::warning);
    CHECK(contains(findings[1].cure, "sudo genspool doctor"));
}

TEST_CASE("bounds that let nothing be bought are told, and others are not") {
    Config config;
    CHECK(contains(look_at_bounds(config).at(0).cure, "[[account]]"));
    AccountConfig account;
    account.name = "main";
    account.slots = {{"video", 0}, {"tts", 3}};
    config.accounts.push_back(account);
    config.budget.day[proto::Unit::usd] = 1;
    CHECK(look_at_bounds(config).empty());
    config.budget.day[proto::Unit::usd] = 0;
    config.accounts[0].day_budget = 0;
    config.accounts[0].slots["tts"] = 0;
    CHECK(look_at_bounds(config).size() == 3);
}

TEST_CASE("the state directory is looked at, and the disk, and nothing is made") {
    const tests::TemporaryDirectory directory;
    Config config;
    config.daemon.state_dir = directory.path("a/b");
    config.disk.reserve_bytes = 0;
    Findings findings = look_at_state(config);
    CHECK(contains(findings.at(0).text, "will be made at the first start"));
    CHECK(findings.at(1).gravity == Gravity::ok);
    CHECK_FALSE(std::filesystem::exists(directory.path("a")));

    config.disk.reserve_bytes = UINT64_MAX / 4;
    findings = look_at_state(config);
    CHECK(findings.at(1).gravity == Gravity::problem);
    CHECK(contains(findings.at(1).text, "nothing is bought"));

    std::ofstream(directory.path("a")).flush();
    config.daemon.state_dir = directory.path("a");
    CHECK(contains(look_at_state(config).at(0).text, "is no directory"));
}

TEST_CASE("a directory of two owners, and an inbox closed to its group, are told") {
    if (::geteuid() != 0) {
        MESSAGE("left out: only root can give a directory away");
        return;
    }
    const tests::TemporaryDirectory directory;
    Config config;
    config.daemon.state_dir = directory.path();
    config.disk.reserve_bytes = 0;
    std::filesystem::create_directories(directory.path("inbox"));
    CHECK(look_at_state(config).at(2).gravity == Gravity::ok);  // it is root's alone
    config.daemon.admin_group = "genspool";
    ::chmod(directory.path("inbox").c_str(), 0750);
    Findings findings = look_at_state(config);
    CHECK(findings.at(0).gravity == Gravity::ok);
    CHECK(contains(findings.at(2).text, "may not put files into"));
    CHECK(contains(findings.at(2).cure, "chmod 2770 " + directory.path("inbox")));
    ::chmod(directory.path("inbox").c_str(), 02770);
    CHECK(look_at_state(config).at(2).gravity == Gravity::ok);
    REQUIRE(::chown(directory.path("inbox").c_str(), 65534, 65534) == 0);
    CHECK(contains(look_at_state(config).at(0).cure, "chown -R root: " + directory.path()));
}

TEST_CASE("a good key costs one free call") {
    Upstream upstream;
    upstream.answer = [](const workers::HttpCall&) { return models(); };
    const Findings findings = upstream.look();
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].gravity == Gravity::ok);
    REQUIRE(upstream.http.calls().size() == 1);
    CHECK(upstream.http.calls()[0].url == "https://api.minimax.io/v1/models");
    CHECK_FALSE(upstream.http.calls()[0].paid);
}

TEST_CASE("a key of the other region is found, and the line that is to be changed is told") {
    Upstream upstream;
    upstream.answer = [](const workers::HttpCall& call) {
        return call.url.starts_with("https://api.minimaxi.com/") ? models() : refused();
    };
    const Findings findings = upstream.look();
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].gravity == Gravity::problem);
    CHECK(contains(findings[0].text, "refuses the key of account main: invalid api key (2049)"));
    CHECK(findings[0].cure ==
          "base_url = \"https://api.minimaxi.com\"   # China, in [[account]] \"main\"");
    CHECK_FALSE(contains(finding_text(findings[0]), "sk-of-this-test"));
}

TEST_CASE("a key that no region takes is wrong, and is shown to nobody else") {
    Upstream upstream;
    upstream.answer = [](const workers::HttpCall&) { return refused(); };
    CHECK(contains(upstream.look().at(0).cure, "put another key there"));
    for (const workers::HttpCall& call : upstream.http.calls())
        CHECK(call.url.find("://api.minimax") != std::string::npos);

    // Behind a proxy, or at another host, no region is known.
    upstream.account.base_url = "https://proxy.example";
    const std::size_t before = upstream.http.calls().size();
    CHECK(upstream.look().at(0).gravity == Gravity::problem);
    CHECK(upstream.http.calls().size() == before + 1);
}

TEST_CASE("an upstream that is not there, or is another, is told as such") {
    Upstream upstream;
    upstream.answer = [](const workers::HttpCall&) {
        tests::FakeAnswer gone;
        gone.progress = workers::HttpProgress::not_sent;
        gone.error = workers::HttpError::resolve;
        return gone;
    };
    CHECK(contains(upstream.look().at(0).text, "cannot be reached"));
    CHECK(contains(upstream.look().at(0).cure, "curl -v https://api.minimax.io"));
    upstream.answer = [](const workers::HttpCall&) { return saying(503, "busy"); };
    CHECK(upstream.look().at(0).gravity == Gravity::warning);
    upstream.answer = [](const workers::HttpCall&) {
        return saying(404, "<html>no such page</html>");
    };
    CHECK(contains(upstream.look().at(0).text, "does not answer as minimax does"));
}

TEST_CASE("a clock that is far off is told once") {
    Upstream upstream;
    std::string date = "Tue, 01 Dec 2026 08:00:00 GMT";
    upstream.answer = [&](const workers::HttpCall&) {
        tests::FakeAnswer answer = models();
        answer.headers.push_back({"Date", date});
        return answer;
    };
    CHECK(upstream.look().at(1).gravity == Gravity::ok);
    date = "Tue, 01 Dec 2026 08:03:00 GMT";
    CHECK(upstream.look().at(1).gravity == Gravity::warning);
    date = "Tue, 01 Dec 2026 06:00:00 GMT";
    const Finding finding = upstream.look().at(1);
    CHECK(finding.gravity == Gravity::problem);
    CHECK(contains(finding.text, "our clock is 7200 s ahead of that of"));
    CHECK(contains(finding.cure, "timedatectl set-ntp true"));
}
