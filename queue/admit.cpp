#include "proto/record.hpp"
#include "queue/blobs.hpp"
#include "queue/dependency.hpp"
#include "queue/keys.hpp"
#include "queue/things.hpp"
#include "queue/turn.hpp"

namespace genspool::queue {
namespace {

using proto::JobRecord;

JobRecord new_record(Turn& turn, const AdmitOne& job, proto::BatchSeq batch,
                     const std::string& account) {
    const proto::JobSpec& spec = job.spec;
    JobRecord record;
    record.seq.value = turn.memory.counters.next_job++;
    const auto salt = static_cast<std::uint16_t>(turn.random.next());
    record.id = proto::JobId::make(turn.now, record.seq, salt);
    record.batch = batch;
    record.max_attempts = spec.max_attempts;
    record.priority = spec.priority;
    record.lane =
        lane_id(turn, {spec.provider, spec.op, spec.model, account, job.slot_class, spec.kind});
    record.principal = spec.principal;
    record.created_at = turn.now;
    record.updated_at = turn.now;
    record.ready_at = spec.not_before;
    record.deadline = spec.deadline;
    record.quote = spec.quote;
    record.max_cost = spec.max_cost;
    record.on_unknown = spec.on_unknown;
    if (job.idempotency) record.idempotency = job.idempotency->scope_hash;
    for (const proto::NamedThing& named : job.names)
        if (named.thing.kind == proto::Thing::Kind::voice) record.voices.push_back(named.thing.id);
    record.listed_as = job.listed_as;
    record.timed_as = job.timed_as;
    record.order = job.order;
    if (!record.order.empty()) turn.plan.put(keys::order(record.order, record.seq), {});
    return record;
}

/// The job as it was handed in, bound to its account.
void put_spec(Turn& turn, proto::JobSeq job, const proto::JobSpec& spec,
              const std::string& account) {
    if (account == spec.account) {
        turn.plan.put(keys::spec(job), proto::encode(spec));
        return;
    }
    proto::JobSpec bound = spec;
    bound.account = account;
    turn.plan.put(keys::spec(job), proto::encode(bound));
}

void tie(Turn& turn, JobRecord& record, Ties ties) {
    record.after = std::move(ties.after);
    record.inputs = std::move(ties.inputs);
    note_blob_uses(turn, record);
}

/// Why so many more jobs cannot be open at once; nullopt: they can.
std::optional<Answer> full(const Turn& turn, std::uint64_t more) {
    if (turn.memory.jobs() + more <= turn.options.jobs_max) return std::nullopt;
    return refused(Errc::full, "the queue would hold more than " +
                                   std::to_string(turn.options.jobs_max) +
                                   " jobs that have not ended ([limits] queue_jobs_max)");
}

/// Why intake is closed; nullopt: it is open.
std::optional<Answer> closed(const Turn& turn, std::uint64_t more) {
    if (turn.memory.disk == DiskGate::no_intake) {
        return refused(Errc::read_only,
                       "the disk is full; nothing is taken until there is room again");
    }
    return full(turn, more);
}

/// What was made under this key before; nullopt: nothing was.
std::optional<IdempotencyRow> made_before(Turn& turn, const Idempotency& wanted) {
    auto row = turn.plan.row<IdempotencyRow>(keys::idempotency(wanted.scope_hash));
    if (row && row->ends != proto::Instant{} && row->ends <= turn.now) return std::nullopt;
    return row;
}

Answer key_conflict() {
    return refused(
        Errc::conflict,
        "this idempotency key was used before with another body; use a new key for a new job");
}

/// Whether the job that was made under this key is in a batch that may still be dropped. Then it
/// answers for its key to nobody but that batch.
bool is_undecided(Turn& turn, const IdempotencyRow& first, proto::BatchSeq batch) {
    const JobRecord* const record = first.job ? turn.plan.record(first.job) : nullptr;
    return record != nullptr && record->batch != batch && !turn.memory.visible(record->batch);
}

Answer undecided(const std::string& of) {
    return refused(Errc::undecided,
                   "a batch that is just being handed in uses the idempotency key of " + of);
}

/// Why none of these lines can be taken now; nullopt: each for itself may be.
std::optional<Answer> taken_later(Turn& turn, const AdmitChunk& command, const BatchView& batch) {
    for (const auto& [line, job] : command.jobs) {
        const auto first = job.idempotency ? made_before(turn, *job.idempotency) : std::nullopt;
        if (first && is_undecided(turn, *first, batch.seq))
            return undecided("line " + std::to_string(line));
    }
    return std::nullopt;
}

/// The member of a batch as it lies on disk before the seal: complete, but in no lane and no count.
void write_member(Turn& turn, const AdmitOne& job, BatchView& batch, Ties ties) {
    JobRecord record = new_record(turn, job, batch.seq, ties.account);
    put_spec(turn, record.seq, job.spec, ties.account);
    record.state = ties.after.empty() ? proto::State::queued : proto::State::blocked;
    if (record.state == proto::State::queued) follow_voice(turn, record);
    tie(turn, record, std::move(ties));
    note_awaited(turn, record);
    turn.plan.put(keys::member(batch.seq, record.seq), {});
    turn.plan.put(keys::state(record.state, record.seq), encode(index_row(record)));
    if (!job.spec.custom_id.empty()) {
        std::string seq;
        keys::put_u64(seq, record.seq.value);
        turn.plan.put(keys::custom_id(batch.seq, job.spec.custom_id), std::move(seq));
    }
    if (job.idempotency) {
        turn.plan.put(
            keys::idempotency(job.idempotency->scope_hash),
            encode(IdempotencyRow{job.idempotency->fingerprint, record.seq, {}, record.id, {}}));
    }
    if (!batch.first_job) batch.first_job = record.seq;
    batch.last_job = record.seq;
    ++batch.accepted;
    ++batch.by_state[static_cast<std::size_t>(record.state)];
    turn.plan.add(std::move(record));
}

/// Why the queue itself takes no such line; nullopt: it does.
std::optional<RefusedLine> refused_by_queue(Turn& turn, std::uint64_t line, const AdmitOne& job,
                                            proto::BatchSeq batch) {
    const std::string& custom_id = job.spec.custom_id;
    if (!custom_id.empty() && turn.plan.get(keys::custom_id(batch, custom_id))) {
        return RefusedLine{
            line, custom_id, "duplicate", "custom_id",
            "custom_id '" + custom_id + "' is taken by an earlier line of this batch"};
    }
    if (job.idempotency && made_before(turn, *job.idempotency)) {
        return RefusedLine{line, custom_id, "duplicate", "idempotency_key",
                           "a job with this idempotency_key was handed in before"};
    }
    return std::nullopt;
}

Answer bad_job(const proto::Refused& why) {
    return {Errc::bad_job, why.message, {}, why.field, why.code};
}

}  // namespace

Answer handle(Turn& turn, const Admit& command) {
    const auto& key = command.job.idempotency;
    if (key) {
        if (const auto first = made_before(turn, *key)) {
            if (first->fingerprint != key->fingerprint || !first->job) return key_conflict();
            if (is_undecided(turn, *first, {})) return undecided("this job");
            const JobRecord* record = turn.plan.record(first->job);
            const auto state = record == nullptr ? proto::State::absent : record->state;
            return {Errc::already, {}, Admitted{first->id, state}};
        }
    }
    if (auto why = closed(turn, 1)) return *why;
    auto ties = find_ties(turn, command.job, {});
    if (!ties) return bad_job(ties.error());
    JobRecord& record = turn.plan.add(new_record(turn, command.job, {}, ties->account));
    put_spec(turn, record.seq, command.job.spec, ties->account);
    tie(turn, record, std::move(*ties));
    if (key) {
        turn.plan.put(keys::idempotency(key->scope_hash),
                      encode(IdempotencyRow{key->fingerprint, record.seq, {}, record.id, {}}));
    }
    if (record.after.empty()) {
        apply(turn, record, proto::Event::admitted);
    } else {
        apply(turn, record, proto::Event::admitted_blocked);
        look_at_blocked(turn, record);
    }
    return {Errc::ok, {}, Admitted{record.id, record.state}};
}

Answer handle(Turn& turn, const OpenBatch& command) {
    if (!command.identity.empty()) {
        if (const auto known = turn.plan.row<TaskRow>(keys::import(command.identity))) {
            const BatchView* batch = turn.plan.batch({known->job.value});
            if (batch != nullptr) {
                return {Errc::already,
                        {},
                        BatchOpened{batch->seq, batch->id, batch->progress, batch->sealed}};
            }
        }
    }
    if (command.idempotency) {
        if (const auto first = made_before(turn, *command.idempotency)) {
            const std::string& fingerprint = command.idempotency->fingerprint;
            const bool same = fingerprint.empty() || fingerprint == first->fingerprint;
            if (!same || !first->batch) return key_conflict();
            return {Errc::already, {}, BatchOpened{first->batch, first->id, {}, true}};
        }
    }
    // A full queue says so before anybody reads a long body.
    if (auto why = closed(turn, 1)) return *why;
    BatchView batch;
    batch.seq.value = turn.memory.counters.next_batch++;
    const auto salt = static_cast<std::uint16_t>(turn.random.next());
    batch.id = proto::JobId::make_batch(turn.now, batch.seq, salt);
    batch.source = command.source;
    batch.name = command.name;
    batch.principal = command.principal;
    batch.identity = command.identity;
    batch.created_at = turn.now;
    batch.budget = command.budget;
    if (command.idempotency) {
        // The row itself is written by the seal: an import cut off must not answer for its key.
        batch.idempotency = command.idempotency->scope_hash + command.idempotency->fingerprint;
    }
    if (!batch.identity.empty()) {
        turn.plan.put(keys::import(batch.identity), encode(TaskRow{{batch.seq.value}, 0}));
    }
    turn.memory.unsealed.insert(batch.seq);
    const BatchOpened opened{batch.seq, batch.id, {}, false};
    turn.plan.add(std::move(batch));
    return {Errc::ok, {}, opened};
}

Answer handle(Turn& turn, const AdmitChunk& command) {
    BatchView* batch = turn.plan.batch(command.batch);
    if (batch == nullptr || turn.memory.dropping.contains(command.batch)) {
        return refused(Errc::not_found, "there is no such batch");
    }
    if (batch->sealed) return refused(Errc::sealed, "this batch is sealed and takes no more jobs");
    const std::uint64_t together = command.jobs.size() + batch->accepted;
    if (together > turn.options.jobs_max)
        return refused(Errc::too_many, "no batch has more than " +
                                           std::to_string(turn.options.jobs_max) +
                                           " jobs ([limits] queue_jobs_max)");
    if (auto why = closed(turn, together)) return *why;
    if (auto why = taken_later(turn, command, *batch)) return *why;
    ChunkAdmitted answer;
    for (const auto& [line, job] : command.jobs) {
        if (auto why = refused_by_queue(turn, line, job, batch->seq)) {
            answer.refused.push_back(std::move(*why));
            continue;
        }
        auto ties = find_ties(turn, job, batch->seq);
        if (!ties) {
            const proto::Refused& why = ties.error();
            answer.refused.push_back({line, job.spec.custom_id, why.code, why.field, why.message});
            continue;
        }
        write_member(turn, job, *batch, std::move(*ties));
        ++answer.accepted;
    }
    const auto keep = [&](const std::vector<RefusedLine>& lines) {
        for (const RefusedLine& line : lines) {
            std::string key = keys::refused_line(batch->seq, line.line);
            if (!turn.plan.get(key)) ++batch->refused;
            turn.plan.put(std::move(key), encode(line));
        }
    };
    keep(command.refused);
    keep(answer.refused);
    batch->progress = command.progress;
    return {Errc::ok, {}, std::move(answer)};
}

Answer handle(Turn& turn, const Seal& command) {
    BatchView* batch = turn.plan.batch(command.batch);
    if (batch == nullptr || turn.memory.dropping.contains(command.batch)) {
        return refused(Errc::not_found, "there is no such batch");
    }
    const Sealed answer{batch->accepted, batch->refused};
    if (batch->sealed) return {Errc::already, {}, answer};
    if (auto why = full(turn, batch->accepted)) return *why;
    if (!batch->idempotency.empty()) {
        const std::string scope = batch->idempotency.substr(0, 16);
        const std::string fingerprint = batch->idempotency.substr(16) + command.fingerprint;
        const auto first = made_before(turn, {scope, fingerprint});
        if (first)
            return refused(Errc::conflict,
                           "another request has used this idempotency key meanwhile");
        turn.plan.put(keys::idempotency(scope),
                      encode(IdempotencyRow{fingerprint, {}, batch->seq, batch->id, {}}));
        batch->idempotency = scope;
    }
    batch->sealed = true;
    batch->content_hash = command.content_hash;
    if (batch->accepted == 0) batch->ended_at = turn.now;
    turn.memory.unsealed.erase(batch->seq);
    turn.memory.filling.emplace(batch->seq, batch->first_job);
    for (std::size_t state = 0; state < batch->by_state.size(); ++state) {
        if (batch->by_state[state] == 0) continue;
        turn.memory.by_state[state] += batch->by_state[state];
        turn.memory.oldest.lower(static_cast<proto::State>(state), batch->first_job);
        turn.memory.entered[state] += batch->by_state[state];
    }
    if (batch->by_state[static_cast<std::size_t>(proto::State::blocked)] != 0)
        turn.memory.unseen.push_back({batch->first_job, batch->last_job, batch->seq});
    turn.plan.append({{},
                      {},
                      batch->id,
                      batch->seq,
                      turn.now,
                      proto::State::absent,
                      proto::State::queued,
                      proto::Event::admitted,
                      0,
                      {},
                      std::to_string(batch->accepted) + " jobs, " + std::to_string(batch->refused) +
                          " lines refused"});
    return {Errc::ok, {}, answer};
}

Answer handle(Turn& turn, const DropBatch& command) {
    BatchView* batch = turn.plan.batch(command.batch);
    if (batch == nullptr) return {Errc::already, {}, {}};
    if (batch->sealed)
        return refused(Errc::sealed, "a sealed batch cannot be dropped, only canceled");
    if (!batch->identity.empty()) turn.plan.del(keys::import(batch->identity));
    batch->identity.clear();
    batch->source = BatchSource::http;  // a start drops what an import over HTTP left unsealed
    turn.memory.unsealed.erase(batch->seq);
    turn.memory.dropping.insert(batch->seq);
    return {};
}

Answer handle(Turn& turn, const NoteBatch& command) {
    if (turn.plan.batch(command.batch) == nullptr) {
        return refused(Errc::not_found, "there is no such batch");
    }
    put_note(turn, command);
    return {};
}

}  // namespace genspool::queue
