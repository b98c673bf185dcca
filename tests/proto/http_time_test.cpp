#include "proto/http_time.hpp"

#include <doctest/doctest.h>

using namespace genspool::proto;

namespace {

Reply reply_with(std::string date, std::string retry_after) {
    Reply reply;
    if (!date.empty()) reply.headers.emplace_back("Date", std::move(date));
    if (!retry_after.empty()) reply.headers.emplace_back("retry-after", std::move(retry_after));
    return reply;
}

const char* const now = "Sun, 06 Nov 1994 08:49:37 GMT";

}  // namespace

TEST_CASE("an HTTP date is read in the one form that is written") {
    CHECK(parse_http_date(now) == parse_rfc3339("1994-11-06T08:49:37Z"));
    for (const char* text : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
                             "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
                             "Sun, 06 Nox 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 UTC",
                             "Sun, -6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT."}) {
        CAPTURE(text);
        CHECK(parse_http_date(text) == std::nullopt);
    }
}

TEST_CASE("Retry-After is placed in time by the reply's own date") {
    CHECK(retry_at(reply_with(now, "23")) == parse_rfc3339("1994-11-06T08:50:00Z"));
    CHECK(retry_at(reply_with(now, "Sun, 06 Nov 1994 09:00:00 GMT")) ==
          parse_rfc3339("1994-11-06T09:00:00Z"));
    CHECK(retry_at(reply_with("", "Sun, 06 Nov 1994 09:00:00 GMT")) ==
          parse_rfc3339("1994-11-06T09:00:00Z"));
    CHECK(retry_at(reply_with(now, "999999999")) == parse_rfc3339("1994-11-07T08:49:37Z"));
    CHECK(retry_at(reply_with("", "23")) == std::nullopt);
    CHECK(retry_at(reply_with(now, "-5")) == std::nullopt);
    CHECK(retry_at(reply_with(now, "99999999999999999999")) == std::nullopt);
    CHECK(retry_at(reply_with(now, "")) == std::nullopt);
}
