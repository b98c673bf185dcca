#include "proto/record.hpp"

#include "proto/record_parts.hpp"

namespace genspool::proto {

template <class Fields, class Row>
void list_fields(std::type_identity<JobRecord>, Fields& fields, Row& record) {
    fields.field(1, record.id);
    fields.field(2, record.seq);
    fields.field(3, record.batch);
    fields.field(4, record.state);
    fields.field(5, record.cancel_waits);
    fields.field(6, record.late);
    fields.field(7, record.overdue);
    fields.field(8, record.partial);
    fields.field(9, record.send);
    fields.field(10, record.charged);
    fields.field(11, record.max_attempts, 3);
    fields.field(12, record.priority, 5);
    fields.field(13, record.lane);
    fields.field(14, record.account);
    fields.field(15, record.principal);
    fields.field(16, record.created_at);
    fields.field(17, record.updated_at);
    fields.field(18, record.finished_at);
    fields.field(19, record.ready_at);
    fields.field(20, record.deadline);
    fields.field(21, record.sent_at);
    fields.field(22, record.backoffs);
    fields.field(23, record.fetch_troubles);
    fields.field(24, record.fetch_since);
    fields.field(25, record.gone_count);
    fields.field(26, record.gone_since);
    fields.field(27, record.crashes);
    fields.field(28, record.tasks);
    fields.field(29, record.artifacts);
    fields.field(30, record.failure);
    fields.field(31, record.reason);
    fields.field(32, record.upstream_state);
    fields.field(33, record.result);
    fields.field(34, record.quote);
    fields.field(35, record.max_cost);
    fields.field(36, record.on_unknown);
    fields.field(37, record.reserved);
    fields.field(38, record.spent);
    fields.field(39, record.uncertain);
    fields.field(40, record.idempotency);
    fields.field(41, record.bought_for);
    fields.field(42, record.after);
    fields.field(43, record.freed);
    fields.field(44, record.inputs);
    fields.field(45, record.unsent);
    fields.field(46, record.voices);
    fields.field(47, record.follows_voice);
    fields.field(48, record.listed_as);
    fields.field(49, record.timed_as);
    fields.field(50, record.order);
    fields.field(51, record.result_send);
}

template <class Fields, class Row>
void list_fields(std::type_identity<JobSpec>, Fields& fields, Row& spec) {
    fields.field(1, spec.kind);
    fields.field(2, spec.request);
    fields.field(3, spec.provider);
    fields.field(4, spec.op);
    fields.field(5, spec.model);
    fields.field(6, spec.account);
    fields.field(7, spec.custom_id);
    fields.field(8, spec.labels);
    fields.field(9, spec.priority, 5);
    fields.field(10, spec.not_before);
    fields.field(11, spec.deadline);
    fields.field(12, spec.max_attempts, 3);
    fields.field(13, spec.max_cost);
    fields.field(14, spec.quote);
    fields.field(15, spec.on_unknown);
    fields.field(16, spec.output);
    fields.field(17, spec.principal);
    fields.field(18, spec.webhook);
    fields.field(19, spec.traceparent);
}

namespace {

constexpr char record_version = 1;
constexpr char spec_version = 1;

template <class Row>
std::string encode_row(const Row& row, char version, std::size_t expected_bytes) {
    std::string out;
    out.reserve(expected_bytes);
    out += version;
    FieldEncoder fields(out);
    list_fields(std::type_identity<Row>{}, fields, row);
    return out;
}

template <class Row>
std::optional<Row> decode_row(std::string_view bytes, char version) {
    if (bytes.empty() || bytes.front() != version) return std::nullopt;
    std::optional<Row> row(std::in_place);
    FieldDecoder fields(bytes.substr(1));
    list_fields(std::type_identity<Row>{}, fields, *row);
    if (!fields.finish()) return std::nullopt;
    return row;
}

}  // namespace

std::string encode(const JobRecord& record) {
    return encode_row(record, record_version, 512);
}

std::string encode(const JobSpec& spec) {
    return encode_row(spec, spec_version, 256 + spec.request.size());
}

std::optional<JobRecord> decode_record(std::string_view row) {
    return decode_row<JobRecord>(row, record_version);
}

std::optional<JobSpec> decode_spec(std::string_view row) {
    auto spec = decode_row<JobSpec>(row, spec_version);
    // The only stored enum without a value for 0.
    if (spec && spec->kind == Kind{}) return std::nullopt;
    return spec;
}

}  // namespace genspool::proto
