#include "daemon/metrics.hpp"

#include <doctest/doctest.h>

#include <set>
#include <sstream>
#include <string>

#include "tests/daemon/running_daemon.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

/// The value of a series, as it stands on the page; "(not there)".
std::string value_of(const std::string& page, const std::string& series) {
    std::istringstream lines(page);
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with(series + " ")) return line.substr(series.size() + 1);
    return "(not there)";
}

daemon::Figures some_figures() {
    daemon::Figures figures;
    figures.now = proto::Instant{std::chrono::seconds{1'800'000'100}};
    figures.started_at = proto::Instant{std::chrono::seconds{1'800'000'000}};
    figures.stats.by_state[static_cast<std::size_t>(proto::State::queued)] = 3;
    figures.stats.entered[static_cast<std::size_t>(proto::State::failed)] = 7;
    figures.stats.disk = queue::DiskGate::no_fetch;
    figures.stats.budgets = {{proto::Unit::usd, 50'000'000, 490'000}};
    figures.oldest.at(static_cast<std::size_t>(proto::State::queued)) =
        figures.now - std::chrono::milliseconds{1'500};
    queue::AccountView account;
    account.name = "ma\"in";
    account.provider = "minimax";
    account.configured = true;
    account.classes = {{"video", 2, 1, std::nullopt, 3, 0, 2, 0}};
    account.unit = proto::Unit::usd;
    account.spent_today = {490'000, proto::Unit::usd};
    figures.accounts = {account};
    figures.hooks = {{"ops", 5, 2, 1, 9}};
    return figures;
}

}  // namespace

TEST_CASE("what is measured is told in the words of Prometheus") {
    const std::string page = daemon::metrics_text(some_figures());
    CHECK(value_of(page, "genspool_jobs{state=\"queued\"}") == "3");
    CHECK(value_of(page, "genspool_oldest_job_age_seconds{state=\"queued\"}") == "1.5");
    CHECK(value_of(page, "genspool_oldest_job_age_seconds{state=\"held\"}") == "0");
    CHECK(value_of(page, "genspool_transitions_total{state=\"failed\"}") == "7");
    CHECK(value_of(page, "genspool_disk_gate") == "2");
    CHECK(value_of(page, "genspool_budget_limit{unit=\"USD\"}") == "50");
    CHECK(value_of(page, R"(genspool_account_open{account="ma\"in",provider="minimax"})") == "1");
    CHECK(value_of(page, R"(genspool_account_slots_limit{account="ma\"in",class="video"})") == "2");
    CHECK(value_of(page, R"(genspool_account_spent_today{account="ma\"in",unit="USD"})") == "0.49");
    CHECK(value_of(page, "genspool_hook_behind{hook=\"ops\"}") == "9");
    CHECK(value_of(page, "genspool_measured_timestamp_seconds") == "1800000100");
    CHECK(value_of(page, "process_start_time_seconds") == "1800000000");
}

TEST_CASE("an account that cannot be bought from is not open") {
    daemon::Figures figures = some_figures();
    figures.accounts.front().paused = true;
    CHECK(value_of(daemon::metrics_text(figures),
                   R"(genspool_account_open{account="ma\"in",provider="minimax"})") == "0");
}

TEST_CASE("an account that is configured no more is told of while something of its is upstream") {
    daemon::Figures figures = some_figures();
    const std::string series = R"(genspool_account_slots_taken{account="ma\"in",class="video"})";
    figures.accounts.front().configured = false;
    CHECK(value_of(daemon::metrics_text(figures), series) == "2");
    figures.accounts.front().classes.front().taken = 0;
    CHECK(value_of(daemon::metrics_text(figures), series) == "(not there)");
}

TEST_CASE("a running daemon tells its figures") {
    RunningDaemon daemon;
    ApiClient client = daemon.client();
    const std::string created = client.post("/v1/jobs", video_text()).at("id");
    client.post("/v1/jobs", video_text());
    client.post("/v1/jobs/" + created + "/cancel", "");

    const ApiReply reply = client.get("/metrics");
    CHECK(reply.status == 200);
    CHECK(reply.headers.at("content-type") == "text/plain; version=0.0.4; charset=utf-8");
    CHECK(value_of(reply.body, "genspool_jobs{state=\"queued\"}") == "1");
    CHECK(value_of(reply.body, "genspool_transitions_total{state=\"queued\"}") == "2");
    CHECK(value_of(reply.body, "genspool_transitions_total{state=\"canceled\"}") == "1");
    CHECK(value_of(reply.body, "process_resident_memory_bytes") != "0");
    CHECK(value_of(reply.body, "process_open_fds") != "0");
}
