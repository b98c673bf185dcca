#include "queue/rows.hpp"

#include "proto/field_lists.hpp"
#include "queue/keys.hpp"

namespace genspool::proto {

template <>
inline constexpr Scope last_value<Scope> = Scope::key;
template <>
inline constexpr Kind last_value<Kind> = Kind::chat_batch;
template <>
inline constexpr Unit last_value<Unit> = Unit::credits;
template <>
inline constexpr State last_value<State> = State::canceled;
template <>
inline constexpr Event last_value<Event> = Event::retry_blocked;
template <>
inline constexpr queue::Setback::Why last_value<queue::Setback::Why> =
    queue::Setback::Why::lost_tail;
template <>
inline constexpr queue::BatchSource last_value<queue::BatchSource> = queue::BatchSource::inbox;
template <>
inline constexpr queue::LedgerRow::Status last_value<queue::LedgerRow::Status> =
    queue::LedgerRow::Status::uncertain;

}  // namespace genspool::proto

namespace genspool::queue {

template <class Fields, class Row>
void list_fields(std::type_identity<Counters>, Fields& fields, Row& row) {
    fields.field(1, row.next_job, 1);
    fields.field(2, row.next_batch, 1);
    fields.field(3, row.next_event, 1);
    fields.field(4, row.now);
    fields.field(5, row.forgotten_from);
    fields.field(6, row.forgotten_until);
}

template <class Fields, class Row>
void list_fields(std::type_identity<Setback>, Fields& fields, Row& row) {
    fields.field(1, row.why);
    fields.field(2, row.at);
    fields.field(3, row.last_event);
    fields.field(4, row.first_new_job);
    fields.field(5, row.doubtful);
}

template <class Fields, class Row>
void list_fields(std::type_identity<PauseRow>, Fields& fields, Row& row) {
    fields.field(1, row.paused);
    fields.field(2, row.reason);
    fields.field(3, row.setback);
}

template <class Fields, class Row>
void list_fields(std::type_identity<BackupRow>, Fields& fields, Row& row) {
    fields.field(1, row.at);
}

template <class Fields, class Row>
void list_fields(std::type_identity<SlotRow>, Fields& fields, Row& row) {
    fields.field(1, row.account);
    fields.field(2, row.slot_class);
    fields.field(3, row.expires);
}

template <class Fields, class Row>
void list_fields(std::type_identity<TotalRow>, Fields& fields, Row& row) {
    fields.field(1, row.reserved);
    fields.field(2, row.spent);
    fields.field(3, row.uncertain);
}

template <class Fields, class Row>
void list_fields(std::type_identity<IdempotencyRow>, Fields& fields, Row& row) {
    fields.field(1, row.fingerprint);
    fields.field(2, row.job);
    fields.field(3, row.batch);
    fields.field(4, row.id);
    fields.field(5, row.ends);
}

template <class Fields, class Row>
void list_fields(std::type_identity<TaskRow>, Fields& fields, Row& row) {
    fields.field(1, row.job);
    fields.field(2, row.send);
}

template <class Fields, class Row>
void list_fields(std::type_identity<LaneKey>, Fields& fields, Row& row) {
    fields.field(1, row.provider);
    fields.field(2, row.op);
    fields.field(3, row.model);
    fields.field(4, row.account);
    fields.field(5, row.slot_class);
    fields.field(6, row.kind);
}

template <class Fields, class Row>
void list_fields(std::type_identity<CompletionsRow>, Fields& fields, Row& row) {
    fields.field(1, row.took_ms);
    fields.field(2, row.learned_at);
}

template <class Fields, class Row>
void list_fields(std::type_identity<ThingRow>, Fields& fields, Row& row) {
    fields.field(1, row.expires);
}

template <class Fields, class Row>
void list_fields(std::type_identity<Quarantine>, Fields& fields, Row& row) {
    fields.field(1, row.scope);
    fields.field(2, row.what);
    fields.field(3, row.reason);
    fields.field(4, row.since);
    fields.field(5, row.until);
    fields.field(6, row.times);
    fields.field(7, row.one_by_one);
}

template <class Fields, class Row>
void list_fields(std::type_identity<AccountState>, Fields& fields, Row& row) {
    fields.field(1, row.paused);
    fields.field(2, row.paused_reason);
    fields.field(3, row.key_group);
    fields.field(4, row.quarantines);
    fields.field(5, row.key_changed_at);
    fields.field(6, row.clock_ahead_ms);
    fields.field(7, row.clock_noted_at);
}

template <class Fields, class Row>
void list_fields(std::type_identity<BlobView>, Fields& fields, Row& row) {
    fields.field(1, row.media_type);
    fields.field(2, row.bytes);
    fields.field(3, row.wanted_at);
}

template <class Fields, class Row>
void list_fields(std::type_identity<UploadView>, Fields& fields, Row& row) {
    fields.field(1, row.handle);
    fields.field(2, row.expires);
}

template <class Fields, class Row>
void list_fields(std::type_identity<BatchView>, Fields& fields, Row& row) {
    fields.field(1, row.seq);
    fields.field(2, row.id);
    fields.field(3, row.source);
    fields.field(4, row.name);
    fields.field(5, row.principal);
    fields.field(6, row.sealed);
    fields.field(7, row.created_at);
    fields.field(8, row.ended_at);
    fields.field(9, row.accepted);
    fields.field(10, row.refused);
    fields.field(11, row.content_hash);
    fields.field(12, row.identity);
    fields.field(13, row.progress);
    fields.field(14, row.idempotency);
    fields.field(15, row.first_job);
    fields.field(16, row.last_job);
    fields.field(17, row.budget);
    for (std::size_t state = 0; state < row.by_state.size(); ++state) {
        fields.field(static_cast<proto::FieldTag>(32 + state), row.by_state[state]);
    }
}

template <class Fields, class Row>
void list_fields(std::type_identity<EventRecord>, Fields& fields, Row& row) {
    fields.field(1, row.seq);
    fields.field(2, row.job);
    fields.field(3, row.id);
    fields.field(4, row.batch);
    fields.field(5, row.at);
    fields.field(6, row.from);
    fields.field(7, row.to);
    fields.field(8, row.event);
    fields.field(9, row.send);
    fields.field(10, row.account);
    fields.field(11, row.detail);
}

template <class Fields, class Row>
void list_fields(std::type_identity<LedgerRow>, Fields& fields, Row& row) {
    fields.field(1, row.job);
    fields.field(2, row.send);
    fields.field(3, row.status);
    fields.field(4, row.amount.amount);
    fields.field(5, row.amount.unit);
    fields.field(6, row.account);
    fields.field(7, row.op);
    fields.field(8, row.batch);
    fields.field(9, row.at);
    fields.field(10, row.why);
    fields.field(11, row.id);
}

template <class Fields, class Row>
void list_fields(std::type_identity<RefusedLine>, Fields& fields, Row& row) {
    fields.field(1, row.line);
    fields.field(2, row.custom_id);
    fields.field(3, row.code);
    fields.field(4, row.field);
    fields.field(5, row.message);
}

namespace {

template <class Row>
std::string encode_fields(const Row& row) {
    std::string bytes;
    bytes.reserve(128);
    proto::FieldEncoder fields(bytes);
    list_fields(std::type_identity<Row>{}, fields, row);
    return bytes;
}

proto::Instant instant_at(std::string_view bytes, std::size_t at) {
    return proto::Instant(proto::Duration(static_cast<std::int64_t>(keys::get_u64(bytes, at))));
}

void put_instant(std::string& out, proto::Instant at) {
    keys::put_u64(out, static_cast<std::uint64_t>(at.time_since_epoch().count()));
}

constexpr std::size_t index_row_bytes = 46;

}  // namespace

std::string encode(const Counters& row) {
    return encode_fields(row);
}
std::string encode(const PauseRow& row) {
    return encode_fields(row);
}
std::string encode(const BackupRow& row) {
    return encode_fields(row);
}
std::string encode(const SlotRow& row) {
    return encode_fields(row);
}
std::string encode(const TotalRow& row) {
    return encode_fields(row);
}
std::string encode(const IdempotencyRow& row) {
    return encode_fields(row);
}
std::string encode(const TaskRow& row) {
    return encode_fields(row);
}
std::string encode(const LaneKey& row) {
    return encode_fields(row);
}
std::string encode(const CompletionsRow& row) {
    return encode_fields(row);
}
std::string encode(const ThingRow& row) {
    return encode_fields(row);
}
std::string encode(const AccountState& row) {
    return encode_fields(row);
}
std::string encode(const BlobView& row) {
    return encode_fields(row);
}
std::string encode(const UploadView& row) {
    return encode_fields(row);
}
std::string encode(const BatchView& row) {
    return encode_fields(row);
}
std::string encode(const EventRecord& row) {
    return encode_fields(row);
}
std::string encode(const LedgerRow& row) {
    return encode_fields(row);
}
std::string encode(const RefusedLine& row) {
    return encode_fields(row);
}

std::string encode(const IndexRow& row) {
    std::string out;
    out.reserve(index_row_bytes);
    keys::put_u32(out, row.lane);
    out.push_back(static_cast<char>(row.priority));
    out.push_back(row.parked ? '\1' : '\0');
    keys::put_u64(out, row.group);
    keys::put_u64(out, row.batch.value);
    put_instant(out, row.since);
    put_instant(out, row.due);
    put_instant(out, row.deadline);
    return out;
}

template <class Row>
std::optional<Row> decode(std::string_view bytes) {
    Row row;
    proto::FieldDecoder fields(bytes);
    list_fields(std::type_identity<Row>{}, fields, row);
    if (!fields.finish()) return std::nullopt;
    return row;
}

template <>
std::optional<IndexRow> decode<IndexRow>(std::string_view bytes) {
    if (bytes.size() != index_row_bytes) return std::nullopt;
    IndexRow row;
    row.lane = keys::get_u32(bytes, 0);
    row.priority = static_cast<std::uint8_t>(bytes[4]);
    row.parked = bytes[5] != '\0';
    row.group = keys::get_u64(bytes, 6);
    row.batch.value = keys::get_u64(bytes, 14);
    row.since = instant_at(bytes, 22);
    row.due = instant_at(bytes, 30);
    row.deadline = instant_at(bytes, 38);
    if (row.priority > priority_max) return std::nullopt;
    return row;
}

template std::optional<Counters> decode<Counters>(std::string_view);
template std::optional<PauseRow> decode<PauseRow>(std::string_view);
template std::optional<BackupRow> decode<BackupRow>(std::string_view);
template std::optional<SlotRow> decode<SlotRow>(std::string_view);
template std::optional<TotalRow> decode<TotalRow>(std::string_view);
template std::optional<IdempotencyRow> decode<IdempotencyRow>(std::string_view);
template std::optional<TaskRow> decode<TaskRow>(std::string_view);
template std::optional<LaneKey> decode<LaneKey>(std::string_view);
template std::optional<CompletionsRow> decode<CompletionsRow>(std::string_view);
template std::optional<ThingRow> decode<ThingRow>(std::string_view);
template std::optional<AccountState> decode<AccountState>(std::string_view);
template std::optional<BlobView> decode<BlobView>(std::string_view);
template std::optional<UploadView> decode<UploadView>(std::string_view);
template std::optional<BatchView> decode<BatchView>(std::string_view);
template std::optional<EventRecord> decode<EventRecord>(std::string_view);
template std::optional<LedgerRow> decode<LedgerRow>(std::string_view);
template std::optional<RefusedLine> decode<RefusedLine>(std::string_view);

}  // namespace genspool::queue
