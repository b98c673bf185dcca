#include "cli/progress.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

#include "cli/bar.hpp"
#include "cli/text_width.hpp"

using namespace genspool;
using namespace genspool::cli;

namespace {

struct Place {
    explicit Place(int columns) {
        console.err = [this](std::string_view text) { told += text; };
        console.err_terminal = columns > 0;
        console.redraws = columns > 0;
        console.size = [columns] { return TerminalSize{columns, 24}; };
    }

    std::string job(const std::string& members) {
        told.clear();
        Progress progress(console, false);
        progress.job(boost::json::parse(R"({"id":"01KAMZ3TAAAAAAAAAAAAAAAAAA","attempt":1,)" +
                                        members + "}"));
        return told;
    }

    Console console;
    std::string told;
};

bool contains(const std::string& text, const std::string& part) {
    INFO(text);
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("on a terminal a job has a bar, and says when it may be done") {
    Place place(100);
    CHECK(
        contains(place.job(R"("state":"running","progress":0.5,"eta":"2999-01-01T00:00:00.000Z")"),
                 "01KAMZ3TAAAAAAA  running  attempt 1  ██████████░░░░░░░░░░  50 %  done in "));
    CHECK(contains(place.job(R"("state":"running","progress":1,"eta":"1999-01-01T00:00:00.000Z")"),
                   "████████████████████  100 %  done any moment"));
}

TEST_CASE("no bar is drawn of what nobody knows") {
    Place place(100);
    const std::string line = place.job(R"("state":"running","progress":null,"eta":null)");
    CHECK_FALSE(contains(line, "░"));
    CHECK_FALSE(contains(line, "done"));
    CHECK(bar(std::nullopt, 10).empty());
    CHECK(bar(0.999, 10) == "█████████░");  // only what is done is full
}

TEST_CASE("the line fits the terminal as it is now") {
    Place place(30);
    const std::string line = place.job(R"("state":"running","progress":0.5,"eta":null)");
    const std::string drawn = line.substr(line.find('K') + 1);
    CHECK(width_of(drawn.substr(0, drawn.find('\r'))) == 29);
}

TEST_CASE("where lines cannot be written over there is one for each change of state") {
    Place place(0);
    Progress progress(place.console, false);
    const auto at = [&](const std::string& state) {
        progress.job(boost::json::parse(R"({"id":"01KAMZ3TAAAAAAA","attempt":1,"state":")" + state +
                                        R"(","progress":0.25})"));
    };
    at("running");
    at("running");
    at("fetching");
    CHECK(place.told ==
          "01KAMZ3TAAAAAAA  running  attempt 1  25 %\n"
          "01KAMZ3TAAAAAAA  fetching  attempt 1  25 %\n");
}

TEST_CASE("a batch's bar is the jobs that have ended") {
    Place place(120);
    Progress progress(place.console, false);
    progress.batch(boost::json::parse(
        R"({"id":"01KAMXAAAAAAAAA","states":{"succeeded":2,"failed":1,"held":1,"queued":4}})"));
    CHECK(contains(place.told, "01KAMXAAAAAAAAA  ██████████░░░░░░░░░░  4 of 8  "));
    CHECK_FALSE(contains(place.told, " left"));  // nothing has been seen to end yet
}

TEST_CASE("text is measured and cut by characters, and colours take no room") {
    CHECK(width_of("\x1b[31mfüchse\x1b[0m") == 6);
    CHECK(cut_to("füchse", 6) == "füchse");
    CHECK(cut_to("füchse", 4) == "füc…");
    CHECK(cut_to("\x1b[31mfüchse\x1b[0m", 4) == "\x1b[31mfüc…\x1b[0m");
    CHECK(cut_to("füchse", 1) == "…");
    CHECK(cut_to("füchse", 0).empty());
}
