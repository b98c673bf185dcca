#include "daemon/gateway/number.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace genspool;
using namespace genspool::daemon::gateway;

namespace {

proto::JobId id_of(std::uint64_t seq, std::uint16_t salt = 0x1234) {
    return proto::JobId::make(proto::Instant{std::chrono::seconds{1'800'000'000}}, {seq}, salt);
}

constexpr std::uint64_t one = 1;

}  // namespace

TEST_CASE("a task's number leads to its job, and to no other that has the same place") {
    for (const std::uint64_t seq : {one, 2 * one, 77'777 * one, (one << 36U) - 1, one << 36U,
                                    (one << 36U) + 5, (one << 46U) - 1}) {
        CAPTURE(seq);
        const proto::JobId id = id_of(seq);
        const std::uint64_t number = task_number(id);
        CHECK(number < one << 63U);
        const auto read = read_number(std::to_string(number));
        REQUIRE(read);
        CHECK(read->of == Number::Of::task);
        CHECK(read->job.value == seq);
        CHECK(read->names(id));
        CHECK_FALSE(read->names(id_of(seq, 0x1235)));
        CHECK_FALSE(read->names(id_of(seq + 1)));
    }
}

TEST_CASE("numbers survive a double, and so JavaScript, for 68,719,476,735 jobs") {
    for (const std::uint64_t seq : {one, 1'000'000 * one, (one << 36U) - 1}) {
        const std::uint64_t number = task_number(id_of(seq, 0xFFFF));
        CHECK(number < one << 53U);
        CHECK(static_cast<std::uint64_t>(static_cast<double>(number)) == number);
    }
    CHECK(upload_number(UINT64_MAX) < one << 53U);
}

TEST_CASE("neighbours have numbers that are far apart") {
    std::set<std::uint64_t> fronts;
    for (std::uint64_t seq = 1; seq <= 1'000; ++seq)
        fronts.insert(task_number(id_of(seq)) >> 40U);
    CHECK(fronts.size() > 800);
}

TEST_CASE("each file of a job has a number of its own, next to its task's; late ones have none") {
    const proto::JobId id = id_of(5);
    for (std::uint32_t n = 0; n < 14; ++n) {
        const auto number = artifact_number(id, n);
        REQUIRE(number);
        CHECK(*number == task_number(id) + 1 + n);
        const auto read = read_number(*number);
        REQUIRE(read);
        CHECK(read->of == Number::Of::artifact);
        CHECK(read->artifact == n);
        CHECK(read->names(id));
    }
    CHECK_FALSE(artifact_number(id, 14));
}

TEST_CASE("an upload's number is none of a job's") {
    for (const std::uint64_t random : {0 * one, one, UINT64_MAX}) {
        const auto read = read_number(upload_number(random));
        REQUIRE(read);
        CHECK(read->of == Number::Of::upload);
        CHECK_FALSE(read->names(id_of(read->job.value, static_cast<std::uint16_t>(read->check))));
    }
}

TEST_CASE("what was never given is no number") {
    for (const std::string text :
         {"", "x", "-1", "1.5", "0", "9223372036854775808", "18446744073709551616", " 12", "12 "}) {
        CAPTURE(text);
        CHECK_FALSE(read_number(text));
    }
}
