// From a mistake to its cure, with the programs as they are installed.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "tests/e2e/workplace.hpp"
#include "tests/programs/run_program.hpp"

using namespace genspool::tests;

namespace {

bool has(const std::string& text, const std::string& part) {
    INFO(text);
    return text.find(part) != std::string::npos;
}

std::string port_of(const SimulatorProgram& simulator) {
    return simulator.url().substr(simulator.url().rfind(':') + 1);
}

/// A configuration with one account, whose key lies in a file.
class Place {
public:
    explicit Place(std::string base_url) : base_url_(std::move(base_url)) {
        write_key("sk-of-this-test");
        write();
    }

    void write(const std::string& more = {}) const {
        std::ofstream(config_) << "[daemon]\nstate_dir = \"" << directory_.path("state")
                               << "\"\nsocket = \"" << directory_.path("socket")
                               << "\"\n[disk]\nreserve = 0\n"
                               << more << "[[account]]\nname = \"main\"\nprovider = \"minimax\"\n"
                               << "base_url = \"" << base_url_ << "\"\napi_key_file = \"" << key_
                               << "\"\n";
    }

    void write_key(const std::string& key) const {
        std::ofstream(key_) << key << "\n";
        ::chmod(key_.c_str(), 0600);
    }

    /// `genspool doctor` with this configuration, where no daemon works yet.
    ProgramRun doctor(std::vector<std::string> more = {}) const {
        std::vector<std::string> command{"genspool", "doctor",   "--config",
                                         config_,    "--socket", directory_.path("socket")};
        command.insert(command.end(), more.begin(), more.end());
        return run_program(std::move(command));
    }

    const std::string& config() const { return config_; }
    const std::string& key() const { return key_; }

private:
    TemporaryDirectory directory_;
    std::string base_url_;
    std::string config_ = directory_.path("g.toml");
    std::string key_ = directory_.path("main.key");
};

}  // namespace

TEST_CASE("a daemon that works has nothing that the doctor could find") {
    Workplace work;
    REQUIRE(work.daemon.start());
    const ProgramRun well = run_program(
        {"genspool", "doctor", "--config", work.daemon.config()},
        {"GENSPOOL_SOCKET=" + work.daemon.socket(), "GENSPOOL_TEST_KEY=sk-of-this-test"});
    CHECK(well.code == 0);
    CHECK(has(well.out, "takes the key of account main"));
    CHECK(has(well.out, "nothing is wrong\n"));
    // Without the key at hand, the daemon that runs is asked to try it.
    const ProgramRun asked =
        run_program({"genspool", "doctor", "--config", work.daemon.config(), "--json"},
                    {"GENSPOOL_SOCKET=" + work.daemon.socket()});
    CHECK(asked.code == 0);
    CHECK(has(asked.out, "the upstream takes the key of account main"));
    CHECK(boost::json::parse(asked.out).at("problems").as_int64() == 0);
    CHECK(work.simulator.purchases().empty());
}

TEST_CASE("a daemon that listens where nobody looks is found by its configuration") {
    Workplace work;
    REQUIRE(work.daemon.start());
    const ProgramRun found =
        run_program({"genspool", "doctor", "--config", work.daemon.config()},
                    {"GENSPOOL_SOCKET=", "GENSPOOL_URL=", "GENSPOOL_TEST_KEY=sk-of-this-test"});
    CHECK(found.code == 0);
    CHECK(has(found.out, "export GENSPOOL_SOCKET=" + work.daemon.socket()));
    CHECK(has(found.out, "ok       daemon"));
}

TEST_CASE("from a wrong key to the cure, before a daemon runs") {
    const TemporaryDirectory logs;
    const SimulatorProgram simulator(logs, {});
    const Place place(simulator.url());
    place.write_key("sk-bad-key-of-this-test");
    const ProgramRun wrong = place.doctor();
    CHECK(wrong.code == 1);
    CHECK(has(wrong.out, "refuses the key of account main"));
    CHECK(has(wrong.out, "cure           install -m 600 /dev/stdin " + place.key()));
    CHECK(has(wrong.out, "then "));
    CHECK_FALSE(has(wrong.out, "sk-bad"));
    CHECK(has(wrong.out, "genspoold --config " + place.config() + "   # in another terminal"));
    CHECK(has(wrong.out, "problem  daemon"));

    ::chmod(place.key().c_str(), 0644);
    CHECK(has(place.doctor().out, "chmod 600 " + place.key()));
    std::filesystem::remove(place.key());
    CHECK(has(place.doctor().out, "install -m 600 /dev/stdin " + place.key()));
    place.write_key("sk-of-this-test");
    CHECK(has(place.doctor().out, "takes the key of account main"));

    place.write("[retry]\nbass = \"2s\"\n");
    CHECK(has(place.doctor().out, place.config() + ":7: retry.bass"));
    CHECK(simulator.purchases().empty());
}

TEST_CASE("a key of the other region is told with the line to change") {
    const TemporaryDirectory here_logs;
    const TemporaryDirectory there_logs;
    const SimulatorProgram here(here_logs, {});
    const SimulatorProgram there(there_logs, {});
    const Place place(here.url());
    place.write_key("sk-only-at-" + port_of(there) + "-of-this-test");
    const ProgramRun found = run_program({"genspoold", "--doctor", "--config", place.config(),
                                          "--regions", here.url(), "--regions", there.url()});
    CHECK(found.code == 1);
    CHECK(has(found.out, "it is a key of another region"));
    CHECK(has(found.out, "base_url = \\\"" + there.url() + "\\\""));

    // An upstream that nobody knows is not asked for a key that may be another's.
    CHECK(has(place.doctor().out, "refuses the key"));
    CHECK_FALSE(has(place.doctor().out, "another region"));
}

TEST_CASE("an upstream that is not there is told, and how to look at it") {
    const TemporaryDirectory logs;
    std::string gone;
    {
        const SimulatorProgram simulator(logs, {});
        gone = simulator.url();
    }
    const Place place(gone);
    const ProgramRun found = place.doctor();
    CHECK(found.code == 1);
    CHECK(has(found.out, gone + " of account main cannot be reached"));
    CHECK(has(found.out, "curl -v " + gone));
}
