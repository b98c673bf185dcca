#include "proto/job.hpp"

#include <doctest/doctest.h>

using namespace genspool::proto;

TEST_CASE("every kind is read by its name") {
    for (int number = 1; number <= 11; ++number) {
        const Kind kind = static_cast<Kind>(number);
        CHECK(parse_kind(to_string(kind)) == kind);
    }
    CHECK_FALSE(parse_kind("").has_value());
    CHECK_FALSE(parse_kind("Video").has_value());
}

TEST_CASE("every failure class has a name of its own") {
    CHECK(to_string(FailureClass::none) == "none");
    CHECK(to_string(FailureClass::no_capacity) == "no_capacity");
    CHECK(to_string(FailureClass::unknown) == "unknown");
    CHECK(to_string(Scope::key) == "key");
}

TEST_CASE("a job that was never charged has no uncertain send") {
    CHECK_FALSE(has_uncertain_send(JobRecord{}));
}

TEST_CASE("a charged send is certain once its task, artifact or answer is known") {
    JobRecord record;
    record.send = 4;
    record.charged = 1;
    CHECK(has_uncertain_send(record));

    SUBCASE("by its task") {
        record.tasks.push_back(Task{"t1", "main", 4});
    }
    SUBCASE("by its artifact") {
        record.artifacts.resize(2);
    }
    SUBCASE("by its answer") {
        record.result_send = 4;
    }
    SUBCASE("by a refusal that says it is billed") {
        record.failure = Failure{FailureClass::rejected, "1027", "", false, true, ""};
    }
    CHECK_FALSE(has_uncertain_send(record));

    record.charged = 2;
    CHECK(has_uncertain_send(record));
}

TEST_CASE("an earlier send's answer makes no later one certain") {
    JobRecord record;
    record.send = 2;
    record.charged = 2;
    record.result = "{}";
    record.result_send = 1;
    record.artifacts.resize(1);
    record.artifacts.front().source.send = 1;

    CHECK(has_uncertain_send(record));
    CHECK_FALSE(was_answered(record));
}

TEST_CASE("money that may be gone makes a send uncertain, and so does the state unknown") {
    JobRecord record;
    record.state = State::unknown;
    CHECK(has_uncertain_send(record));

    record.state = State::held;
    CHECK_FALSE(has_uncertain_send(record));

    record.uncertain = 1;
    CHECK(has_uncertain_send(record));
}
