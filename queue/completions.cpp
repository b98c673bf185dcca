#include "queue/completions.hpp"

#include <algorithm>

#include "queue/keys.hpp"
#include "queue/turn.hpp"

namespace genspool::queue {
namespace {

/// A model is named by whoever submits a job.
constexpr std::size_t name_bytes_max = 200;
/// More than any task takes: a row that tells of more is not to upset the arithmetic.
constexpr std::uint64_t took_ms_max = 30ULL * 86'400'000;

CompletionsRow row_of(const Completions::Known& known) {
    CompletionsRow row;
    for (const proto::Duration took : known.times->took())
        row.took_ms.push_back(static_cast<std::uint64_t>(took.count()));
    row.learned_at = known.learned_at;
    return row;
}

Completions::Known known_of(const CompletionsRow& row) {
    std::vector<proto::Duration> took;
    for (const std::uint64_t span : row.took_ms)
        took.emplace_back(static_cast<proto::Duration::rep>(std::min(span, took_ms_max)));
    return {std::make_shared<const proto::CompletionTimes>(std::move(took)), row.learned_at};
}

/// Makes room for one more.
void forget_oldest(Turn& turn) {
    auto& known = turn.memory.completions.known;
    if (known.size() < Completions::sorts_max) return;
    const auto oldest = std::ranges::min_element(
        known, {}, [](const auto& sort) { return sort.second.learned_at; });
    turn.plan.del(keys::completions(oldest->first));
    known.erase(oldest);
}

/// Between the last look at it and this one; but at most a twentieth before this one: of one that
/// is found done at the first look nobody knows more, and what is learned must be able to fall.
proto::Duration time_taken(const proto::JobRecord& record, proto::Instant seen_at_work,
                           proto::Instant now) {
    const proto::Duration longest = now - record.sent_at;
    const proto::Duration shortest = seen_at_work - record.sent_at;
    return std::max({(shortest + longest) / 2, longest * 19 / 20, proto::Duration(0)});
}

}  // namespace

std::shared_ptr<const proto::CompletionTimes> Completions::find(std::string_view timed_as) const {
    const auto found = known.find(timed_as);
    return found == known.end() ? nullptr : found->second.times;
}

void learn_completion(Turn& turn, const proto::JobRecord& record) {
    const std::string& sort = record.timed_as;
    const auto sight = turn.memory.flights.sight(record.seq);
    if (sort.empty() || sort.size() > name_bytes_max || !sight) return;
    Completions& all = turn.memory.completions;
    const auto before = all.find(sort);
    if (!before) forget_oldest(turn);
    const proto::Duration took = time_taken(record, sight->at, turn.now);
    Completions::Known& known = all.known[sort];
    known.times = std::make_shared<const proto::CompletionTimes>(
        before ? before->with(took) : proto::CompletionTimes({took}));
    known.learned_at = turn.now;
    turn.plan.put(keys::completions(sort), encode(row_of(known)));
}

void load_completions(Turn& turn) {
    constexpr char family = keys::completions_family;
    turn.store.scan(keys::family_begin(family), keys::family_end(family),
                    [&turn](std::string_view key, std::string_view value) {
                        const auto row = decode<CompletionsRow>(value);
                        if (row)
                            turn.memory.completions.known.emplace(key.substr(1), known_of(*row));
                        return true;
                    });
}

}  // namespace genspool::queue
