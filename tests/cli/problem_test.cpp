#include "cli/problem.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace genspool::cli;

TEST_CASE("a problem becomes one line: what, field, reason, hint") {
    const auto failure =
        to_failure(422, R"({"title":"A value is invalid","status":422,"code":"invalid",)"
                        R"("detail":"7 is not one of 6 and 10.","field":"request.duration"})");

    CHECK(std::string(failure.what()) ==
          "A value is invalid: request.duration: 7 is not one of 6 and 10");
}

TEST_CASE("a field that the reason names already is not repeated") {
    const auto failure =
        to_failure(422, R"({"title":"A field is missing","code":"missing",)"
                        R"("detail":"request.text is missing.","field":"request.text","line":3})");

    CHECK(std::string(failure.what()) == "A field is missing (line 3): request.text is missing");
}

TEST_CASE("the code decides the exit, and the status where the code is unknown") {
    struct Row {
        int status;
        std::string code;
        Exit exit;
    };
    const std::vector<Row> rows = {
        {422, "invalid", Exit::usage},
        {422, "too_long", Exit::usage},
        {422, "idempotency_conflict", Exit::usage},
        {409, "ambiguous", Exit::usage},
        {404, "not_available", Exit::usage},
        {404, "not_found", Exit::not_found},
        {403, "not_owner", Exit::not_allowed},
        {409, "not_allowed", Exit::not_allowed},
        {409, "needs_again", Exit::not_allowed},
        {409, "not_fetched", Exit::not_allowed},
        {503, "queue_full", Exit::unreachable},
        {507, "disk_full", Exit::unreachable},
        {500, "internal", Exit::unreachable},
        {401, "who_knows", Exit::not_allowed},
        {404, "who_knows", Exit::not_found},
        {418, "who_knows", Exit::usage},
    };
    for (const Row& row : rows) {
        CAPTURE(row.code);
        const std::string body = R"({"title":"T","code":")" + row.code + R"(","detail":"D."})";
        CHECK(to_failure(row.status, body).exit() == row.exit);
    }
}

TEST_CASE("a hint tells what can be done") {
    const auto failure =
        to_failure(409, R"({"title":"That might buy a second time","code":"needs_again"})");
    CHECK(std::string(failure.what()).find("--again") != std::string::npos);
}

TEST_CASE("a reply that is no problem document is told by its status") {
    CHECK(std::string(to_failure(502, "<html>").what()).find("502") != std::string::npos);
    CHECK(to_failure(502, "<html>").exit() == Exit::unreachable);
    CHECK(problem_code("<html>").empty());
    CHECK(problem_code(R"({"code":"stopping"})") == "stopping");
}
