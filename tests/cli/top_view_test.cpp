#include "cli/top_view.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

#include "cli/screen.hpp"
#include "cli/text_width.hpp"

using namespace genspool;
using namespace genspool::cli;

namespace {

constexpr const char* now = "2026-12-01T08:00:00.000Z";

boost::json::value job(const std::string& id, const std::string& state, const std::string& more) {
    return boost::json::parse(R"({"id":")" + id + R"(AAAAAAAAAAAAAAAAAA","state":")" + state +
                              R"(","kind":"video","account":"main",)" + more +
                              R"("created_at":"2026-12-01T07:59:00.000Z"})");
}

TopData data_of(std::size_t jobs = 3) {
    TopData data;
    data.at = *proto::parse_rfc3339(now);
    data.stats = boost::json::parse(
        R"({"version":"0.1.0","started_at":"2026-12-01T05:00:00.000Z","disk":"open",)"
        R"("paused":false,"states":{"queued":12,"running":2,"held":1,"failed":0},)"
        R"("oldest":{"queued":"2026-12-01T07:48:00.000Z","running":null},)"
        R"("budget":{"USD":{"day":50,"used":3.2}}})");
    data.accounts = boost::json::parse(
        R"({"accounts":[{"name":"main","provider":"minimax","health":"quarantined",)"
        R"("slots":[{"class":"video","taken":2,"limit":3,"limit_now":3}],)"
        R"("quarantines":[{"scope":"key","reason":"invalid api key","until":null}],)"
        R"("today":{"spent":3.2,"used":3.2,"unit":"USD"}}]})");
    data.jobs.push_back(
        job("01KAMZ3A", "running", R"("progress":0.41,"eta":"2026-12-01T08:00:35.000Z",)"));
    data.jobs.push_back(job("01KAMZ3B", "running", R"("progress":null,"eta":null,)"));
    data.jobs.push_back(
        job("01KAMZ3C", "running", R"("progress":0.99,"eta":"2026-12-01T08:00:05.000Z",)"));
    while (data.jobs.size() < jobs)
        data.jobs.push_back(job("01KAMZ4" + std::to_string(data.jobs.size() % 10), "held", ""));
    data.jobs_in_all = data.jobs.size();
    return data;
}

std::string text_of(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines)
        text += line + "\n";
    return text;
}

std::string shown(const TopData& data, const TopView& view = {}, TerminalSize size = {100, 24}) {
    return text_of(top_picture(data, view, size, false));
}

bool contains(const std::string& text, const std::string& part) {
    INFO(text);
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the picture shows states, money, accounts, and how far each job is") {
    const std::string text = shown(data_of());
    CHECK(contains(text,
                   "genspool 0.1.0  up 3h  2026-12-01T08:00:00.000Z\n"
                   "jobs  12 queued (oldest 12m) 2 running 1 held\n"
                   "today  3.2 USD of 50\n"));
    CHECK(contains(text, "key: invalid api key, until resumed"));
    CHECK(contains(text, "████░░░░░░ 41 %  in 35s"));
    // Sorted by end; of the last nobody knows how far it is, and no bar is made up.
    const std::size_t soonest = text.find("01KAMZ3C");
    CHECK(soonest < text.find("01KAMZ3A"));
    CHECK(text.find("01KAMZ3A") < text.find("01KAMZ3B"));
    const std::size_t unknown = text.find("01KAMZ3B");
    CHECK_FALSE(contains(text.substr(unknown, text.find('\n', unknown) - unknown), "░"));
    CHECK(contains(text, "q quit"));
}

TEST_CASE("whatever the size, the picture fits it") {
    for (const int columns : {1, 20, 80, 300}) {
        for (const int rows : {1, 2, 5, 12, 24, 100}) {
            CAPTURE(columns);
            CAPTURE(rows);
            const auto lines = top_picture(data_of(60), {}, {columns, rows}, true);
            CHECK(lines.size() == static_cast<std::size_t>(rows));
            for (const std::string& line : lines)
                CHECK(width_of(line) <= static_cast<std::size_t>(columns));
        }
    }
}

TEST_CASE("scrolling shows later jobs, and how many are left") {
    TopView view;
    const TerminalSize size{100, 20};
    const TopData data = data_of(60);
    const std::size_t page = top_page(data, size);
    CHECK(contains(shown(data, view, size), "(" + std::to_string(60 - page) + " more)"));
    view.first = 60 - page;
    const std::string end = shown(data, view, size);
    CHECK_FALSE(contains(end, " more)"));
    CHECK_FALSE(contains(end, "01KAMZ3C"));
    CHECK(contains(end, "JOB "));
    view.first = 1'000;  // jobs have ended meanwhile
    CHECK(shown(data, view, size) == end);
}

TEST_CASE("without a size all of it is shown, and no keys") {
    const std::string text = shown(data_of(60), {}, {});
    CHECK(std::count(text.begin(), text.end(), '\n') > 60);
    CHECK_FALSE(contains(text, "q quit"));
}

TEST_CASE("a daemon that is away, a pause and a question are said in their places") {
    TopData data = data_of();
    data.trouble = "the daemon is away: Connection refused";
    CHECK(contains(shown(data), "the daemon is away: Connection refused"));
    CHECK(contains(shown(data), "01KAMZ3A"));  // what was known stays
    TopView view;
    view.question = "buy again?";
    CHECK(contains(shown(data, view), "buy again? [y/N]"));
    data = data_of();
    data.stats.as_object()["paused"] = true;
    data.stats.as_object()["paused_reason"] = "new \x1b[31mplan";
    const std::string paused = shown(data);
    CHECK(contains(paused, "paused: new  [31mplan"));
    CHECK(contains(paused, "p resume"));
}

TEST_CASE("before buying goes on it is said how many jobs may be bought a second time") {
    namespace json = boost::json;
    CHECK(cli::resume_question(json::parse(R"({"paused":true})")) == "buy again?");
    CHECK(cli::resume_question(json::parse(R"({"setback":{"doubtful":0}})")) == "buy again?");
    CHECK(contains(cli::resume_question(json::parse(R"({"setback":{"doubtful":3}})")),
                   "3 jobs may be bought a second time"));
    CHECK(contains(cli::resume_question(json::parse(R"({"setback":{"doubtful":1}})")),
                   "1 job may be bought a second time"));
}

TEST_CASE("an empty spooler is a picture, too") {
    const std::string text = shown(TopData{});
    CHECK(contains(text, "no account is configured"));
    CHECK(contains(text, "no job is at work or held"));
}

TEST_CASE("keys are told apart, whole or in a burst") {
    std::string bytes = "\x1b[B\x1b[5~jq\x03p\x1b[99~";
    using Key = Screen::Key;
    CHECK(take_key(bytes).key == Key::down);
    CHECK(take_key(bytes).key == Key::page_up);
    CHECK(take_key(bytes).key == Key::down);
    CHECK(take_key(bytes).key == Key::quit);
    CHECK(take_key(bytes).key == Key::quit);
    CHECK(take_key(bytes).letter == 'p');
    CHECK(take_key(bytes).key == Key::other);  // nobody's: none of it counts as letters
    CHECK(bytes.empty());
    CHECK(take_key(bytes).key == Key::none);
}
