#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "tests/e2e/workplace.hpp"
#include "tests/programs/run_program.hpp"

using namespace genspool::tests;

namespace {

const std::string distinctive = "sk-a-key-that-occurs-nowhere-else-4711";

bool holds_key(const std::string& text) {
    return text.find(distinctive) != std::string::npos;
}

std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

TEST_CASE("the key reaches no file, no log, no answer and no command line") {
    DaemonSettings settings;
    settings.key = distinctive;
    Workplace work({"--latency", "0", "--hold", "1h", "--cut-signal", "/dev/null"}, settings);
    REQUIRE(work.daemon.start());
    const auto ended = work.submit("image", "a kite");
    const auto lost = work.submit("image", "a kite [[drop]]");
    const auto refused = work.submit("image", "a kite [[refuse:1004]]");
    work.await_state(ended, "succeeded");
    work.await_state(lost, "held");
    work.submit("music", "a song [[stall:50]]");
    const Api api = work.daemon.api();
    for (const std::string target : {"/v1/accounts", "/v1/stats", "/v1/ledger", "/v1/jobs"})
        CHECK_FALSE(holds_key(api.get(target).text));
    for (const std::string& job : {ended, lost, refused}) {
        CHECK_FALSE(holds_key(api.get("/v1/jobs/" + job).text));
        CHECK_FALSE(holds_key(api.get("/v1/jobs/" + job + "/events").text));
    }
    work.daemon.kill();
    REQUIRE(work.daemon.start());
    CHECK(work.daemon.stop() == 0);
    CHECK_FALSE(holds_key(work.daemon.log()));
    const auto files = files_below(work.daemon.state(""));
    CHECK(files.size() > 5);
    for (const std::string& file : files) {
        CAPTURE(file);
        CHECK_FALSE(holds_key(bytes_of(file)));
    }
    const ProgramRun shown =
        run_program({"genspoold", "--config", work.daemon.config(), "--check-config"},
                    {"GENSPOOL_TEST_KEY=" + distinctive});
    CHECK(shown.code == 0);
    CHECK(shown.out.find("GENSPOOL_TEST_KEY") != std::string::npos);
    CHECK_FALSE(holds_key(shown.out + shown.err));
}
