#include "daemon/problem.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <set>

using namespace genspool;
using namespace genspool::daemon;

TEST_CASE("every refusal of the queue has a code of its own with a status") {
    std::set<std::string_view> codes;
    for (int n = static_cast<int>(queue::Errc::stale);
         n <= static_cast<int>(queue::Errc::read_only); ++n) {
        const auto errc = static_cast<queue::Errc>(n);
        const std::string_view code = problem_code(errc);
        CAPTURE(code);
        CHECK(code != "internal");
        CHECK(problem_kind(code).code == code);
        CHECK(problem_kind(code).status >= 400);
        CHECK(reason_phrase(problem_kind(code).status) != "Unknown");
        CHECK(codes.insert(code).second);
    }
    CHECK(problem_kind(problem_code(queue::Errc::not_owner)).status == 403);
    CHECK(problem_kind(problem_code(queue::Errc::not_found)).status == 404);
    CHECK(problem_kind(problem_code(queue::Errc::conflict)).status == 422);
    CHECK(problem_kind(problem_code(queue::Errc::full)).retryable);
    CHECK(problem_kind(problem_code(queue::Errc::read_only)).status == 507);
}

TEST_CASE("a file that does not fit has codes that the table knows") {
    for (const char* const code : {"input.missing", "input.type", "input.size"}) {
        CHECK(problem_kind(code).code == code);
        CHECK(problem_kind(code).status == 422);
    }
}

TEST_CASE("a problem says what is wrong, where, and whether it cost anything") {
    Problem problem("missing", "request.prompt is required", "request.prompt");
    problem.billed = false;
    problem.line = 17;

    const Reply reply = to_reply(problem);

    CHECK(reply.status == 422);
    CHECK(reply.content_type == "application/problem+json");
    const auto body = boost::json::parse(reply.body).as_object();
    CHECK(body.at("type").as_string() == "urn:genspool:problem:missing");
    CHECK(body.at("field").as_string() == "request.prompt");
    CHECK(body.at("billed").as_bool() == false);
    CHECK(body.at("line").as_int64() == 17);
    CHECK_FALSE(body.contains("job_id"));
}

TEST_CASE("a finer code of a refusal keeps its name and has the status of a wrong value") {
    const Reply reply = to_reply(to_problem(proto::Refused{"exceeds_max_cost", "max_cost", "no"}));

    CHECK(reply.status == 422);
    CHECK(boost::json::parse(reply.body).at("code").as_string() == "exceeds_max_cost");
}
