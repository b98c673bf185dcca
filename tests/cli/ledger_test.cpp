#include <doctest/doctest.h>

#include "tests/cli/stub_daemon.hpp"

using namespace genspool::tests;

namespace {

std::string row(const std::string& status, const std::string& amount, const std::string& why) {
    return R"({"seq":1,"job_id":null,"batch":null,"send":2,"status":")" + status +
           R"(","amount":)" + amount + R"(,"unit":)" + (amount == "null" ? "null" : "\"USD\"") +
           R"(,"account":"main","op":"o","at":"2026-12-01T08:00:00.000Z",)" + why + "}";
}

StubDaemon::Handler answering(const std::string& list, const std::string& items) {
    return [=](const StubRequest&) {
        return StubReply{200, "{\"" + list + "\":[" + items + R"(],"next":null})"};
    };
}

}  // namespace

TEST_CASE("each purchase is told with what led to it, and all are summed up") {
    const StubDaemon daemon(answering(
        "rows",
        row("spent", "0.49", R"("why":"first","after":null)") + "," +
            row("uncertain", "0.5", R"("why":"retry","after":{"send":1,"status":"spent"})") + "," +
            row("spent", "null", R"("why":"refused","after":{"send":1,"status":"released"})")));

    const Ran ran = run_cli(daemon, {"ledger"});

    CHECK(ran.exit == 0);
    CHECK(ran.out ==
          "WHEN                      JOB     SEND  STATUS       AMOUNT  ACCOUNT  OP  WHY\n"
          "2026-12-01T08:00:00.000Z  (gone)     2  spent      0.49 USD  main     o   first "
          "purchase\n"
          "2026-12-01T08:00:00.000Z  (gone)     2  uncertain   0.5 USD  main     o   retried on "
          "request after send 1 (spent)\n"
          "2026-12-01T08:00:00.000Z  (gone)     2  spent       unknown  main     o   send 1 was "
          "refused\n"
          "3 purchases: 0.49 USD spent, 0.5 USD uncertain, 1 without a known price\n");
}

TEST_CASE("what was released is counted apart from what was bought") {
    const StubDaemon daemon(
        answering("rows", row("spent", "0.49", R"("why":"first","after":null)") + "," +
                              row("released", "0.5", R"("why":"first","after":null)") + "," +
                              row("released", "null", R"("why":"first","after":null)")));

    const Ran ran = run_cli(daemon, {"ledger"});

    CHECK(ran.out.ends_with(
        "\n1 purchase: 0.49 USD spent; 2 released, for which nothing was paid\n"));
}

TEST_CASE("the ledger is asked by what is wanted of it") {
    const StubDaemon daemon(answering("rows", ""));
    CHECK(run_cli(daemon, {"ledger", "--from", "2026-12-01", "--to", "2026-12-02", "--account",
                           "main", "--batch", "01K", "--job", "01J", "--status", "spent"})
              .exit == 0);
    CHECK(daemon.lines() ==
          std::vector<std::string>{"GET /v1/ledger?from=2026-12-01&to=2026-12-02&account=main&"
                                   "batch=01K&job=01J&status=spent&limit=1000"});
}

TEST_CASE("the ledger's sums are by day and account") {
    const StubDaemon daemon(answering(
        "totals", R"({"day":"2026-12-01","account":"main","unit":"USD","spent":0.49,"reserved":0,)"
                  R"("uncertain":1})"));
    CHECK(run_cli(daemon, {"ledger", "--totals", "--account", "main"}).out ==
          "DAY         ACCOUNT  SPENT  UNCERTAIN  RESERVED  UNIT\n"
          "2026-12-01  main      0.49          1         0  USD\n");
    CHECK(run_cli(daemon, {"ledger", "--totals", "--job", "01J"}).exit == 2);
    CHECK(daemon.lines() ==
          std::vector<std::string>{"GET /v1/ledger/totals?account=main&limit=1000"});
}
