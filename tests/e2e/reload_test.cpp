// A running daemon takes a changed configuration.
#include <doctest/doctest.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/e2e/workplace.hpp"
#include "tests/programs/run_program.hpp"
#include "tests/support/await.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

std::string read(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Writes the configuration, tells the daemon, and waits until its log says `word` once more.
void reload(Workplace& place, const std::string& config, const std::string& word) {
    const auto times = [&] {
        std::size_t count = 0;
        const std::string log = place.daemon.log();
        for (auto at = log.find(word); at != log.npos; at = log.find(word, at + 1))
            ++count;
        return count;
    };
    const std::size_t before = times();
    std::ofstream(place.daemon.config()) << config;
    place.daemon.process().signal(SIGHUP);
    await(word, [&] { return times() > before; });
}

int submit_at(const Workplace& place, const std::string& account) {
    return run_client(place.daemon, {"run", "image", "--model", "image-01", "--prompt", "a kite",
                                     "--account", account})
        .code;
}

}  // namespace

TEST_CASE("accounts come and go without a restart") {
    Workplace place;
    place.daemon.start();
    const std::string config = read(place.daemon.config());
    const std::size_t begin = config.find("[[account]]");
    REQUIRE(begin != config.npos);
    std::string spare = config.substr(begin);
    spare.replace(spare.find("\"main\""), 6, "\"spare\"");
    CHECK(submit_at(place, "spare") == 2);

    reload(place, config + "\n" + spare, " reloaded ");
    CHECK(submit_at(place, "spare") == 0);
    CHECK(submit_at(place, "main") == 0);
    CHECK(run_client(place.daemon, {"remote", "models", "spare"}).code == 0);

    SUBCASE("one that is wrong changes nothing, and the log says what and where") {
        reload(place, "[retry]\nbase = \"soon\"\n" + config.substr(begin), "reload_failed");
        CHECK(place.daemon.log().find(":2: retry.base") != std::string::npos);
        CHECK(submit_at(place, "spare") == 0);
    }
    SUBCASE("what takes a restart is named, and all else counts") {
        reload(place, "[retention]\njobs = \"1d\"\n" + config, "restart_needed");
        CHECK(place.daemon.log().find("settings=retention.jobs") != std::string::npos);
        CHECK(submit_at(place, "spare") == 2);
        CHECK(run_client(place.daemon, {"remote", "models", "spare"}).code == 3);
        CHECK(submit_at(place, "main") == 0);
    }
}
