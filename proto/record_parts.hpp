#pragma once

#include "proto/field_lists.hpp"
#include "proto/job.hpp"

// The parts of a job as fields. A tag, once released, keeps its meaning for ever; new ones are
// appended. A fallback is part of the stored form too: it never changes.

namespace genspool::proto {

template <>
inline constexpr Kind last_value<Kind> = Kind::chat_batch;
template <>
inline constexpr State last_value<State> = State::canceled;
template <>
inline constexpr Event last_value<Event> = Event::retry_blocked;
template <>
inline constexpr Unit last_value<Unit> = Unit::credits;
template <>
inline constexpr FailureClass last_value<FailureClass> = FailureClass::unknown;
template <>
inline constexpr OnUnknown::Policy last_value<OnUnknown::Policy> =
    OnUnknown::Policy::resubmit_up_to;
template <>
inline constexpr Task::Status last_value<Task::Status> = Task::Status::gone;
template <>
inline constexpr Source::From last_value<Source::From> = Source::From::handle;
template <>
inline constexpr Artifact::Status last_value<Artifact::Status> = Artifact::Status::lost;

template <class Fields, class Row>
void list_fields(std::type_identity<Money>, Fields& fields, Row& money) {
    fields.field(1, money.amount);
    fields.field(2, money.unit);
}

template <class Fields, class Row>
void list_fields(std::type_identity<OnUnknown>, Fields& fields, Row& on_unknown) {
    fields.field(1, on_unknown.policy);
    fields.field(2, on_unknown.up_to);
}

template <class Fields, class Row>
void list_fields(std::type_identity<std::pair<std::string, std::string>>, Fields& fields,
                 Row& label) {
    fields.field(1, label.first);
    fields.field(2, label.second);
}

template <class Fields, class Row>
void list_fields(std::type_identity<Failure>, Fields& fields, Row& failure) {
    fields.field(1, failure.failure);
    fields.field(2, failure.code);
    fields.field(3, failure.message);
    fields.field(4, failure.retryable);
    fields.field(5, failure.billed);
    fields.field(6, failure.upstream);
}

template <class Fields, class Row>
void list_fields(std::type_identity<Task>, Fields& fields, Row& task) {
    fields.field(1, task.id);
    fields.field(2, task.account);
    fields.field(3, task.send);
    fields.field(4, task.status);
}

template <class Fields, class Row>
void list_fields(std::type_identity<Source>, Fields& fields, Row& source) {
    fields.field(1, source.from);
    fields.field(2, source.value);
    fields.field(3, source.expires_at, never);
    fields.field(4, source.send);
    fields.field(5, source.packed);
    fields.field(6, source.member);
}

template <class Fields, class Row>
void list_fields(std::type_identity<Artifact>, Fields& fields, Row& artifact) {
    fields.field(1, artifact.source);
    fields.field(2, artifact.status);
    fields.field(3, artifact.media_type);
    fields.field(4, artifact.name);
    fields.field(5, artifact.bytes);
    fields.field(6, artifact.sha256);
    fields.field(7, artifact.failure);
}

template <class Fields, class Row>
void list_fields(std::type_identity<Input>, Fields& fields, Row& input) {
    fields.field(1, input.job);
    fields.field(2, input.n);
    fields.field(3, input.name);
    fields.field(4, input.media_type);
    fields.field(5, input.bytes);
    fields.field(6, input.sha256);
}

}  // namespace genspool::proto
