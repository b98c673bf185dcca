#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/e2e/workplace.hpp"
#include "tests/programs/run_program.hpp"
#include "tests/support/await.hpp"
#include "tests/support/places.hpp"

using namespace genspool::tests;

namespace {

constexpr int bad_config = 78;

/// Starts the daemon with this configuration, which it must refuse.
ProgramRun start_with(const std::string& toml) {
    const TemporaryDirectory directory;
    const std::string file = directory.path("genspool.toml");
    std::ofstream(file) << "[daemon]\nstate_dir = \"" << directory.path("state")
                        << "\"\nsocket = \"" << directory.path("socket") << "\"\n"
                        << toml;
    ProgramRun run = run_program({"genspoold", "--config", file});
    CHECK_FALSE(std::filesystem::exists(directory.path("state")));
    return run;
}

bool says(const ProgramRun& run, const std::string& what) {
    INFO(run.err);
    const bool said = run.err.find(what) != std::string::npos;
    CHECK(said);
    return said;
}

}  // namespace

TEST_CASE("an unknown key is refused with its line and the nearest known one") {
    const ProgramRun run = start_with("[inbox]\nsettel = \"2s\"\n");
    CHECK(run.code == bad_config);
    says(run, "genspool.toml:5");
    says(run, "settle");
}

TEST_CASE("a configuration that cannot be used is refused before anything is touched") {
    CHECK(start_with("[retry]\nbase = 7\n").code == bad_config);
    CHECK(start_with("[retry\n").code == bad_config);
    const std::string account = "[[account]]\nname = \"main\"\nprovider = \"minimax\"\n";
    CHECK(start_with(account).code == bad_config);
    CHECK(start_with(account + "api_key_env = \"GENSPOOL_NO_SUCH_KEY\"\n").code == bad_config);
    CHECK(start_with(account + "api_key_file = \"/nonexistent/key\"\n").code == bad_config);
    const ProgramRun written = start_with(account + "api_key = \"sk-written-down\"\n");
    CHECK(written.code == bad_config);
    CHECK(written.err.find("sk-written-down") == std::string::npos);
    CHECK(run_program({"genspoold", "--config", "/nonexistent/genspool.toml"}).code == bad_config);
    CHECK(run_program({"genspoold", "--no-such-option"}).code == 2);
}

TEST_CASE("the API is not opened on TCP without tokens, not even on loopback") {
    const ProgramRun run = start_with("[http]\nlisten = \"127.0.0.1:0\"\n");
    CHECK(run.code == bad_config);
    says(run, "http");
}

TEST_CASE("a key file that others can read is refused") {
    const TemporaryDirectory directory;
    const std::string key = directory.path("main.key");
    std::ofstream(key) << "sk-for-all\n";
    std::filesystem::permissions(key, std::filesystem::perms{0644});
    const ProgramRun run = start_with(
        "[[account]]\nname = \"main\"\nprovider = \"minimax\"\n"
        "api_key_file = \"" +
        key + "\"\n");
    CHECK(run.code == bad_config);
    says(run, "chmod 600");
}

TEST_CASE("two daemons do not share a state directory") {
    Workplace work;
    REQUIRE(work.daemon.start());
    const ProgramRun second = run_program({"genspoold", "--config", work.daemon.config()},
                                          {"GENSPOOL_TEST_KEY=sk-of-this-test"});
    CHECK(second.code == 1);
    says(second, "another daemon");
    CHECK(work.daemon.api().get("/healthz").status == 200);
}

TEST_CASE("without any configuration it takes jobs, and says what is missing") {
    if (std::filesystem::exists("/etc/genspool/genspool.toml")) return;  // this one would be read
    const TemporaryDirectory directory;
    ProcessOptions options;
    options.command = {program("genspoold")};
    options.environment = {"XDG_STATE_HOME=" + directory.path("state"),
                           "XDG_RUNTIME_DIR=" + directory.path()};
    options.output = directory.path("log");
    Process daemon(options);
    const Api api = Api::on_socket(directory.path("genspool.sock"));
    await("the daemon", [&] { return api.get("/healthz").status == 200; });
    const ApiAnswer named =
        api.post("/v1/jobs?dry_run=false",
                 R"({"provider":"minimax",)" + job_text("image", "a kite").substr(1));
    CHECK(named.status == 201);
    const ApiAnswer why = api.get("/v1/jobs/" + text_of(named.body, "id") + "/explain");
    CHECK(why.text.find("account_missing") != std::string::npos);
    daemon.signal(SIGTERM);
    CHECK(daemon.wait() == 0);
    CHECK(run_program({"genspool", "verify", directory.path("state/genspool")}).code == 0);
}
