#include "daemon/lookup.hpp"

#include <functional>
#include <utility>
#include <vector>

#include "daemon/queue_calls.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;

namespace {

constexpr std::size_t recent_batches = 1'000;

/// Upper case, with the letters that Crockford's alphabet reads as digits.
std::string canonical(std::string_view reference) {
    std::string out;
    for (const char c : reference) {
        const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        out += upper == 'O' ? '0' : upper == 'I' || upper == 'L' ? '1' : upper;
    }
    return out;
}

void look_up(const queue::Reader& reader, proto::JobSeq seq, bool explained, FoundJob& found) {
    found.job = reader.find(seq);
    if (found.job && explained) found.explanation = reader.explain(seq);
}

void look_up_batch(const queue::Reader& reader, const std::string& reference, FoundBatch& found) {
    if (const auto id = proto::JobId::parse(reference)) {
        auto batch = reader.find_batch(id->batch_seq());
        if (batch && batch->sealed && batch->id == *id) found.batch = std::move(batch);
        return;
    }
    const std::string prefix = canonical(reference);
    for (queue::BatchView& batch : reader.list_batches({}, recent_batches, false)) {
        if (!batch.id.text().starts_with(prefix)) continue;
        if (found.batch) {
            found.batch.reset();
            found.problem.emplace("ambiguous", "More than one batch begins with " + prefix + ".");
            return;
        }
        found.batch = std::move(batch);
    }
}

}  // namespace

asio::awaitable<FoundJob> find_job(Api& api, std::string reference, bool explained) {
    FoundJob found;
    bool ambiguous = false;
    std::function<void(const queue::Reader&)> errand = [&](const queue::Reader& reader) {
        const auto seq = reader.find_by_prefix(reference, ambiguous);
        if (seq) look_up(reader, *seq, explained, found);
    };
    co_await look(api.queue, std::move(errand));
    if (ambiguous) {
        found.problem.emplace("ambiguous", "More than one job begins with " + reference + ".");
    } else if (!found.job) {
        found.problem.emplace("not_found", "There is no job " + reference + ".");
    }
    co_return found;
}

asio::awaitable<FoundJob> find_job(Api& api, proto::JobSeq job, bool explained) {
    FoundJob found;
    std::function<void(const queue::Reader&)> errand = [&](const queue::Reader& reader) {
        look_up(reader, job, explained, found);
    };
    co_await look(api.queue, std::move(errand));
    if (!found.job) found.problem.emplace("not_found", "The job is gone.");
    co_return found;
}

asio::awaitable<FoundBatch> find_batch(Api& api, std::string reference) {
    FoundBatch found;
    std::function<void(const queue::Reader&)> errand = [&](const queue::Reader& reader) {
        look_up_batch(reader, reference, found);
    };
    co_await look(api.queue, std::move(errand));
    if (!found.batch && !found.problem)
        found.problem.emplace("not_found", "There is no batch " + reference + ".");
    co_return found;
}

}  // namespace genspool::daemon
