// What the doctor says of the daemon that runs; the rest is genspoold's (tests/daemon, tests/e2e).
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>

#include "cli/socket_rights.hpp"
#include "cli/words.hpp"
#include "proto/time.hpp"
#include "tests/cli/stub_daemon.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

struct Spooler {
    std::string stats = R"({"version":"0.1.0","disk":"open","states":{}})";
    std::string accounts = R"({"accounts":[)" + account("") + "]}";
    std::string hooks = R"({"hooks":[]})";
    StubReply models{200, "{}"};

    static std::string account(const std::string& more) {
        return R"({"name":"elsewhere","provider":"minimax","health":"ok","configured":true)" +
               more + "}";
    }

    StubDaemon::Handler handler() const {
        return [me = *this](const StubRequest& request) {
            if (request.target == "/v1/stats") return StubReply{200, me.stats};
            if (request.target == "/v1/accounts") return StubReply{200, me.accounts};
            if (request.target == "/v1/hooks") return StubReply{200, me.hooks};
            if (request.target.starts_with("/v1/remote/")) return me.models;
            if (request.target.ends_with("/explain"))
                return StubReply{200, R"({"gates":[{"gate":"slot","detail":"all taken"},)"
                                      R"({"gate":"price_unknown","detail":"no price is known"}]})"};
            return StubReply{200, R"({"jobs":[{"id":"01KAAA"}],"next":null})"};
        };
    }
};

/// A configuration that is good for a daemon without accounts.
class Doctor {
public:
    explicit Doctor(const Spooler& spooler) : daemon_(spooler.handler()) {
        std::ofstream(directory_.path("g.toml"))
            << "[daemon]\nstate_dir = \"" << directory_.path("state") << "\"\nsocket = \""
            << directory_.path("s") << "\"\n[disk]\nreserve = 0\n";
    }

    Ran look(std::vector<std::string> more = {}) const {
        std::vector<std::string> arguments{"doctor", "--config", directory_.path("g.toml")};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run_cli(daemon_, arguments);
    }

private:
    TemporaryDirectory directory_;
    StubDaemon daemon_;
};

