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

}  // namespace

void fuzz_one(std::string_view input) {
    using namespace queue;
    Choices choices(input);
    switch (choices.below(16)) {
        case 0:
            return judge<proto::JobRecord>(input, proto::decode_record);
        case 1:
            return judge<proto::JobSpec>(input, proto::decode_spec);
        case 2:
            return judge<Counters>(input);
        case 3:
            return judge<PauseRow>(input);
        case 4:
            return judge<IndexRow>(input);
        case 5:
            return judge<SlotRow>(input);
        case 6:
            return judge<TotalRow>(input);
        case 7:
            return judge<IdempotencyRow>(input);
        case 8:
            return judge<TaskRow>(input);
        case 9:
            return judge<LaneKey>(input);
        case 10:
            return judge<AccountState>(input);
        case 11:
            return judge<BatchView>(input);
        case 12:
            return judge<EventRecord>(input);
        case 13:
            return judge<LedgerRow>(input);
        case 15:
            return judge<CompletionsRow>(input);
        default:
            return judge<RefusedLine>(input);
    }
}

}  // namespace genspool::fuzz
