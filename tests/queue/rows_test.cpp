#include "queue/rows.hpp"

#include <doctest/doctest.h>

#include "proto/record.hpp"
#include "queue/random.hpp"

namespace {

using namespace genspool;
using namespace genspool::queue;
using proto::Instant;

constexpr Instant noon{proto::Duration(1'800'000'000'000)};

/// Read back as it was, and as nothing at all when it is cut short.
template <class Row>
bool survives(const Row& row) {
    const std::string bytes = encode(row);
    const auto back = decode<Row>(bytes);
    return back && *back == row;
}

BatchView some_batch() {
    BatchView batch;
    batch.seq = {7};
    batch.id = proto::JobId::make_batch(noon, {7}, 3);
    batch.source = BatchSource::inbox;
    batch.name = "shots.jsonl";
    batch.principal = "uid:1000";
    batch.sealed = true;
    batch.created_at = noon;
    batch.ended_at = noon + proto::Duration(1);
    batch.accepted = 300;
    batch.refused = 2;
    batch.by_state[2] = 200;
    batch.by_state[10] = 100;
    batch.content_hash = "00ff";
    batch.identity = "inode 7";
    batch.progress = "offset 12";
    batch.idempotency = "0123456789abcdef";
    batch.first_job = {10};
    batch.last_job = {400};
    return batch;
}

/// What a batch's row holds, which is all but money and notes.
bool same(const BatchView& a, const BatchView& b) {
    return a.seq == b.seq && a.id == b.id && a.source == b.source && a.name == b.name &&
           a.principal == b.principal && a.sealed == b.sealed && a.created_at == b.created_at &&
           a.ended_at == b.ended_at && a.accepted == b.accepted && a.refused == b.refused &&
           a.by_state == b.by_state && a.content_hash == b.content_hash &&
           a.identity == b.identity && a.progress == b.progress && a.idempotency == b.idempotency &&
           a.first_job == b.first_job && a.last_job == b.last_job;
}

}  // namespace