bool contains(const std::string& text, const std::string& part) {
    INFO(text);
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("what the daemon's program finds is put for people, and for programs") {
    const Doctor doctor{Spooler{}};
    const Ran ran = doctor.look();
    CHECK(ran.exit == 1);
    CHECK(contains(ran.out, "problem  accounts       no account is configured"));
    CHECK(contains(ran.out, "         cure           printf '\\n[[account]]"));
    CHECK(contains(ran.out, "ok       daemon         genspoold 0.1.0 answers"));
    CHECK(contains(ran.out,
                   "ok       upstream       the upstream takes the key of account elsewhere"));
    CHECK(ran.out.ends_with("1 problem\n"));
    const Ran json = doctor.look({"--json"});
    CHECK(json.exit == 1);
    CHECK(contains(json.out, R"({"findings":[{"check":"configuration","level":"ok",)"));
    CHECK(contains(json.out, R"("problems":1,"warnings":0})"));
}

TEST_CASE("a mistake in the configuration is told with file and line") {
    const TemporaryDirectory directory;
    std::ofstream(directory.path("g.toml")) << "[daemon]\n\nstat_dir = 1\n";
    const Ran ran = run_cli("/nowhere/s", {"doctor", "--config", directory.path("g.toml")});
    CHECK(ran.exit == 1);
    CHECK(contains(ran.out, directory.path("g.toml") + ":3: daemon.stat_dir"));
    CHECK(contains(ran.out, "${EDITOR:-vi} +3 " + directory.path("g.toml")));
    CHECK(contains(ran.out, "problem  daemon         cannot reach the daemon at /nowhere/s"));
    CHECK(contains(ran.out, "genspoold"));
}

TEST_CASE("a hook that does not take what it is told is found") {
    Spooler spooler;
    spooler.hooks = R"({"hooks":[{"name":"ops","waiting":0,"error":null},)"
                    R"({"name":"films","waiting":3,"error":"it answered 503"}]})";
    const std::string text = Doctor(spooler).look().out;
    CHECK(contains(text,
                   "warning  hooks          hook films has not taken 3 events: it answered 503"));
    CHECK(contains(text, "genspool hooks films"));
    CHECK_FALSE(contains(text, "hook ops"));
}

TEST_CASE("what keeps a daemon from buying is told with its cure") {
    Spooler spooler;
    spooler.stats =
        R"({"version":"0.1.0","disk":"no_submit","paused":true,"paused_reason":"lunch",)"
        R"("states":{"held":2,"queued":1},"budget":{"USD":{"day":5,"used":5.1}}})";
    spooler.accounts =
        R"({"accounts":[)" +
        Spooler::account(
            R"x(,"quarantines":[{"scope":"key","reason":"invalid api key (2049)"}])x") +
        "]}";
    spooler.accounts.replace(spooler.accounts.find("\"ok\""), 4, "\"quarantined\"");
    spooler.models = {502,
                      R"({"code":"upstream_account","title":"The upstream refuses the account",)"
                      R"("detail":"The upstream says: invalid api key (2049)."})"};
    const std::string text = Doctor(spooler).look().out;
    CHECK(contains(text, "warning  queue          buying is paused: lunch"));
    CHECK(contains(text, "cure           genspool resume\n"));
    CHECK(contains(text, "problem  disk           the disk is nearly full: nothing is bought"));
    CHECK(contains(text, "warning  queue          2 jobs are held"));
    CHECK(contains(text, "warning  budget         the budget of today is used up: 5.1 of 5 USD"));
    CHECK(contains(text,
                   "problem  account        account elsewhere buys nothing: key: invalid api "
                   "key (2049), until resumed"));
    CHECK(contains(
        text, "genspool resume elsewhere   # once the cause is mended; if that was its key: "));
    CHECK(contains(text, "the newest job that waits: price_unknown: no price is known"));
    CHECK(contains(text, "problem  upstream       account elsewhere: "));
}

TEST_CASE("rights that shut somebody out of the socket are told with the group that has them") {
    const TemporaryDirectory directory;
    const std::string socket = directory.path("s");
    std::ofstream(socket).flush();
    CHECK(cli::rights_at(socket).why.empty());
    CHECK(cli::rights_at("/nowhere/s").why.empty());
    CHECK(cli::rights_at("").why.empty());
}

TEST_CASE("a group is advised only where it opens the way") {
    using cli::Opening;
    constexpr mode_t socket = S_IFSOCK;
    constexpr mode_t directory = S_IFDIR;
    const cli::Person ann{1000, {1000}, {1000, 20}};
    const auto opening = [&](mode_t mode, uid_t uid, gid_t gid) {
        return cli::opening_for({mode, uid, gid}, ann);
    };
    CHECK(opening(socket | 0660, 900, 900) == Opening::membership);
    CHECK(opening(directory | 0750, 900, 900) == Opening::membership);
    CHECK(opening(socket | 0660, 900, 20) == Opening::new_session);
    // Without the group's bit its members stand outside, too.
    CHECK(opening(socket | 0600, 900, 900) == Opening::owner);
    CHECK(opening(socket | 0640, 900, 20) == Opening::owner);
    CHECK(opening(directory | 0700, 1001, 1001) == Opening::owner);
    CHECK(opening(directory | 0740, 900, 900) == Opening::owner);
    // Nobody is made a member of root's group, and who is a member already is shut out by more.
    CHECK(opening(socket | 0660, 0, 0) == Opening::owner);
    CHECK(opening(socket | 0660, 900, 1000) == Opening::owner);
    CHECK(opening(socket | 0060, 1000, 900) == Opening::mode);
}

TEST_CASE("a login that ends is no quarantine, and resuming does not renew it") {
    Spooler spooler;
    spooler.stats = R"({"version":"0.1.0","disk":"open","states":{"held":1}})";
    const auto told = [&](const std::string& health, const std::string& more) {
        spooler.accounts = R"({"accounts":[)" + Spooler::account(more) + "]}";
        spooler.accounts.replace(spooler.accounts.find("\"ok\""), 4, "\"" + health + "\"");
        return Doctor(spooler).look().out;
    };
    const std::string soon = told(
        "ok", R"(,"login_until":")" +
                  proto::format_rfc3339(cli::wall_now() + proto::Duration(48 * 3'600'000)) + "\"");
    CHECK(contains(soon, "warning  account        account elsewhere: its login upstream ends in"));
    CHECK_FALSE(contains(soon, "not everything"));
    CHECK_FALSE(contains(soon, "genspool resume"));
    const std::string broken = told("broken", R"(,"broken":"its error is LOGIN")");
    CHECK(contains(broken, "problem  account        account elsewhere buys nothing: its error is"));
    CHECK_FALSE(contains(broken, "genspool resume"));
    CHECK(contains(told("broken", R"(,"login_until":"2020-01-01T00:00:00Z")"), "has run out"));
    const std::string both =
        told("limited", R"(,"broken":null,"login_until":"2020-01-01T00:00:00Z",)"
                        R"("quarantines":[{"scope":"op","what":"x","reason":"y"}])");
    CHECK(contains(both, "buys not everything: op x: y"));
    CHECK(contains(both, "genspool resume elsewhere"));
    CHECK(contains(both, "1 job is held, and wait"));
}
