#include "queue/reader.hpp"

#include <algorithm>

#include "proto/record.hpp"
#include "queue/keys.hpp"
#include "queue/ledger.hpp"
#include "queue/notes.hpp"
#include "queue/setback.hpp"
#include "queue/things.hpp"
#include "queue/turn.hpp"

namespace genspool::queue {
namespace {

/// A page looks at no more rows than this, so that a filter that fits nothing stays cheap.
constexpr std::size_t rows_a_page = 5'000;
constexpr std::size_t bytes_a_page = 256U << 10U;

template <class Row>
std::optional<Row> row_at(const Store& store, const std::string& key) {
    const auto bytes = store.get(key);
    if (!bytes) return std::nullopt;
    auto row = decode<Row>(*bytes);
    if (!row) throw StoreFailed("a corrupt row");
    return row;
}

bool fits(const Filter& filter, const JobView& job) {
    if (filter.doubtful && !is_doubtful(job.record.state)) return false;
    if (filter.unanswered && job.record.order.empty()) return false;
    if (filter.state && job.record.state != *filter.state) return false;
    if (filter.kind && job.spec.kind != *filter.kind) return false;
    if (!filter.op.empty() && job.spec.op != filter.op) return false;
    if (filter.batch && job.record.batch != *filter.batch) return false;
    if (!filter.account.empty() && job.record.account != filter.account) return false;
    return std::all_of(filter.labels.begin(), filter.labels.end(), [&](const auto& label) {
        const auto& labels = job.spec.labels;
        return std::find(labels.begin(), labels.end(), label) != labels.end();
    });
}

/// Where the number of the job stands in the keys that such a listing walks down.
struct Walk {
    std::string first;
    std::string last;
    std::size_t seq_at = 1;
};

Walk walk_for(const Filter& filter, proto::JobSeq before) {
    const proto::JobSeq end = before ? before : proto::JobSeq{UINT64_MAX};
    if (filter.batch) {
        return {keys::member(*filter.batch, {0}), keys::member(*filter.batch, end), 9};
    }
    if (filter.state) return {keys::state(*filter.state, {0}), keys::state(*filter.state, end), 2};
    return {keys::record({0}), keys::record(end), 1};
}

void count_held(const Memory& memory, std::vector<AccountView>& views) {
    memory.slots.each_held([&](const Slots::Place&, const SlotRow& slot) {
        for (AccountView& view : views) {
            if (view.name != slot.account) continue;
            for (ClassUse& use : view.classes) {
                if (use.slot_class != slot.slot_class) continue;
                ++use.held;
                use.held_until = std::min(use.held_until.value_or(proto::never), slot.expires);
            }
        }
    });
}

/// What a job brings into memory, roughly: its request, or what came of it, may be large.
std::size_t weight(const JobView& job) {
    return job.spec.request.size() + job.record.result.size();
}

}  // namespace

std::optional<proto::JobRecord> CoreReader::record(proto::JobSeq job) const {
    const auto bytes = core_.store().get(keys::record(job));
    if (!bytes) return std::nullopt;
    auto record = proto::decode_record(*bytes);
    if (!record) throw StoreFailed("a corrupt job record");
    return record;
}

std::optional<JobView> CoreReader::visible_job(proto::JobSeq job) const {
    auto found = record(job);
    if (!found || !core_.memory().visible(found->batch)) return std::nullopt;
    const auto bytes = core_.store().get(keys::spec(job));
    auto spec = proto::decode_spec(bytes.value_or(std::string()));
    if (!spec) throw StoreFailed("a corrupt request");
    JobView view{std::move(*found), std::move(*spec), {}};
    if (view.record.state == proto::State::running) {
        view.times = core_.memory().completions.find(view.record.timed_as);
        const auto sight = core_.memory().flights.sight(job);
        if (sight) view.said_permille = sight->permille;
    }
    if (view.record.batch) {
        if (const auto batch = row_at<BatchView>(core_.store(), keys::batch(view.record.batch))) {
            view.batch_id = batch->id.text();
        }
    }
    return view;
}

std::optional<JobView> CoreReader::find(proto::JobSeq job) const {
    return visible_job(job);
}

proto::JobSeq CoreReader::first_at(proto::Instant at) const {
    // Ids begin with the time of admission, which grows with the number: halve the way to it.
    std::uint64_t low = 1;
    std::uint64_t high = core_.memory().counters.next_job;
    while (low < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        std::optional<proto::JobRecord> next;
        core_.store().scan(keys::record({middle}), keys::record({UINT64_MAX}),
                           [&](std::string_view, std::string_view value) {
                               next = proto::decode_record(value);
                               return false;
                           });
        if (next && next->id.at() < at) {
            low = next->seq.value + 1;
        } else {
            high = middle;
        }
    }
    return {low};
}

std::optional<proto::JobSeq> CoreReader::find_by_prefix(std::string_view prefix,
                                                        bool& ambiguous) const {
    ambiguous = false;
    const auto lowest = proto::JobId::lowest_with_prefix(prefix);
    const auto highest = proto::JobId::highest_with_prefix(prefix);
    if (!lowest || !highest) return std::nullopt;
    std::optional<proto::JobSeq> match;
    core_.store().scan(keys::record(first_at(lowest->at())), keys::record({UINT64_MAX}),
                       [&](std::string_view, std::string_view value) {
                           const auto job = proto::decode_record(value);
                           if (!job) throw StoreFailed("a corrupt job record");
                           if (job->id.at() > highest->at()) return false;
                           const bool fits = *lowest <= job->id && job->id <= *highest;
                           if (!fits || !core_.memory().visible(job->batch)) return true;
                           ambiguous = match.has_value();
                           match = job->seq;
                           return !ambiguous;
                       });
    return ambiguous ? std::nullopt : match;
}

Page CoreReader::list(const Filter& filter, proto::JobSeq before, std::size_t limit) const {
    Page page;
    if (filter.doubtful) {
        const auto& setback = core_.memory().pause.setback;
        if (!setback) return page;
        before = before ? std::min(before, setback->first_new_job) : setback->first_new_job;
    }
    const Walk walk = walk_for(filter, before);
    std::size_t looked = 0;
    std::size_t bytes = 0;
    core_.store().scan_back(walk.first, walk.last, [&](std::string_view key, std::string_view) {
        const proto::JobSeq job{keys::get_u64(key, walk.seq_at)};
        page.heavy = bytes >= bytes_a_page;
        if (looked++ == rows_a_page || page.jobs.size() == limit || page.heavy) {
            page.next.value = job.value + 1;
            return false;
        }
        auto view = visible_job(job);
        if (!view || !fits(filter, *view)) return true;
        bytes += weight(*view);
        page.jobs.push_back(std::move(*view));
        return true;
    });
    return page;
}

std::vector<EventRecord> CoreReader::events(proto::EventSeq after, std::size_t limit,
                                            std::optional<proto::JobSeq> job) const {
    std::vector<EventRecord> events;
    const auto take = [&](std::string_view value) {
        auto event = decode<EventRecord>(value);
        if (!event) throw StoreFailed("a corrupt event");
        events.push_back(std::move(*event));
        return events.size() < limit;
    };
    const proto::EventSeq next{after.value + 1};
    if (!job) {
        core_.store().scan(keys::event(next), keys::family_end(keys::event_family),
                           [&](std::string_view, std::string_view value) { return take(value); });
        return events;
    }
    core_.store().scan(keys::history(*job, next), keys::history({job->value + 1}, {0}),
                       [&](std::string_view key, std::string_view) {
                           const auto value =
                               core_.store().get(keys::event({keys::get_u64(key, 9)}));
                           return !value || take(*value);
                       });
    return events;
}

BatchView CoreReader::complete(BatchView batch) const {
    for (const proto::Unit unit : {proto::Unit::usd, proto::Unit::credits, proto::Unit::none}) {
        const auto total = row_at<TotalRow>(
            core_.store(), keys::batch_total(batch.seq, static_cast<std::uint8_t>(unit)));
        if (!total) continue;
        batch.unit = unit;
        batch.reserved = total->reserved;
        batch.spent = total->spent;
        batch.uncertain = total->uncertain;
        break;
    }
    batch.notes = read_notes(core_.store(), batch.seq);
    return batch;
}

std::optional<BatchView> CoreReader::find_batch(proto::BatchSeq batch) const {
    auto found = row_at<BatchView>(core_.store(), keys::batch(batch));
    if (!found || core_.memory().dropping.contains(batch)) return std::nullopt;
    return complete(std::move(*found));
}

std::vector<BatchView> CoreReader::list_batches(proto::BatchSeq before, std::size_t limit,
                                                bool unsealed) const {
    std::vector<BatchView> batches;
    const proto::BatchSeq end = before ? before : proto::BatchSeq{UINT64_MAX};
    core_.store().scan_back(keys::batch({0}), keys::batch(end),
                            [&](std::string_view key, std::string_view) {
                                auto batch = find_batch({keys::get_u64(key, 1)});
                                if (batch && (batch->sealed || unsealed)) {
                                    batches.push_back(std::move(*batch));
                                }
                                return batches.size() < limit;
                            });
    return batches;
}

std::vector<RefusedLine> CoreReader::refused_lines(proto::BatchSeq batch, std::uint64_t after,
                                                   std::size_t limit) const {
    std::vector<RefusedLine> lines;
    core_.store().scan(keys::refused_line(batch, after + 1),
                       keys::refused_line({batch.value + 1}, 0),
                       [&](std::string_view, std::string_view value) {
                           auto line = decode<RefusedLine>(value);
                           if (!line) throw StoreFailed("a corrupt refused line");
                           lines.push_back(std::move(*line));
                           return lines.size() < limit;
                       });
    return lines;
}

std::vector<proto::JobSeq> CoreReader::batch_jobs(proto::BatchSeq batch, proto::JobSeq after,
                                                  std::size_t limit) const {
    std::vector<proto::JobSeq> jobs;
    core_.store().scan(keys::member(batch, {after.value + 1}), keys::member({batch.value + 1}, {0}),
                       [&](std::string_view key, std::string_view) {
                           jobs.push_back({keys::get_u64(key, 9)});
                           return jobs.size() < limit;
                       });
    return jobs;
}

LedgerPage CoreReader::ledger(const LedgerFilter& filter, proto::JobSeq after,
                              std::size_t limit) const {
    return read_ledger(core_.store(), filter, after, limit);
}

LedgerTotals CoreReader::ledger_totals(const TotalsFilter& filter, std::size_t limit) const {
    return read_ledger_totals(core_.store(), filter, limit);
}

std::optional<UploadView> CoreReader::find_upload(const UploadName& name) const {
    return row_at<UploadView>(core_.store(), keys::upload(name.account, name.sha256, name.purpose));
}

std::optional<proto::JobSeq> CoreReader::find_by_key(const std::string& scope_hash) const {
    const auto row = row_at<IdempotencyRow>(core_.store(), keys::idempotency(scope_hash));
    return row && row->job ? std::optional(row->job) : std::nullopt;
}

std::vector<proto::JobRecord> CoreReader::orders(const std::string& order,
                                                 std::size_t limit) const {
    std::vector<proto::JobRecord> jobs;
    const std::string first = keys::order(order);
    core_.store().scan(first, keys::prefix_end(first), [&](std::string_view key, std::string_view) {
        auto job = record({keys::get_u64(key, first.size())});
        if (job) jobs.push_back(std::move(*job));
        return jobs.size() < limit;
    });
    return jobs;
}

std::optional<BlobView> CoreReader::find_blob(const std::string& sha256) const {
    return row_at<BlobView>(core_.store(), keys::blob(sha256));
}

proto::Result<BoundTo> CoreReader::bound_account(const AdmitOne& job) const {
    return queue::bound_account(core_.memory(), job,
                                [this](const std::string& key) { return core_.store().get(key); });
}

proto::EventSeq CoreReader::cursor(std::string_view name) const {
    const auto found = core_.memory().cursors.find(std::string(name));
    return found == core_.memory().cursors.end() ? proto::EventSeq{} : found->second.upto;
}

std::vector<std::string> CoreReader::cursors() const {
    std::vector<std::string> names;
    for (const auto& [name, position] : core_.memory().cursors)
        names.push_back(name);
    return names;
}

std::vector<NoteEvent> CoreReader::event_notes(std::string_view name, proto::EventSeq after,
                                               std::size_t limit) const {
    std::vector<NoteEvent> notes;
    core_.store().scan(
        keys::event_note({after.value + 1}, {}), keys::family_end(keys::event_note_family),
        [&](std::string_view key, std::string_view value) {
            if (key.substr(9) != name) return true;
            notes.push_back({{keys::get_u64(key, 1)}, std::string(name), std::string(value)});
            return notes.size() < limit;
        });
    return notes;
}

Stats CoreReader::stats() const {
    const Memory& memory = core_.memory();
    Stats stats;
    stats.by_state = memory.by_state;
    stats.entered = memory.entered;
    stats.jobs = memory.jobs();
    stats.commits = memory.commits;
    stats.commands = memory.commands;
    stats.last_event.value = memory.counters.next_event - 1;
    stats.first_event = memory.first_event;
    stats.paused = memory.pause.paused;
    stats.paused_reason = memory.pause.reason;
    stats.setback = memory.pause.setback;
    stats.generation = generation({memory.counters.next_event});
    stats.disk = memory.disk;
    stats.budgets = memory.capacity.budgets().views(core_.now());
    stats.memory_entries =
        memory.order.size() + memory.agenda.size() + memory.flights.size() + memory.slots.size();
    stats.lanes_visited = memory.order.lanes_visited;
    stats.entries_visited = memory.order.entries_visited;
    return stats;
}

std::vector<AccountView> CoreReader::accounts() const {
    std::vector<AccountView> views = core_.memory().capacity.views(core_.now());
    count_held(core_.memory(), views);
    const std::string day = proto::format_day(core_.now());
    for (AccountView& view : views) {
        for (const proto::Unit unit : {proto::Unit::usd, proto::Unit::credits}) {
            const auto total = row_at<TotalRow>(
                core_.store(), keys::total('a', day, view.name, static_cast<std::uint8_t>(unit)));
            if (!total) continue;
            view.spent_today = {total->spent, unit};
            view.reserved_today = total->reserved;
            view.uncertain_today = total->uncertain;
        }
    }
    return views;
}

std::vector<LearnedTimes> CoreReader::learned_times() const {
    std::vector<LearnedTimes> learned;
    for (const auto& [sort, known] : core_.memory().completions.known)
        learned.push_back({sort, known.times, known.learned_at});
    return learned;
}

}  // namespace genspool::queue
