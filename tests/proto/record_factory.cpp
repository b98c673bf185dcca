#include "tests/proto/record_factory.hpp"

namespace genspool::tests {

using namespace proto;

std::uint64_t RecordFactory::number(std::uint64_t below) {
    return random_() % below;
}

std::string RecordFactory::text() {
    std::string out(coin() ? 0 : number(coin() ? 20 : 400), '\0');
    for (char& c : out)
        c = static_cast<char>(number(256));
    return out;
}

Instant RecordFactory::moment() {
    if (coin()) return Instant{};
    return coin() ? never : Instant{Duration{static_cast<std::int64_t>(number(1ULL << 42U))}};
}

Micros RecordFactory::micros() {
    return coin() ? 0 : static_cast<Micros>(random_());
}

Money RecordFactory::money() {
    return {micros(), static_cast<Unit>(number(3))};
}

OnUnknown RecordFactory::on_unknown() {
    return {static_cast<OnUnknown::Policy>(number(3)), micros()};
}

Failure RecordFactory::failure() {
    return {static_cast<FailureClass>(number(12)), text(), text(), coin(), coin(), text()};
}

Task RecordFactory::task() {
    return {text(), text(), count(), static_cast<Task::Status>(number(4))};
}

Artifact RecordFactory::artifact() {
    Artifact artifact;
    artifact.source = {
        static_cast<Source::From>(number(3)), text(), moment(), count(), number(2) == 1, text()};
    artifact.status = static_cast<Artifact::Status>(number(4));
    artifact.media_type = text();
    artifact.name = text();
    artifact.bytes = number(1ULL << number(64));
    artifact.sha256 = text();
    artifact.failure = maybe([this] { return failure(); });
    return artifact;
}

JobRecord RecordFactory::record() {
    JobRecord record;
    record.seq = JobSeq{number(1ULL << number(64))};
    record.id = JobId::make(moment(), record.seq, static_cast<std::uint16_t>(number(65'536)));
    record.batch = BatchSeq{count()};
    record.state = static_cast<State>(number(state_count));
    record.cancel_waits = coin();
    record.late = coin();
    record.overdue = coin();
    record.partial = coin();
    record.send = count();
    record.charged = count();
    record.max_attempts = count();
    record.priority = static_cast<std::uint8_t>(number(10));
    record.lane = count();
    record.account = text();
    record.principal = text();
    record.created_at = moment();
    record.updated_at = moment();
    record.finished_at = maybe([this] { return moment(); });
    record.ready_at = moment();
    record.deadline = maybe([this] { return moment(); });
    record.sent_at = moment();
    record.backoffs = count();
    record.fetch_troubles = count();
    record.fetch_since = moment();
    record.gone_count = count();
    record.gone_since = moment();
    record.crashes = count();
    for (std::uint64_t i = number(4); i > 0; --i)
        record.tasks.push_back(task());
    for (std::uint64_t i = number(4); i > 0; --i)
        record.artifacts.push_back(artifact());
    record.failure = maybe([this] { return failure(); });
    record.reason = text();
    record.upstream_state = text();
    record.result = text();
    record.quote = maybe([this] { return money(); });
    record.max_cost = maybe([this] { return micros(); });
    record.on_unknown = on_unknown();
    record.reserved = micros();
    record.spent = micros();
    record.uncertain = micros();
    record.idempotency = text();
    record.bought_for = static_cast<Event>(number(event_count));
    record.timed_as = text();
    return record;
}

JobSpec RecordFactory::spec() {
    JobSpec spec;
    spec.kind = static_cast<Kind>(1 + number(11));
    spec.request = text();
    spec.provider = text();
    spec.op = text();
    spec.model = text();
    spec.account = text();
    spec.custom_id = text();
    for (std::uint64_t i = number(5); i > 0; --i)
        spec.labels.emplace_back(text(), text());
    spec.priority = static_cast<std::uint8_t>(number(10));
    spec.not_before = moment();
    spec.deadline = maybe([this] { return moment(); });
    spec.max_attempts = count();
    spec.max_cost = maybe([this] { return micros(); });
    spec.quote = maybe([this] { return money(); });
    spec.on_unknown = on_unknown();
    spec.output = text();
    spec.principal = text();
    spec.webhook = text();
    spec.traceparent = text();
    return spec;
}

}  // namespace genspool::tests
