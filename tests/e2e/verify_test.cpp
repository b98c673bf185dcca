// What a person finds out about a state directory when the daemon is down.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "queue/core.hpp"
#include "tests/e2e/workplace.hpp"
#include "tests/programs/run_program.hpp"
#include "tests/support/await.hpp"
#include "tests/support/places.hpp"

using namespace genspool::tests;

namespace {

bool has(const std::string& text, const std::string& part) {
    INFO(text);
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("verify says what a directory holds, and what is wrong with it") {
    Workplace work;
    REQUIRE(work.daemon.start());
    work.await_state(work.submit("image", "a kite"), "succeeded");
    const std::string state = work.daemon.state("");
    const ProgramRun busy = run_program({"genspool", "verify", state});
    CHECK(busy.code == 4);
    CHECK(has(busy.err, "genspool: the daemon is running in " + state));
    REQUIRE(work.daemon.stop() == 0);

    const ProgramRun sound = run_program({"genspool", "verify", state});
    CHECK(sound.code == 0);
    CHECK(has(sound.out, "jobs       1: 1 succeeded\n"));
    CHECK(has(sound.out, "purchases  1 spent\n"));
    CHECK(has(sound.out, " is sound: nothing is lost"));
    const ProgramRun json = run_program({"genspool", "verify", "--quick", "--json", state});
    CHECK(boost::json::parse(json.out).at("sound").as_bool());

    const std::string image = files_below(work.daemon.state("artifacts")).at(0);
    const std::string aside = work.directory.path("aside");
    std::filesystem::rename(image, aside);
    const ProgramRun broken = run_program({"genspool", "verify", state});
    CHECK(broken.code == 1);
    CHECK(has(broken.out, "broken: the artifact of job "));
    CHECK(has(broken.out, state + " is not sound: 1 promise is broken\n"));
    std::filesystem::rename(aside, image);

    CHECK(run_program({"genspool", "verify", work.directory.path("nowhere")}).code == 3);
    CHECK(run_program({"genspool", "verify"}).code == 2);
}

TEST_CASE("a state directory of every earlier format is sound, and a daemon goes on with it") {
    const std::filesystem::path golden = source_path("tests/golden");
    for (std::uint64_t format = 1; format <= genspool::queue::format_version; ++format) {
        CAPTURE(format);
        Workplace work;
        const std::string state = work.daemon.state("");
        std::filesystem::copy(golden / ("format-" + std::to_string(format)), state,
                              std::filesystem::copy_options::recursive);
        const ProgramRun sound = run_program({"genspool", "verify", state});
        CHECK(sound.code == 0);
        CHECK(has(sound.out, " is sound: nothing is lost"));

        REQUIRE(work.daemon.start());
        // Four of its jobs had succeeded then; of those that wait, some are another account's.
        await("a job that waited to succeed", [&] { return work.daemon.count("succeeded") > 4; });
        CHECK(work.daemon.stop() == 0);
        work.daemon.leave_unchecked();  // what had come home is not kept with it
    }
}

TEST_CASE("the ledger of a directory is told as the daemon tells it") {
    Workplace work;
    REQUIRE(work.daemon.start());
    const std::string id = work.submit("image", "a kite");
    work.await_state(id, "succeeded");
    const ProgramRun asked = run_client(work.daemon, {"ledger"});
    CHECK(has(asked.out, "first purchase"));
    const ProgramRun totals = run_client(work.daemon, {"ledger", "--totals"});
    REQUIRE(work.daemon.stop() == 0);

    const std::string state = work.daemon.state("");
    CHECK(run_program({"genspool", "ledger", "--dir", state}).out == asked.out);
    CHECK(run_program({"genspool", "ledger", "--dir", state, "--totals"}).out == totals.out);
    const ProgramRun job =
        run_program({"genspool", "ledger", "--dir", state, "--job", id, "--json"});
    CHECK(boost::json::parse(job.out).at("rows").as_array().size() == 1);
    CHECK(run_program({"genspool", "ledger", "--dir", state, "--batch", "01K"}).code == 3);
}
