#include "proto/ids.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace genspool::proto;

TEST_CASE("a job id gives back its sequence and its time") {
    std::mt19937_64 random(1);
    for (int i = 0; i < 2'000; ++i) {
        const JobSeq seq{random()};
        const Instant at{Duration{static_cast<std::int64_t>(random() >> 16U)}};
        const JobId id = JobId::make(at, seq, static_cast<std::uint16_t>(random()));

        CHECK(id.seq() == seq);
        CHECK(id.at() == at);
        CHECK(JobId::parse(id.text()) == id);
        CHECK(JobId::from_bytes(id.bytes()) == id);
    }
}

TEST_CASE("batch ids are in a space of their own") {
    const Instant at{Duration{1'796'112'000'000}};
    const JobId job = JobId::make(at, JobSeq{5}, 9);
    const JobId batch = JobId::make_batch(at, BatchSeq{5}, 9);

    CHECK(batch.batch_seq() == BatchSeq{5});
    CHECK(job != batch);
}

TEST_CASE("the bytes of an id are stored and never change") {
    const JobId id = JobId::make(Instant{Duration{1'796'112'000'000}}, JobSeq{1}, 0xABCD);

    CHECK(id.text() == "01M8R9W900NF6SWDVSQ5ZMMZ0N");
}

TEST_CASE("ids sort by time, as text as well as bytes") {
    const JobId early = JobId::make(Instant{Duration{1'000}}, JobSeq{77}, 0xFFFF);
    const JobId late = JobId::make(Instant{Duration{1'001}}, JobSeq{3}, 0);

    CHECK(early < late);
    CHECK(early.text() < late.text());
}

TEST_CASE("an id is read in either case, and nothing else is read") {
    std::string text = JobId::make(Instant{Duration{1'796'112'000'000}}, JobSeq{42}, 3).text();
    const JobId id = JobId::parse(text).value();
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    CHECK(JobId::parse(text) == id);

    CHECK_FALSE(JobId::parse("").has_value());
    CHECK_FALSE(JobId::parse(text.substr(1)).has_value());
    CHECK_FALSE(JobId::parse(text + "0").has_value());
    CHECK_FALSE(JobId::parse("8ZZZZZZZZZZZZZZZZZZZZZZZZZ").has_value());
    for (const char bad : {'I', 'L', 'O', 'U', '-', '\0', '\xC3'}) {
        text[10] = bad;
        CHECK_FALSE(JobId::parse(text).has_value());
    }
}

TEST_CASE("the lowest id of a prefix is not above any id that begins with it") {
    const JobId id = JobId::make(Instant{Duration{1'796'112'000'000}}, JobSeq{42}, 3);
    const std::string text = id.text();
    for (std::size_t length = 1; length <= text.size(); ++length) {
        const auto low = JobId::lowest_with_prefix(text.substr(0, length));
        REQUIRE(low.has_value());
        CHECK(*low <= id);
        CHECK(low->text().substr(0, length) == text.substr(0, length));
    }
    CHECK_FALSE(JobId::lowest_with_prefix("").has_value());
    CHECK_FALSE(JobId::lowest_with_prefix("9").has_value());
    CHECK_FALSE(JobId::lowest_with_prefix("01!").has_value());
    CHECK_FALSE(JobId::lowest_with_prefix(text + "0").has_value());
}
