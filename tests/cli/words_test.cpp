#include "cli/words.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

#include "cli/json_reading.hpp"
#include "cli/urls.hpp"

using namespace genspool::cli;
using genspool::proto::parse_rfc3339;

TEST_CASE("ages are short") {
    const auto now = *parse_rfc3339("2026-12-01T12:00:00Z");
    CHECK(age("2026-12-01T12:00:00Z", now) == "0s");
    CHECK(age("2026-12-01T11:58:01Z", now) == "119s");
    CHECK(age("2026-12-01T11:00:00Z", now) == "60m");
    CHECK(age("2026-12-01T08:00:00Z", now) == "4h");
    CHECK(age("2026-11-01T12:00:00Z", now) == "30d");
    CHECK(age("2027-01-01T12:00:00Z", now) == "0s");
    CHECK(age("", now).empty());
    CHECK(ahead("2026-12-01T12:00:30Z", now) == "in 30s");
    CHECK(ahead("2026-12-01T11:00:00Z", now) == "now");
}

TEST_CASE("sizes are rounded down to what a person reads") {
    CHECK(file_size(999) == "999 B");
    CHECK(file_size(1'450) == "1.4 kB");
    CHECK(file_size(65'536) == "65.5 kB");
    CHECK(file_size(125'000) == "125 kB");
    CHECK(file_size(1'999'999) == "1.9 MB");
    CHECK(file_size(3'000'000'000) == "3.0 GB");
}

TEST_CASE("amounts are plain decimals with their unit") {
    const auto cost = boost::json::parse(R"({"spent":0.49,"uncertain":0,"unit":"USD"})");
    CHECK(amount(cost, "spent", false) == "0.49 USD");
    CHECK(amount(cost, "uncertain", false).empty());
    CHECK(amount(cost, "uncertain", true) == "0 USD");
    CHECK(amount(cost, "estimated", true).empty());
}

TEST_CASE("short ids are as long as telling them apart needs") {
    CHECK(short_id_length({}) == 15);
    CHECK(short_id_length({"01KAMZ3TAAAAAAAAAAAAAAAAAA", "01KAMZ3TBAAAAAAAAAAAAAAAAA"}) == 15);
    CHECK(short_id_length({"01KAMZ3TAAAAAAAAAAAAAAAAAA", "01KAMZ3TAAAAAAAAABAAAAAAAA"}) == 18);
    CHECK(short_id_length({"01KAMZ3TAAAAAAAAAAAAAAAAAA", "01KAMZ3TAAAAAAAAAAAAAAAAAA"}) == 15);
}

TEST_CASE("what is missing in a reply reads as empty") {
    const auto job = boost::json::parse(R"({"a":{"b":1.5,"c":null,"n":7},"l":[1,2]})");
    CHECK(text_at(job, "a.b") == "1.5");
    CHECK(text_at(job, "a.c").empty());
    CHECK(text_at(job, "a.b.c").empty());
    CHECK(text_at(job, "x.y").empty());
    CHECK(count_at(job, "a.n") == 7);
    CHECK(count_at(job, "a.b") == 0);
    CHECK(list_at(job, "l").size() == 2);
    CHECK(list_at(job, "a").empty());
    CHECK_FALSE(flag_at(job, "a"));
}

TEST_CASE("numbers are written without exponents") {
    for (const std::string text : {"0.0005", "0.000001", "-1.5", "0.0", "5.0", "7", "1e+300"}) {
        CHECK(to_text(boost::json::parse(text)) == text);
    }
}

TEST_CASE("verbatim JSON is put on one line") {
    CHECK(on_one_line("{\"a\":\n  1}\n") == "{\"a\":   1}");
}

TEST_CASE("targets are percent-encoded") {
    Target target("/v1/jobs");
    target.add("label", "film=reel 3&x").add("state", "");
    CHECK(target.text() == "/v1/jobs?label=film%3Dreel%203%26x");
    CHECK(job_path("a/b?c", "/explain") == "/v1/jobs/a%2Fb%3Fc/explain");
}
