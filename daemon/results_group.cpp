#include "daemon/results_group.hpp"

#include <utility>

#include "proto/money.hpp"
#include "proto/time.hpp"

namespace genspool::daemon {

namespace {

constexpr std::size_t job_bytes = 1'024;  ///< of a job beside its request and result

std::size_t bytes_of(const queue::JobView& job) {
    return job_bytes + job.spec.request.size() + job.record.result.size();
}

void touch(const queue::Reader& reader, proto::BatchSeq batch, ResultsGroup& group) {
    if (group.batches.contains(batch)) return;
    auto view = reader.find_batch(batch);
    if (!view) return;
    ResultsGroup::Touched touched;
    touched.view = std::move(*view);
    group.batches.emplace(batch, std::move(touched));
}

/// Returns the bytes it holds from now on.
std::size_t take_event(const queue::Reader& reader, const queue::EventRecord& event,
                       ResultsGroup& group) {
    const ResultsNews news = results_news(event);
    if (news == ResultsNews::nothing) return 0;
    touch(reader, event.batch, group);
    const auto touched = group.batches.find(event.batch);
    if (touched == group.batches.end()) return 0;
    if (news == ResultsNews::again) touched->second.again = true;
    if (news != ResultsNews::ends) return 0;
    auto job = reader.find(event.job);
    if (!job || !proto::is_terminal(job->record.state)) return 0;
    ResultsGroup::Ended ended;
    ended.job = std::move(*job);
    ended.end = event.seq;
    group.ended.push_back(std::move(ended));
    return bytes_of(group.ended.back().job);
}

std::string member(std::string_view name, std::uint64_t number) {
    return R"(,")" + std::string(name) + R"(":)" + std::to_string(number);
}

}  // namespace

ResultsNews results_news(const queue::EventRecord& event) {
    if (!event.batch) return ResultsNews::nothing;
    if (!event.job) return ResultsNews::seal;
    const bool ended = proto::is_terminal(event.from);
    const bool ends = proto::is_terminal(event.to);
    if (ends && event.from != event.to) return ResultsNews::ends;
    const bool again = ended && !ends && event.to != proto::State::absent;
    return again ? ResultsNews::again : ResultsNews::nothing;
}

ResultsGroup read_results_group(const queue::Reader& reader, proto::EventSeq after,
                                const ResultsLimits& limits,
                                const std::set<proto::BatchSeq>& also) {
    ResultsGroup group;
    group.upto = after;
    const auto events = reader.events(after, limits.events_max, std::nullopt);
    group.at_end = events.size() < limits.events_max;
    std::size_t bytes = 0;
    for (const queue::EventRecord& event : events) {
        bytes += take_event(reader, event, group);
        group.upto = event.seq;
        ++group.events;
        if (bytes >= limits.bytes_max) {
            group.at_end = group.at_end && event.seq == events.back().seq;
            break;
        }
    }
    for (const proto::BatchSeq batch : also)
        touch(reader, batch, group);
    return group;
}

bool has_ended(const queue::BatchView& batch) {
    std::uint64_t open = 0;
    for (std::size_t state = 1; state < batch.by_state.size(); ++state) {
        if (!proto::is_terminal(static_cast<proto::State>(state))) open += batch.by_state.at(state);
    }
    return batch.sealed && open == 0;
}

std::string results_summary(const queue::BatchView& batch) {
    const auto count = [&batch](proto::State state) {
        return member(proto::to_string(state), batch.by_state.at(static_cast<std::size_t>(state)));
    };
    std::string text = R"({"batch":")" + batch.id.text() + R"(")";
    text += member("accepted", batch.accepted);
    text += member("refused", batch.refused);
    text += count(proto::State::succeeded);
    text += count(proto::State::failed);
    text += count(proto::State::canceled);
    text += R"(,"cost":{"spent":)" + proto::format_micros(batch.spent);
    text += R"(,"uncertain":)" + proto::format_micros(batch.uncertain);
    text += R"(,"unit":")" + std::string(proto::to_string(batch.unit)) + R"("})";
    if (batch.ended_at) {
        text += R"(,"ended_at":")" + proto::format_rfc3339(*batch.ended_at) + R"(")";
    }
    text += "}\n";
    return text;
}

}  // namespace genspool::daemon
