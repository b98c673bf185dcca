#include "proto/record.hpp"

#include <doctest/doctest.h>

#include "tests/proto/record_factory.hpp"

using namespace genspool::proto;
using genspool::tests::RecordFactory;
using namespace std::string_view_literals;

namespace {

std::string hex(std::string_view bytes) {
    std::string out;
    for (const char c : bytes) {
        for (const unsigned shift : {4U, 0U}) {
            out += "0123456789abcdef"[(static_cast<unsigned char>(c) >> shift) & 15U];
        }
    }
    return out;
}

JobRecord queued_record() {
    const Instant now{Duration{1'796'112'000'000}};
    JobRecord record;
    record.seq = JobSeq{1'000'000};
    record.id = JobId::make(now, record.seq, 0xABCD);
    record.batch = BatchSeq{17};
    record.state = State::queued;
    record.lane = 3;
    record.principal = "uid:1000";
    record.created_at = now;
    record.updated_at = now;
    record.deadline = now + std::chrono::hours{6};
    record.quote = Money{490'000, Unit::usd};
    record.max_cost = 600'000;
    record.idempotency = std::string(16, 'k');
    return record;
}

}  // namespace

TEST_CASE("the bytes of a queued record are the stored format and never change") {
    const std::string row = encode(queued_record());

    CHECK(hex(row) ==
          "01"
          "0110"
          "01a2309e2400abcdfd1eb68e4bd76f40"
          "020340420f"
          "030111"
          "040102"
          "0d0103"
          "0f087569643a31303030"
          "100600483c614403"
          "110600483c614403"
          "14060076cf634403"
          "2208010320f40e020101"
          "2303804f12"
          "28106b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b");
    CHECK(row.size() <= 200);
}

TEST_CASE("the bytes of a spec are the stored format and never change") {
    JobSpec spec;
    spec.kind = Kind::tts;
    spec.request = R"({"text":"hi"})";
    spec.provider = "minimax";
    spec.op = "minimax.t2a_v2";
    spec.labels = {{"film", "reel-3"}};
    spec.priority = 9;
    spec.max_attempts = 1;
    spec.on_unknown = {OnUnknown::Policy::resubmit_up_to, 10'000};

    CHECK(encode(spec) ==
          "\x01"
          "\x01\x01\x03"
          "\x02\x0D{\"text\":\"hi\"}"
          "\x03\x07minimax"
          "\x04\x0Eminimax.t2a_v2"
          "\x08\x0E\x01\x04"
          "film\x02\x06reel-3"
          "\x09\x01\x09"
          "\x0C\x01\x01"
          "\x0F\x07\x01\x01\x02\x02\x02\x20\x4E"sv);
}

TEST_CASE("what equals its default takes no room") {
    CHECK(encode(JobRecord{}) == "\x01"sv);
    CHECK(decode_record("\x01"sv) == JobRecord{});
}

TEST_CASE("every record and spec survives being stored") {
    RecordFactory factory(11);
    for (int i = 0; i < 1'000; ++i) {
        const JobRecord record = factory.record();
        CHECK(decode_record(encode(record)) == record);
        const JobSpec spec = factory.spec();
        CHECK(decode_spec(encode(spec)) == spec);
    }
}

TEST_CASE("a row cut short anywhere is refused or reads as fewer fields, never more") {
    RecordFactory factory(12);
    for (int i = 0; i < 20; ++i) {
        const std::string row = encode(factory.record());
        for (std::size_t length = 0; length < row.size(); ++length) {
            const auto record = decode_record(std::string(row, 0, length));
            if (record) CHECK(encode(*record) == row.substr(0, length));
        }
        const std::string spec_row = encode(factory.spec());
        for (std::size_t length = 0; length < spec_row.size(); ++length) {
            decode_spec(std::string(spec_row, 0, length));
        }
    }
}

TEST_CASE("a row with damaged bytes never does worse than being refused") {
    RecordFactory factory(13);
    std::mt19937_64 random(14);
    for (int i = 0; i < 3'000; ++i) {
        std::string row = encode(factory.record());
        for (int n = 0; n < 3; ++n)
            row[random() % row.size()] = static_cast<char>(random());
        decode_record(row);
        decode_spec(row);
    }
}

TEST_CASE("fields that a later version added are skipped") {
    std::string row = encode(queued_record());
    row += "\xC8\x01\x03new"sv;

    CHECK(decode_record(row) == queued_record());
}

TEST_CASE("other versions and values out of range are refused") {
    CHECK_FALSE(decode_record("").has_value());
    CHECK_FALSE(decode_record("\x02"sv).has_value());
    CHECK_FALSE(decode_record("\x01\x01\x02xx"sv).has_value());
    CHECK_FALSE(decode_record("\x01\x04\x01\x0D"sv).has_value());
    CHECK_FALSE(decode_record("\x01\x05\x01\x02"sv).has_value());
    CHECK_FALSE(decode_spec("\x01\x01\x01\x0C"sv).has_value());
    CHECK_FALSE(decode_spec("\x01\x01\x00"sv).has_value());
}
