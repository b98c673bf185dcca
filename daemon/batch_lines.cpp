#include "daemon/batch_lines.hpp"

#include <functional>
#include <utility>

#include "daemon/queue_calls.hpp"
#include "daemon/result_line.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;

namespace {

/// What is read in one visit to the queue, which everybody else waits for meanwhile.
constexpr std::size_t refused_at_once = 256;
constexpr std::size_t jobs_at_once = 64;
constexpr std::size_t events_at_once = 256;
constexpr std::size_t piece_bytes = 256U << 10U;

/// The number of the event that ended this job; 0 where the log no longer has it.
proto::EventSeq end_of(const queue::Reader& reader, proto::JobSeq job) {
    proto::EventSeq end;
    proto::EventSeq after;
    while (true) {
        const auto events = reader.events(after, events_at_once, job);
        for (const queue::EventRecord& event : events) {
            after = event.seq;
            if (proto::is_terminal(event.to)) end = event.seq;
        }
        if (events.size() < events_at_once) return end;
    }
}

}  // namespace

BatchLines::BatchLines(queue::Queue& queue, proto::BatchSeq batch, bool errors_only)
    : queue_(queue), batch_(batch), errors_only_(errors_only), refused_done_(!errors_only) {}

void BatchLines::read_refused(const queue::Reader& reader, std::string& out) {
    const auto lines = reader.refused_lines(batch_, refused_after_, refused_at_once);
    for (const queue::RefusedLine& line : lines) {
        refused_after_ = line.line;
        out += refused_result_line(line);
        if (out.size() >= piece_bytes) return;
    }
    refused_done_ = lines.size() < refused_at_once;
}

void BatchLines::append(const queue::Reader& reader, proto::JobSeq job, std::string& out) const {
    const auto view = reader.find(job);
    if (!view || !proto::is_terminal(view->record.state)) return;
    const bool succeeded = view->record.state == proto::State::succeeded;
    if (succeeded == errors_only_) return;
    out += result_line(*view, end_of(reader, job));
}

void BatchLines::read_jobs(const queue::Reader& reader, std::string& out) {
    const auto jobs = reader.batch_jobs(batch_, jobs_after_, jobs_at_once);
    for (const proto::JobSeq job : jobs) {
        jobs_after_ = job;
        append(reader, job, out);
        if (out.size() >= piece_bytes) return;
    }
    done_ = jobs.size() < jobs_at_once;
}

asio::awaitable<std::optional<std::string>> BatchLines::next() {
    std::string out;
    std::function<void(const queue::Reader&)> errand = [this, &out](const queue::Reader& reader) {
        if (!refused_done_) {
            read_refused(reader, out);
        } else {
            read_jobs(reader, out);
        }
    };
    while (out.empty() && !done_) {
        std::function<void(const queue::Reader&)> once = errand;
        co_await look(queue_, std::move(once));
    }
    std::optional<std::string> piece;
    if (!out.empty()) piece = std::move(out);
    co_return piece;
}

}  // namespace genspool::daemon
