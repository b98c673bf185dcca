// The real program on a terminal: it draws, follows the terminal's size, and gives it back.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <future>

#include "tests/cli/stub_daemon.hpp"
#include "tests/support/places.hpp"
#include "tests/support/pseudo_terminal.hpp"

using namespace genspool::tests;

namespace {

constexpr const char* leave = "\x1b[?1049l";

StubReply spooler(const StubRequest& request, bool paused) {
    if (request.target == "/v1/accounts")
        return {200, R"({"accounts":[{"name":"main","provider":"minimax","health":"ok"}]})"};
    if (request.target.starts_with("/v1/jobs"))
        return {200, R"({"jobs":[{"id":"01KAMZ3TAAAAAAAAAAAAAAAAAA","state":"running",)"
                     R"("kind":"video","progress":0.5}],"next":null})"};
    return {200, std::string(R"({"version":"0.1.0","disk":"open","paused":)") +
                     (paused ? "true" : "false") + R"(,"states":{"running":1,"queued":3}})"};
}

StubReply spooling(const StubRequest& request) {
    return spooler(request, false);
}

std::vector<std::string> command(const StubDaemon& daemon) {
    return {program("genspool"), "top", "--socket", daemon.socket()};
}

bool contains(const std::string& text, const std::string& part) {
    INFO(text);
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("top draws the whole terminal, follows its size, and gives it back on q") {
    const StubDaemon daemon(spooling);
    PseudoTerminal terminal(command(daemon), {"TERM=xterm", "NO_COLOR=1"}, 100, 24);
    const std::string first = terminal.read_until("sorted by end");
    CHECK(contains(first, "\x1b[?1049h"));
    CHECK(contains(first, "█████░░░░░ 50 %"));
    CHECK_FALSE(contains(first, "\x1b[31m"));
    CHECK_FALSE(terminal.is_plain());

    terminal.resize(30, 12);
    CHECK(contains(terminal.read_until("q quit  ↑↓ scroll  s sorted b…"), "jobs"));
    terminal.type("s");
    terminal.resize(100, 24);
    terminal.read_until("sorted by age");
    terminal.type("q");
    CHECK(contains(terminal.read_rest(), leave));
    CHECK(terminal.wait() == 0);
    CHECK(terminal.is_plain());
}

TEST_CASE("top gives the terminal back on Ctrl-C and on signals") {
    const StubDaemon daemon(spooling);
    for (const int number : {0, SIGTERM, SIGINT, SIGQUIT, SIGHUP}) {
        CAPTURE(number);
        PseudoTerminal terminal(command(daemon), {"TERM=xterm"}, 100, 24);
        terminal.read_until("q quit");
        if (number == 0) {
            terminal.type("\x03");
        } else {
            terminal.signal(number);
        }
        CHECK(contains(terminal.read_rest(), leave));
        CHECK(terminal.wait() == 0);
        CHECK(terminal.is_plain());
    }
}

TEST_CASE("a suspended top has given the terminal back, and takes it again") {
    const StubDaemon daemon(spooling);
    PseudoTerminal terminal(command(daemon), {"TERM=xterm"}, 100, 24);
    terminal.read_until("q quit");
    terminal.signal(SIGTSTP);
    terminal.await_stop();
    terminal.read_until(leave);
    CHECK(terminal.is_plain());
    terminal.signal(SIGCONT);
    terminal.read_until("\x1b[?1049h");
    terminal.read_until("q quit");
    CHECK_FALSE(terminal.is_plain());
    terminal.type("q");
    terminal.read_rest();
    CHECK(terminal.wait() == 0);
}

TEST_CASE("what is answered is what was asked, though the queue was paused in between") {
    std::atomic<bool> paused = false;
    const StubDaemon daemon(
        [&paused](const StubRequest& request) { return spooler(request, paused); });
    PseudoTerminal terminal(command(daemon), {"TERM=xterm", "NO_COLOR=1"}, 100, 24);
    terminal.read_until("p pause");
    terminal.type("p");
    terminal.read_until("buy nothing new until you resume? [y/N]");
    paused = true;  // by somebody else
    terminal.read_until("paused: ");
    terminal.type("y");
    terminal.read_until("p resume");
    terminal.type("q");
    terminal.read_rest();
    CHECK(terminal.wait() == 0);
    const auto lines = daemon.lines();
    CHECK(std::ranges::count(lines, "POST /v1/queue/pause") == 1);
    CHECK(std::ranges::count(lines, "POST /v1/queue/resume") == 0);
}

TEST_CASE("who leaves while a slow daemon is asked does not wait for all that would be asked") {
    std::atomic<bool> slow = false;
    std::promise<void> asked;
    std::promise<void> typed;
    const StubDaemon daemon([&, wait = typed.get_future().share()](const StubRequest& request) {
        if (request.target == "/v1/stats" && slow.exchange(false)) {
            asked.set_value();
            wait.wait();
        }
        return spooler(request, false);
    });
    PseudoTerminal terminal(command(daemon), {"TERM=xterm"}, 100, 24);
    terminal.read_until("q quit");
    slow = true;
    asked.get_future().wait();
    terminal.type("q");
    typed.set_value();
    CHECK(contains(terminal.read_rest(), leave));
    CHECK(terminal.wait() == 0);
    CHECK(daemon.lines().back() == "GET /v1/stats");
}

TEST_CASE("p pauses the queue after it was asked whether that is meant") {
    std::atomic<bool> paused = false;
    const StubDaemon daemon([&paused](const StubRequest& request) {
        if (request.method == "POST") paused = request.target == "/v1/queue/pause";
        return spooler(request, paused);
    });
    PseudoTerminal terminal(command(daemon), {"TERM=xterm", "NO_COLOR=1"}, 100, 24);
    terminal.read_until("p pause");
    terminal.type("p");
    terminal.read_until("buy nothing new until you resume? [y/N]");
    terminal.type("n");
    terminal.read_until("p pause");
    CHECK_FALSE(paused);
    terminal.type("py");
    terminal.read_until("p resume");
    CHECK(paused);
    terminal.type("q");
    terminal.read_rest();
    CHECK(terminal.wait() == 0);
}

TEST_CASE("top outlives a daemon that goes away, says so, and goes on when it is back") {
    std::atomic<bool> away = false;
    const StubDaemon daemon([&away](const StubRequest& request) {
        StubReply reply = spooler(request, false);
        reply.drop = away;
        return reply;
    });
    PseudoTerminal terminal(command(daemon), {"TERM=xterm", "NO_COLOR=1"}, 100, 24);
    terminal.read_until("q quit");
    away = true;
    CHECK(contains(terminal.read_until("the daemon is away: "), "genspool 0.1.0"));
    terminal.read_until("01KAMZ3TAAAAAAA  running");
    away = false;
    terminal.type("s");  // it may have been drawn just now
    terminal.read_until("jobs  1 running 3 queued");
    terminal.type("q");
    terminal.read_rest();
    CHECK(terminal.wait() == 0);
}

TEST_CASE("a daemon that was never there leaves the terminal alone") {
    PseudoTerminal terminal({program("genspool"), "top", "--socket", "/nowhere/genspool.sock"},
                            {"TERM=xterm"}, 100, 24);
    const std::string said = terminal.read_rest();
    CHECK(contains(said, "cannot reach the daemon"));
    CHECK_FALSE(contains(said, "\x1b["));
    CHECK(terminal.wait() == 5);
}

TEST_CASE("where there is no terminal, or a dumb one, top prints one picture") {
    const StubDaemon daemon(spooling);
    const Ran ran = run_cli(daemon, {"top"});
    CHECK(ran.exit == 0);
    CHECK(contains(ran.out, "01KAMZ3TAAAAAAA  running  video"));
    const Ran json = run_cli(daemon, {"top", "--json"});
    CHECK(contains(json.out, R"("jobs":[{"id":"01KAMZ3TAAAAAAAAAAAAAAAAAA")"));
    PseudoTerminal dumb(command(daemon), {"TERM=dumb"}, 100, 24);
    const std::string said = dumb.read_rest();
    CHECK(contains(said, "01KAMZ3TAAAAAAA"));
    CHECK_FALSE(contains(said, "\x1b"));
    CHECK(dumb.wait() == 0);
}

TEST_CASE("colours are for terminals that can show them, and for who wants them") {
    const StubDaemon daemon(spooling);
    const auto listed = [&](const std::string& variable) {
        PseudoTerminal terminal({program("genspool"), "ls", "--socket", daemon.socket()},
                                {variable, "TERM=xterm"}, 100, 24);
        return terminal.read_rest();
    };
    CHECK(contains(listed("NO_COLOR="), "\x1b[36mrunning\x1b[0m"));
    CHECK_FALSE(contains(listed("NO_COLOR=1"), "\x1b["));
    CHECK_FALSE(contains(listed("TERM=dumb"), "\x1b["));
}
