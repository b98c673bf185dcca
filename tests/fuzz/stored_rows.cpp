// proto/record and queue/rows: what the database gives back, whole or not.

#include "queue/rows.hpp"

#include "proto/record.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace genspool::fuzz {
namespace {

/// What can be read can be written, and reads as the same.
template <class Row>
void judge(std::string_view bytes) {
    const auto row = queue::decode<Row>(bytes);
    if (!row) return;
    const std::string written = encode(*row);
    const auto again = queue::decode<Row>(written);
    must(again.has_value() && encode(*again) == written, "a row reads as it was written");
}

template <class Thing, class Decode>
void judge(std::string_view bytes, Decode decode) {
    const std::optional<Thing> thing = decode(bytes);
    if (!thing) return;
    const std::string written = proto::encode(*thing);
    const auto again = decode(written);
    must(again.has_value() && proto::encode(*again) == written, "it reads as it was written");
}

/// Whatever the input was written as: no kind of row may stumble over another's bytes.
template <class... Rows>
void judge_rows(std::string_view bytes) {
    (judge<Rows>(bytes), ...);
}

}  // namespace

void fuzz_one(std::string_view input) {
    judge<proto::JobRecord>(input, proto::decode_record);
    judge<proto::JobSpec>(input, proto::decode_spec);
    using namespace queue;
    judge_rows<AccountState, BackupRow, BatchView, BlobView, CompletionsRow, Counters, EventRecord,
               IdempotencyRow, IndexRow, LaneKey, LedgerRow, PauseRow, RefusedLine, SlotRow,
               TaskRow, ThingRow, TotalRow, UploadView>(input);
}

}  // namespace genspool::fuzz
