#include "daemon/event_stream.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

#include "daemon/event_text.hpp"
#include "daemon/queue_calls.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;

namespace {

constexpr std::size_t events_at_once = 256;
constexpr std::size_t piece_bytes = 256U << 10U;
constexpr std::size_t batch_ids_max = 256;
using Clock = std::chrono::steady_clock;

}  // namespace

EventStream::EventStream(queue::Queue& queue, CommitFeed& feed, EventSelection selection,
                         proto::Duration heartbeat)
    : queue_(queue), feed_(feed), selection_(selection), heartbeat_(heartbeat) {}

asio::awaitable<std::optional<std::string>> EventStream::next() {
    std::optional<std::string> piece = co_await next_piece();
    // Counted from what was said last: events of other jobs end a wait, and must not put it off.
    speak_by_ = Clock::now() + heartbeat_;
    co_return piece;
}

asio::awaitable<std::optional<std::string>> EventStream::next_piece() {
    std::optional<std::string> piece;
    if (!greeted_) {
        greeted_ = true;
        piece = ": connected\nretry: 2000\n\n";
        co_return piece;
    }
    while (!feed_.closed() && !lost_) {
        if (!more_) {
            const auto left = std::chrono::ceil<proto::Duration>(speak_by_ - Clock::now());
            bool came = false;
            if (left > proto::Duration(0)) came = co_await feed_.wait_past(selection_.after, left);
            if (!came && !feed_.closed()) {
                piece = ": still here\n\n";
                co_return piece;
            }
            if (!came) break;
        }
        std::string text = co_await read_on();
        if (text.empty()) continue;
        piece = std::move(text);
        co_return piece;
    }
    co_return piece;
}

asio::awaitable<std::string> EventStream::read_on() {
    std::string out;
    std::function<void(const queue::Reader&)> errand = [this, &out](const queue::Reader& reader) {
        // Retention may have overtaken a very slow reader; a gap must not look like silence.
        const queue::Stats stats = reader.stats();
        lost_ = stats.first_event.value > selection_.after.value + 1;
        if (lost_) return;
        const auto events = reader.events(selection_.after, events_at_once, selection_.job);
        for (const queue::EventRecord& event : events) {
            selection_.after = event.seq;
            if (!selection_.batch || event.batch == *selection_.batch) append(out, event, reader);
            more_ = out.size() >= piece_bytes;
            if (more_) return;
        }
        more_ = events.size() == events_at_once;
        // What there is besides is of other jobs. Passed by, or every wait for more would end at
        // once, and retention would seem to overtake the stream of a job that is merely quiet.
        if (!more_) selection_.after = std::max(selection_.after, stats.last_event);
    };
    co_await look(queue_, std::move(errand));
    co_return out;
}

void EventStream::append(std::string& out, const queue::EventRecord& event,
                         const queue::Reader& reader) {
    out += "id: " + std::to_string(event.seq.value) + "\ndata: ";
    out += event_text(event, batch_id(event.batch, reader));
    out += "\n\n";
}

const std::string& EventStream::batch_id(proto::BatchSeq batch, const queue::Reader& reader) {
    if (batch_ids_.size() > batch_ids_max) batch_ids_.clear();
    const auto [place, fresh] = batch_ids_.try_emplace(batch);
    if (fresh && batch) {
        const auto view = reader.find_batch(batch);
        if (view) place->second = view->id.text();
    }
    return place->second;
}

}  // namespace genspool::daemon