TEST_CASE("every row is read back as it was written") {
    CHECK(survives(Counters{5, 6, 7, noon, noon, noon}));
    CHECK(survives(Counters{}));
    CHECK(survives(Counters{0, 0, 0, {}, {}, {}}));
    CHECK(survives(PauseRow{true, "lunch"}));
    const Setback setback{
        Setback::Why::lost_tail, proto::Instant(proto::Duration(7)), {8}, {9}, 10};
    CHECK(survives(PauseRow{true, "a lost tail", setback}));
    CHECK(survives(BackupRow{proto::Instant(proto::Duration(7))}));
    CHECK(survives(SlotRow{"main", "video", noon}));
    CHECK(survives(TotalRow{1, -2, INT64_MAX}));
    CHECK(survives(
        IdempotencyRow{std::string(32, '\0'), {1}, {}, proto::JobId::make(noon, {1}, 9), noon}));
    CHECK(survives(TaskRow{{UINT64_MAX}, UINT32_MAX}));
    CHECK(survives(LaneKey{"minimax", "minimax.video_v1", "MiniMax-Hailuo-02", "main", "video",
                           proto::Kind::music}));
    CHECK(survives(EventRecord{{1},
                               {2},
                               proto::JobId::make(noon, {2}, 3),
                               {4},
                               noon,
                               proto::State::queued,
                               proto::State::submitting,
                               proto::Event::claimed,
                               5,
                               "main",
                               "why"}));
    CHECK(survives(LedgerRow{{1},
                             2,
                             LedgerRow::Status::uncertain,
                             {490'000, proto::Unit::credits},
                             "main",
                             "op",
                             {3},
                             noon,
                             proto::Event::retry,
                             proto::JobId::make(noon, {1}, 9)}));
    CHECK(survives(CompletionsRow{{60'000, 0, UINT64_MAX}, noon}));
    CHECK(survives(CompletionsRow{}));
    AccountState account{true, "paused", "key group", {}, noon};
    account.quarantines = {{proto::Scope::model, "m", "why", noon, proto::never, 3},
                           {proto::Scope::key, "", "", noon, noon, 1}};
    CHECK(survives(account));
    CHECK(same(decode<BatchView>(encode(some_batch())).value(), some_batch()));
    const auto line = decode<RefusedLine>(encode(RefusedLine{9, "a", "invalid", "kind", "no"}));
    REQUIRE(line);
    CHECK(line->line == 9);
    CHECK(line->message == "no");
}

TEST_CASE("the bytes of an index row are fixed for ever") {
    IndexRow row;
    row.lane = 0x01020304;
    row.priority = 9;
    row.parked = true;
    row.group = 0x1112131415161718;
    row.batch = {2};
    row.since = Instant(proto::Duration(3));
    row.due = Instant(proto::Duration(4));
    row.deadline = Instant(proto::Duration(5));

    const std::string bytes = encode(row);

    const std::string expected(
        "\x01\x02\x03\x04\x09\x01\x11\x12\x13\x14\x15\x16\x17\x18"
        "\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0\x03\0\0\0\0\0\0\0\x04\0\0\0\0\0\0\0\x05",
        46);
    CHECK(bytes == expected);
    CHECK(decode<IndexRow>(bytes) == row);
}

TEST_CASE("an index row of another length or with a priority that is none is corrupt") {
    IndexRow row;
    const std::string bytes = encode(row);
    CHECK_FALSE(decode<IndexRow>(bytes.substr(1)));
    CHECK_FALSE(decode<IndexRow>(bytes + '\0'));
    CHECK_FALSE(decode<IndexRow>(""));
    row.priority = 10;
    CHECK_FALSE(decode<IndexRow>(encode(row)));
}

TEST_CASE("the bytes of a row are its fields: tag, length, value") {
    CHECK(encode(TaskRow{{258}, 3}) == std::string("\x01\x02\x02\x01\x02\x01\x03", 7));
    CHECK(encode(PauseRow{true, "ab"}) == std::string("\x01\x01\x01\x02\x02"
                                                      "ab"));
    CHECK(encode(TotalRow{1, 0, -1}) == std::string("\x01\x01\x02\x03\x01\x01", 6));
}

TEST_CASE("a row that is empty or all defaults can be read; fields it does not know are skipped") {
    CHECK(decode<Counters>("") == Counters{});
    const std::string from_later = encode(PauseRow{true, "x"}) + std::string("\x63\x02zz", 4);
    CHECK(decode<PauseRow>(from_later) == PauseRow{true, "x"});
}

TEST_CASE("a row with a value beyond its enum or cut short is corrupt") {
    CHECK_FALSE(decode<EventRecord>(std::string("\x06\x01\x7f", 3)));
    CHECK_FALSE(decode<LedgerRow>(std::string("\x03\x01\x09", 3)));
    CHECK_FALSE(decode<BatchView>(std::string("\x03\x01\x09", 3)));
    const std::string whole = encode(SlotRow{"main", "video", noon});
    CHECK_FALSE(decode<SlotRow>(std::string_view(whole).substr(0, whole.size() - 1)));
}

TEST_CASE("no bytes whatever make a decoder do anything but answer") {
    Random random(7);
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes = round % 2 == 0 ? encode(some_batch()) : std::string();
        const std::uint64_t changes = 1 + random.below(6);
        for (std::uint64_t change = 0; change < changes; ++change) {
            if (bytes.empty() || random.below(4) == 0) {
                bytes.push_back(static_cast<char>(random.next()));
            } else {
                bytes[random.below(bytes.size())] = static_cast<char>(random.next());
            }
        }
        static_cast<void>(decode<BatchView>(bytes));
        static_cast<void>(decode<AccountState>(bytes));
        static_cast<void>(decode<EventRecord>(bytes));
        static_cast<void>(decode<CompletionsRow>(bytes));
        static_cast<void>(decode<IdempotencyRow>(bytes));
        static_cast<void>(decode<IndexRow>(bytes));
        static_cast<void>(proto::decode_record(bytes));
        static_cast<void>(proto::decode_spec(bytes));
    }
}
