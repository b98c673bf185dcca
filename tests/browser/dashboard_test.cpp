// The dashboard in a real browser: headless Chromium, driven by Playwright. What is done there
// stands in *.mjs beside this.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/e2e/tcp_place.hpp"
#include "tests/support/await.hpp"
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"

using namespace genspool::tests;

namespace {

/// A daemon, an upstream and the browser, which is let loose on them.
class Visit {
public:
    Visit() : place({"--latency", "400ms"}, {}), directory_(place.directory.path("visit")) {
        std::filesystem::create_directory(directory_);
        tokens_ = "\"desk\":\"" + place.token + "\"";
        add_token("guest", {});
        add_token("boss", {"--admin"});
        REQUIRE(place.work.daemon.start());
        tell_port();
    }

    /// Runs tests/browser/NAME.mjs.
    Process begin(const std::string& name) const {
        ProcessOptions options;
        options.command = {"/usr/bin/env", "node", source_path("tests/browser/" + name + ".mjs"),
                           directory_};
        options.environment = {"GENSPOOL_TOKENS={" + tokens_ + "}",
                               "GENSPOOL_UPSTREAM=" + place.work.simulator.url()};
        options.output = directory_ + "/out";
        return Process(options);
    }

    void tell(const std::string& file) const { std::ofstream(directory_ + "/" + file).flush(); }
    bool heard(const std::string& file) const {
        return std::filesystem::exists(directory_ + "/" + file);
    }
    void tell_port() const {
        std::ofstream(directory_ + "/port.new") << place.work.daemon.http_port();
        std::filesystem::rename(directory_ + "/port.new", directory_ + "/port");
    }
    std::string said() const {
        std::ifstream file(directory_ + "/out");
        return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    }

    TcpPlace place;

private:
    void add_token(const std::string& name, std::vector<std::string> more) {
        more.insert(more.begin(), {"genspool", "token", "add", name, "--file", place.tokens()});
        const ProgramRun added = run_program(std::move(more));
        REQUIRE(added.code == 0);
        tokens_ += ",\"" + name + "\":\"" + added.out.substr(0, added.out.find('\n')) + "\"";
    }

    std::string directory_;
    std::string tokens_;  ///< by name, as members of a JSON object
};

/// Whether there is a browser here; says so if not.
bool can_browse() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe)
    const bool there = std::getenv("GENSPOOL_PLAYWRIGHT") && std::getenv("GENSPOOL_CHROMIUM");
    if (!there) MESSAGE("not run: `./run browser` fetches what it takes");
    return there;
}

}  // namespace

TEST_CASE("a person at the dashboard watches a job, plays its film, settles what is held") {
    if (!can_browse()) return;
    Visit visit;
    Process browser = visit.begin("tour");
    await("the page to want a restart, or its end",
          [&] { return visit.heard("restart") || !browser.running(); });
    if (browser.running()) {
        visit.place.work.daemon.kill();
        await("the page to have seen it, or its end",
              [&] { return visit.heard("seen") || !browser.running(); });
        REQUIRE(visit.place.work.daemon.start());
        visit.tell_port();
        visit.tell("restarted");
    }
    const int code = browser.wait();
    INFO(visit.said());
    CHECK(code == 0);
    CHECK(visit.heard("restarted"));
}

TEST_CASE("every page of the dashboard fits a desk and a phone, and reads well in light and dark") {
    if (!can_browse()) return;
    Visit visit;
    const int code = visit.begin("looks").wait();
    INFO(visit.said());
    CHECK(code == 0);
}
