// Everybody who means no good at once, and somebody who only wants his jobs done.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/e2e/hostile_clients.hpp"
#include "tests/e2e/tcp_place.hpp"
#include "tests/programs/memory_ceiling.hpp"
#include "tests/programs/run_program.hpp"
#include "tests/support/await.hpp"
#include "tests/support/places.hpp"

using namespace genspool::tests;

namespace {

constexpr std::size_t own_files = 1'000;  ///< of the test itself, beside the clients

std::array<std::size_t, manner_count> hostile_counts() {
    const std::size_t files = std::max(raise_open_files(), 2 * own_files);
    std::array<std::size_t, manner_count> counts{};
    const auto set = [&](Manner manner, std::size_t count) {
        counts.at(static_cast<std::size_t>(manner)) = count;
    };
    const std::size_t some = std::min<std::size_t>(100, (files - own_files) / 20);
    set(Manner::idle, std::min<std::size_t>(10'000, (files - own_files) / 2));
    set(Manner::slow_header, some);
    set(Manner::huge_header, some / 2);
    set(Manner::endless_batch, some / 2);
    set(Manner::endless_line, some / 2);
    set(Manner::stalled_job, 2 * some);
    set(Manner::deaf_to_events, some);
    set(Manner::deaf_to_lists, some);
    return counts;
}

/// Jobs that fill lists, and wait for a later day.
void hand_in_long_jobs(const DaemonProgram& daemon) {
    const std::string filler(500'000, 'x');
    for (int n = 0; n < 20; ++n) {
        const ApiAnswer answer = daemon.api().post(
            "/v1/jobs", R"({"kind":"video","request":{"model":"MiniMax-Hailuo-02","prompt":"a",)"
                        R"("filler":")" +
                            filler + R"("},"not_before":"+20d"})");
        REQUIRE(answer.status == 201);
    }
}

/// The job's id.
std::string hand_in(const TcpPlace& place, const std::string& kind, const std::string& prompt) {
    const std::string file = place.directory.path("request.json");
    const boost::json::value job = boost::json::parse(job_text(kind, prompt));
    std::ofstream(file) << job.at("request");
    const ProgramRun run = place.client({"submit", kind, "--request", file});
    INFO(run.err);
    REQUIRE(run.code == 0);
    return run.out.substr(0, run.out.find('\n'));
}

}  // namespace

// What it is after is memory and the neighbour, which a sanitized program, slow and large, says
// nothing of.
TEST_CASE("whatever hostile clients do at once, jobs are done and memory has its ceiling" *
          doctest::skip(!memory_is_measured)) {
    DaemonSettings settings;
    // The limits are the default ones, but for the bound of a batch: the disk is to last.
    settings.tables = "[limits]\nbody_bytes_max = \"2M\"\n";
    // Whoever shares the flood's uid shares its room; the neighbour is somebody else.
    TcpPlace neighbour({"--latency", "50ms"}, settings);
    Workplace& work = neighbour.work;
    REQUIRE(work.daemon.start());
    hand_in_long_jobs(work.daemon);
    const HostileClients hostile(work.daemon.socket(), hostile_counts());
    await("each of them to come", [&] { return hostile.have_all_come(); });

    std::vector<std::string> jobs;
    for (const std::string kind : {"video", "music", "tts", "image"}) {
        for (int n = 0; n < 2; ++n)
            jobs.push_back(hand_in(neighbour, kind, kind + " " + std::to_string(n)));
    }
    std::vector<std::string> wait{"wait", "--timeout", "5m"};
    wait.insert(wait.end(), jobs.begin(), jobs.end());
    const ProgramRun waited = neighbour.client(wait);
    INFO(waited.err);
    CHECK(waited.code == 0);
    CHECK(work.simulator.purchases().size() == jobs.size());
    const ProgramRun listed = neighbour.client({"ls", "--state", "succeeded", "--json"});
    CHECK(listed.code == 0);
    CHECK(listed.out.find(jobs.front()) != std::string::npos);

    // Each has had his chance to do harm.
    for (const Manner manner : {Manner::idle, Manner::huge_header, Manner::endless_batch,
                                Manner::endless_line, Manner::stalled_job, Manner::slow_header}) {
        CAPTURE(static_cast<int>(manner));
        await("each kind to be thrown out", [&] { return hostile.thrown_out(manner) > 0; });
    }
    const std::uint64_t peak = work.daemon.process().resident_bytes_peak();
    MESSAGE("at most " << peak / 1'000'000 << " MB");
    CHECK(peak <= memory_ceiling_bytes);
    CHECK(work.daemon.stop() == 0);
}

TEST_CASE("the ceiling of memory is the one that is written down") {
    std::ifstream file(source_path("docs/overload.md"));
    const std::string text((std::istreambuf_iterator<char>(file)),
                           std::istreambuf_iterator<char>());
    CHECK(text.find("**" + std::to_string(memory_ceiling_megabytes) + " MB**") !=
          std::string::npos);
}
