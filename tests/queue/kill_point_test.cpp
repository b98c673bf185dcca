#include "queue/kill_point.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <string>

#include "queue/core.hpp"
#include "queue/verify.hpp"
#include "tests/support/job_factory.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_directory.hpp"

#ifdef GENSPOOL_KILL_POINTS

namespace {

using namespace genspool;
using namespace genspool::tests;
using namespace genspool::queue;

constexpr const char* life_variable = "GENSPOOL_TEST_LIFE";

StoreOptions store_in(const std::string& directory) {
    StoreOptions options;
    options.path = directory + "/db";
    return options;
}

/// Admits jobs for ever, and writes down each that was answered.
[[noreturn]] void live(const std::string& directory) {
    Random random(1);
    Store store(store_in(directory));
    Core core(store, queue_options(), {}, random);
    std::ofstream answered(directory + "/answered");
    while (true) {
        const Command command = Admit{video_job()};
        core.execute(std::span(&command, 1), {}, random);
        answered << "one more" << std::endl;
    }
}

std::uint64_t lines_in(const std::string& path) {
    std::ifstream file(path);
    std::uint64_t lines = 0;
    for (std::string line; std::getline(file, line);)
        ++lines;
    return lines;
}

/// Lives until it is killed there; says how many jobs were answered and how many are on disk.
std::pair<std::uint64_t, std::uint64_t> killed_at(const std::string& where) {
    const TemporaryDirectory directory;
    ProcessOptions options;
    options.command = {"/proc/self/exe", "-tc=a life of its own*"};
    options.environment = {std::string(life_variable) + "=" + directory.path(),
                           "GENSPOOL_KILL_AT=" + where};
    Process process(options);
    REQUIRE(process.wait() == -SIGKILL);
    Store store(store_in(directory.path()));
    const Verdict verdict = verify(store);
    CHECK(verdict.broken.empty());
    return {lines_in(directory.path("answered")), verdict.jobs};
}

}  // namespace

TEST_CASE("a life of its own, begun by the cases below") {
    const char* directory = std::getenv(life_variable);  // NOLINT(concurrency-mt-unsafe)
    if (directory != nullptr) live(directory);
}

TEST_CASE("killed before a commit, what it held was not answered and is not there") {
    // The first commit is the database's own beginning.
    CHECK(killed_at("queue.before_commit:5") == std::pair<std::uint64_t, std::uint64_t>(3, 3));
}

TEST_CASE("killed after a commit, what it held is there though nobody was told") {
    CHECK(killed_at("queue.after_commit:5") == std::pair<std::uint64_t, std::uint64_t>(3, 4));
}

#endif
