#include "daemon/hooks/courier.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <functional>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "daemon/hooks/message.hpp"
#include "daemon/log.hpp"
#include "daemon/queue_calls.hpp"
#include "queue/kill_point.hpp"

namespace genspool::daemon::hooks {

namespace asio = boost::asio;

namespace {

constexpr std::size_t events_a_read = 256;
constexpr std::size_t messages_a_read = 32;
constexpr std::size_t notes_a_read = 256;
constexpr std::size_t at_once = 4;
constexpr proto::Duration retry_pause{5'000};  ///< after the queue refused

// What a hook does not want is passed over in memory; retention wants to know of it only now and
// then.
constexpr std::uint64_t silent_events_max = 4'096;

Courier::Waiting waiting_in(const std::vector<queue::NoteEvent>& notes) {
    Courier::Waiting waiting;
    for (const queue::NoteEvent& note : notes) {
        const auto attempts = parse_attempts(note.value);
        if (attempts && !attempts->given_up) waiting[note.event] = *attempts;
    }
    return waiting;
}

}  // namespace

Courier::Courier(asio::any_io_executor executor, queue::Queue& queue, workers::Clock& clock,
                 Hook& hook, CourierOptions options, workers::TaskGroup::OnError on_error)
    : queue_(queue),
      clock_(clock),
      hook_(hook),
      options_(std::move(options)),
      cursor_name_(cursor_of(options_.name)),
      bell_(executor),
      attempts_(executor, std::move(on_error)),
      ended_(executor, asio::steady_timer::time_point::max()) {}

std::string Courier::cursor_of(const std::string& name) {
    return std::string(cursor_prefix) + name;
}

void Courier::start(workers::TaskGroup& group) {
    running_ = true;
    group.spawn("hook " + options_.name, work());
}

void Courier::on_events(proto::EventSeq last) {
    if (last <= last_) return;
    last_ = last;
    bell_.ring();
}

void Courier::cut_short() {
    stop_ = true;
    bell_.ring();
    attempts_.cancel_all();
}

asio::awaitable<void> Courier::stop() {
    cut_short();
    while (running_)
        co_await ended_.async_wait(asio::as_tuple(asio::use_awaitable));
}

Standing Courier::standing() const {
    Standing standing = standing_;
    standing.waiting = waiting_.size();
    standing.behind = last_.value > cursor_.value ? last_.value - cursor_.value : 0;
    return standing;
}

asio::awaitable<void> Courier::work() {
    while (true) {
        const bool cancelled = co_await is_cancelled();
        if (stop_ || cancelled) break;
        bool failed = false;
        bool more = false;
        try {
            if (!recovered_) co_await recover();
            const bool read = co_await forward();
            const bool tried = co_await retry_due();
            more = read || tried;
        } catch (const std::exception& error) {
            log(Level::error, "hook_trouble", {{"hook", options_.name}, {"error", error.what()}});
            failed = true;
        }
        if (failed) {
            co_await bell_.wait_until(clock_, clock_.now() + retry_pause);
        } else if (!more) {
            co_await bell_.wait_until(clock_, next_due());
        }
    }
    running_ = false;
    ended_.cancel();
}

asio::awaitable<void> Courier::recover() {
    bool known = false;
    proto::EventSeq last;
    proto::EventSeq cursor;
    std::function<void(const queue::Reader&)> read = [&](const queue::Reader& reader) {
        const std::vector<std::string> cursors = reader.cursors();
        known = std::ranges::find(cursors, cursor_name_) != cursors.end();
        last = reader.stats().last_event;
        cursor = known ? reader.cursor(cursor_name_) : last;
    };
    co_await look(queue_, read);
    last_ = std::max(last_, last);
    cursor_ = committed_ = cursor;
    const std::uint64_t asked = asked_again_;
    const std::vector<queue::NoteEvent> notes = co_await stored_notes();
    waiting_ = waiting_in(notes);
    // A hook that is new is told of what happens from now on; and retention is told what waits.
    std::vector<queue::NoteEvent> none;
    if (!known || !waiting_.empty()) co_await commit(cursor_, std::move(none));
    recovered_ = asked == asked_again_;
}

asio::awaitable<std::vector<queue::NoteEvent>> Courier::stored_notes() {
    std::vector<queue::NoteEvent> all;
    std::size_t count = 0;
    do {
        count = all.size();
        std::function<void(const queue::Reader&)> read = [&](const queue::Reader& reader) {
            const proto::EventSeq after = all.empty() ? proto::EventSeq{} : all.back().event;
            std::ranges::move(reader.event_notes(cursor_name_, after, notes_a_read),
                              std::back_inserter(all));
        };
        co_await look(queue_, std::move(read));
    } while (all.size() > count);
    co_return all;
}

/// Reads on in the log. True: there may be more.
asio::awaitable<bool> Courier::forward() {
    if (waiting_.size() >= options_.waiting_max || cursor_ >= last_) co_return false;
    Group group = co_await read_group();
    const std::vector<Outcome> outcomes = co_await tell_all(group.messages);
    if (outcomes.size() < group.messages.size()) {  // a stop; what was taken by then is noted
        if (outcomes.empty()) co_return false;
        group.upto = group.messages.at(outcomes.size() - 1).event.seq;
    }
    const bool silent = group.messages.empty();
    if (silent && group.upto.value - committed_.value < silent_events_max) {
        cursor_ = group.upto;
        co_return !group.at_end;
    }
    co_await settle(group.messages, outcomes, group.upto);
    co_return !group.at_end;
}

/// Tells again what is due. True: there may be more.
asio::awaitable<bool> Courier::retry_due() {
    if (next_due() > clock_.now()) co_return false;
    const Group group = co_await read_due();
    const std::vector<Outcome> outcomes = co_await tell_all(group.messages);
    co_await settle(group.messages, outcomes, cursor_);
    co_return true;
}

/// Writes down what came of the first of them, and that all up to `upto` was told.
asio::awaitable<void> Courier::settle(const std::vector<Message>& messages,
                                      const std::vector<Outcome>& outcomes, proto::EventSeq upto) {
    GENSPOOL_KILL_POINT("hooks.told");
    const proto::Instant now = clock_.now();
    std::vector<queue::NoteEvent> notes;
    std::size_t failed = 0;
    for (std::size_t at = 0; at < outcomes.size(); ++at) {
        const proto::EventSeq event = messages[at].event.seq;
        const auto waits = waiting_.find(event);
        if (outcomes[at].error.empty()) {
            ++standing_.taken;
            standing_.taken_at = now;
            if (waits == waiting_.end()) continue;
            notes.push_back(note(event, {}));
            waiting_.erase(waits);
            continue;
        }
        const Attempts before = waits == waiting_.end() ? Attempts{} : waits->second;
        const Attempts after = after_failure(before, outcomes[at], now);
        ++standing_.failed;
        standing_.failed_at = now;
        standing_.error = after.error;
        ++failed;
        if (after.given_up)
            log(Level::error, "hook_given_up",
                {{"hook", options_.name},
                 {"job", messages[at].event.id.text()},
                 {"event", std::to_string(event.value)},
                 {"error", after.error}});
        notes.push_back(note(event, show_attempts(after)));
        if (after.given_up) {
            waiting_.erase(event);
        } else {
            waiting_[event] = after;
        }
    }
    if (failed > 0)
        log(Level::warn, "hook_failed",
            {{"hook", options_.name},
             {"events", std::to_string(failed)},
             {"error", standing_.error}});
    co_await commit(upto, std::move(notes));
    GENSPOOL_KILL_POINT("hooks.committed");
}

asio::awaitable<void> Courier::commit(proto::EventSeq upto, std::vector<queue::NoteEvent> notes) {
    queue::Consume command = consume(upto, std::move(notes), waiting_);
    const queue::Answer answer = co_await ask(queue_, std::move(command));
    if (answer.errc != queue::Errc::ok) {
        recovered_ = false;  // what waits is what is stored
        throw std::runtime_error("the cursor was not taken: " + answer.detail);
    }
    cursor_ = committed_ = upto;
}

/// Events that wait are kept, and so are their jobs.
queue::Consume Courier::consume(proto::EventSeq upto, std::vector<queue::NoteEvent> notes,
                                const Waiting& waiting) const {
    queue::Consume consume;
    consume.cursor = cursor_name_;
    consume.upto = upto;
    consume.event_notes = std::move(notes);
    if (!waiting.empty()) consume.returns_to = waiting.begin()->first;
    return consume;
}

asio::awaitable<Courier::Group> Courier::read_group() {
    Group group;
    group.upto = cursor_;
    std::function<void(const queue::Reader&)> read = [this, &group](const queue::Reader& reader) {
        const auto events = reader.events(group.upto, events_a_read, std::nullopt);
        group.at_end = events.size() < events_a_read;
        for (const queue::EventRecord& event : events) {
            group.upto = event.seq;
            auto message = read_message(reader, event, false);
            if (message) group.messages.push_back(std::move(*message));
            if (group.messages.size() < messages_a_read) continue;
            group.at_end = false;
            break;
        }
    };
    co_await look(queue_, std::move(read));
    co_return group;
}

asio::awaitable<Courier::Group> Courier::read_due() {
    Group group;
    const proto::Instant now = clock_.now();
    std::vector<proto::EventSeq> due;
    for (const auto& [number, attempts] : waiting_)
        if (attempts.next <= now && due.size() < messages_a_read) due.push_back(number);
    std::vector<proto::EventSeq> gone;
    std::function<void(const queue::Reader&)> read = [&](const queue::Reader& reader) {
        for (const proto::EventSeq number : due) {
            auto message = read_one(reader, number);
            if (message) {
                group.messages.push_back(std::move(*message));
            } else {
                gone.push_back(number);
            }
        }
    };
    co_await look(queue_, std::move(read));
    for (const proto::EventSeq number : gone)
        waiting_.erase(number);
    co_return group;
}

/// Any event that may be told of, if it is still there. On the queue's thread.
std::optional<Message> Courier::read_one(const queue::Reader& reader,
                                         proto::EventSeq number) const {
    const auto events = reader.events({number.value - 1}, 1, std::nullopt);
    if (events.empty() || events.front().seq != number) return std::nullopt;
    return read_message(reader, events.front(), true);
}

/// `any`: also what it would not tell of by itself. On the queue's thread.
std::optional<Message> Courier::read_message(const queue::Reader& reader,
                                             const queue::EventRecord& event, bool any) const {
    if (!event.job || event.from == event.to) return std::nullopt;
    if (!any && !options_.tells.contains(event.to)) return std::nullopt;
    auto job = reader.find(event.job);
    if (!job || !hook_.wants(*job)) return std::nullopt;
    return make_message(event, std::move(*job), options_.source, options_.artifact_root,
                        clock_.now());
}

/// What came of the first of them: of all, unless there is a stop.
asio::awaitable<std::vector<Outcome>> Courier::tell_all(const std::vector<Message>& messages) {
    std::vector<std::optional<Outcome>> told(messages.size());
    std::size_t next = 0;
    // A hand whose attempt throws is gone; others take its place.
    while (next < messages.size() && !stop_) {
        for (std::size_t hand = 0; hand < std::min(at_once, messages.size()); ++hand)
            attempts_.spawn("tell " + options_.name, tell_some(messages, told, next));
        co_await attempts_.join();
    }
    std::vector<Outcome> outcomes;
    for (std::optional<Outcome>& outcome : told) {
        if (!outcome && stop_) break;
        if (!outcome) outcome.emplace().error = "the attempt ended with an error of ours";
        outcomes.push_back(std::move(*outcome));
    }
    co_return outcomes;
}

asio::awaitable<void> Courier::tell_some(const std::vector<Message>& messages,
                                         std::vector<std::optional<Outcome>>& told,
                                         std::size_t& next) {
    while (next < messages.size() && !stop_) {
        const std::size_t at = next++;
        Message message = messages[at];
        Outcome outcome = co_await hook_.tell(std::move(message));
        const bool cut_short = stop_ && !outcome.error.empty();
        if (!cut_short) told[at] = std::move(outcome);
    }
}

asio::awaitable<std::size_t> Courier::tell_again(Again which) {
    std::vector<queue::NoteEvent> found;
    if (which.event) {
        bool there = false;
        std::function<void(const queue::Reader&)> read = [&](const queue::Reader& reader) {
            there = read_one(reader, *which.event).has_value();
        };
        // What it has not read is still to be told.
        if (*which.event <= cursor_) co_await look(queue_, std::move(read));
        if (there) found.push_back(note(*which.event, {}));
    } else {
        found = co_await stored_notes();
    }
    if (found.empty()) co_return 0;
    Attempts fresh;
    fresh.next = clock_.now();
    for (queue::NoteEvent& each : found)
        each.value = show_attempts(fresh);
    const std::vector<queue::NoteEvent> stored = co_await stored_notes();
    Waiting waiting = waiting_in(stored);
    waiting[found.front().event] = fresh;
    queue::Errc answered = queue::Errc::stale;
    // The cursor may move while this is on its way.
    while (answered == queue::Errc::stale) {
        queue::Consume command = consume(committed_, found, waiting);
        const queue::Answer answer = co_await ask(queue_, std::move(command));
        answered = answer.errc;
    }
    if (answered != queue::Errc::ok) co_return 0;
    ++asked_again_;  // what waits is what is stored
    recovered_ = false;
    bell_.ring();
    co_return found.size();
}

queue::NoteEvent Courier::note(proto::EventSeq event, const std::string& value) const {
    return {event, cursor_name_, value};
}

proto::Instant Courier::next_due() const {
    proto::Instant due = proto::never;
    for (const auto& [event, attempts] : waiting_)
        due = std::min(due, attempts.next);
    return due;
}

}  // namespace genspool::daemon::hooks
