#include "daemon/log.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace genspool::daemon;

namespace {

/// Takes the log's lines while it lives.
class Lines {
public:
    Lines() {
        set_log_sink([this](Level, const std::string& line) { lines.push_back(line); });
    }
    ~Lines() { set_log_sink(nullptr); }

    std::vector<std::string> lines;
};

}  // namespace

TEST_CASE("a line is an event and its fields, quoted where they must be") {
    Lines log_lines;

    log(Level::info, "job_done", {{"job", "01ABC"}, {"reason", "two \"words\""}, {"empty", ""}});

    REQUIRE(log_lines.lines.size() == 1);
    CHECK(log_lines.lines.front() == R"(job_done job=01ABC reason="two \"words\"" empty="")");
}

TEST_CASE("a value cannot pretend to be another line") {
    Lines log_lines;

    log(Level::warn, "upstream", {{"text", "a\nforged=1\r\x1b[31m"}});

    CHECK(log_lines.lines.front() == "upstream text=\"a forged=1  [31m\"");
}

TEST_CASE("a value cannot steer the terminal that shows the log") {
    Lines log_lines;

    log(Level::warn, "upstream", {{"text", "\xC2\x9B[2J\xC2\x80\xC2\x9F\xC2\xA0\xC3\x9B"}});

    CHECK(log_lines.lines.front() == "upstream text=\" [2J  \xC2\xA0\xC3\x9B\"");
}

TEST_CASE("a key never stands in the log, whatever carries it") {
    Lines log_lines;
    hide_in_logs(Secret("sk-a-key-to-be-hidden"));

    log(Level::error, "call_failed",
        {{"header", "Authorization: Bearer sk-a-key-to-be-hidden"},
         {"url", "https://h/?k=sk-a-key-to-be-hidden&again=sk-a-key-to-be-hidden"}});

    const std::string& line = log_lines.lines.front();
    CHECK(line.find("sk-a-key") == std::string::npos);
    CHECK(line.find("Bearer ***") != std::string::npos);
}
