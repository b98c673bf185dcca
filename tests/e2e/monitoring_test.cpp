// What is told to Prometheus, held against what docs/monitoring asks of it.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "tests/e2e/workplace.hpp"
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"

using namespace genspool::tests;

namespace {

std::string content(const std::string& path) {
    std::ifstream file(path);
    REQUIRE(file.good());
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Every series of ours that the text speaks of.
std::set<std::string> series_in(const std::string& text) {
    static const std::regex name(R"((?:genspool|process)_[a-z_]*[a-z])");
    std::set<std::string> names;
    for (std::sregex_iterator match(text.begin(), text.end(), name), end; match != end; ++match)
        names.insert(match->str());
    return names;
}

/// The exit code of a command of the shell's; what it says lies in `said`.
int shell(const std::string& command, const std::string& said) {
    ProcessOptions options;
    options.command = {"/bin/sh", "-c", command};
    options.output = said;
    return Process(options).wait();
}

}  // namespace

TEST_CASE("alert rules and dashboard ask for series that there are, and each is described") {
    DaemonSettings settings;
    settings.tables =
        "[budget]\nday = { USD = 5.0 }\n"
        "[[hook]]\nname = \"notify\"\ncommand = [\"/bin/true\"]\n";
    Workplace work({"--latency", "0"}, settings);
    REQUIRE(work.daemon.start());
    const std::string job = work.submit("image", "a kite");
    work.await_state(job, "succeeded");
    const std::string page = work.daemon.api().get("/metrics").text;
    const std::set<std::string> told = series_in(page);
    CHECK(told.size() > 20);
    for (const char* const file :
         {"docs/monitoring/genspool.rules.yml", "docs/monitoring/grafana.json"}) {
        for (const std::string& name : series_in(content(source_path(file)))) {
            CAPTURE(file);
            CAPTURE(name);
            CHECK(told.contains(name));
        }
    }

    const std::string said = work.directory.path("said");
    if (shell("promtool --version", said) != 0) {
        MESSAGE("promtool is not installed: its checks were left out");
        return;
    }
    const std::string file = work.directory.path("metrics");
    std::ofstream(file) << page;
    const std::string rules = source_path("docs/monitoring/genspool.rules.yml");
    const int metrics = shell("promtool check metrics < '" + file + "'", said);
    const int checked = shell("promtool check rules '" + rules + "'", said);
    const std::string cases = source_path("tests/e2e/genspool.rules.test.yml");
    const int fire = shell("promtool test rules '" + cases + "'", said);
    CAPTURE(content(said));
    CHECK(metrics == 0);
    CHECK(checked == 0);
    CHECK(fire == 0);
}
