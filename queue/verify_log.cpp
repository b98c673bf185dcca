#include <algorithm>
#include <unordered_map>

#include "queue/keys.hpp"
#include "queue/setback.hpp"
#include "queue/verify_check.hpp"

namespace genspool::queue {
namespace {

using proto::State;

bool in_table(const EventRecord& event) {
    return std::any_of(
        proto::transitions.begin(), proto::transitions.end(), [&](const proto::Transition& row) {
            return row.from == event.from && row.on == event.event && row.to == event.to;
        });
}

std::string name_of(std::uint64_t event) {
    return "event " + std::to_string(event);
}

/// The log from its oldest event on, held against where the jobs are.
class Log {
public:
    explicit Log(Check& check) : check_(check) {}

    void read() {
        check_.each(keys::event_family, 9, Check::Ending::exact,
                    [this](std::string_view key, std::string_view value) {
                        const std::uint64_t number = keys::get_u64(key, 1);
                        ++check_.verdict.events;
                        if (next_ != 0 && !follows({number}, {next_ - 1}))
                            check_.broken(name_of(next_) + " is missing");
                        next_ = number + 1;
                        const auto event = check_.read<EventRecord>(value, name_of(number));
                        if (event) look_at(number, *event);
                    });
        const std::uint64_t newest = check_.counters.next_event;
        if (next_ != 0 && !follows({newest}, {next_ - 1}))
            check_.broken("the newest events are missing: " + name_of(next_) + " and on");
    }

    void check_states() {
        for (const auto& [job, state] : last_) {
            const KnownJob* const known = check_.find(job);
            const State now = known == nullptr ? State::absent : known->state;
            if (now == state) continue;
            check_.broken(check_.name(job) + " is " + std::string(proto::to_string(now)) +
                          ", its last event says " + std::string(proto::to_string(state)));
        }
        // The members of a batch have one event in common: its seal.
        for (const KnownJob& job : check_.jobs) {
            if (!job.batch && oldest_ && job.created_at > *oldest_ && !last_.contains(job.seq))
                check_.broken(check_.name(job.seq) + " has no event in the log");
        }
    }

    void check_histories() {
        std::uint64_t rows = 0;
        check_.each(keys::history_family, 17, Check::Ending::exact,
                    [&](std::string_view, std::string_view) { ++rows; });
        if (rows == in_histories_) return;
        check_.each(keys::history_family, 17, Check::Ending::exact,
                    [&](std::string_view key, std::string_view) {
                        const proto::JobSeq job{keys::get_u64(key, 1)};
                        const std::uint64_t number = keys::get_u64(key, 9);
                        const auto value = check_.store.get(keys::event({number}));
                        const auto event = value ? decode<EventRecord>(*value) : std::nullopt;
                        if (!event || event->job != job)
                            check_.broken("the history of " + check_.name(job) + " names " +
                                          name_of(number) + ", which is not there");
                    });
    }

private:
    void look_at(std::uint64_t number, const EventRecord& event) {
        if (event.seq.value != number)
            check_.broken(name_of(number) + " is an event under another's number");
        if (event.at < now_) check_.broken(name_of(number) + " is older than the one before it");
        now_ = event.at;
        if (!oldest_) oldest_ = event.at;
        if (!event.job) return;
        if (!in_table(event)) check_.broken(name_of(number) + " is no transition of the lifecycle");
        const auto known = last_.find(event.job);
        if (known != last_.end() && known->second != event.from)
            check_.broken(name_of(number) + " does not follow from the one before of its job");
        last_[event.job] = event.to;
        look_at_send(number, event);
        if (check_.find(event.job) == nullptr) return;  // its history went with it
        if (check_.store.get(keys::history(event.job, event.seq))) {
            ++in_histories_;
        } else {
            check_.broken(name_of(number) + " is not in the history of " + check_.name(event.job));
        }
    }

    void look_at_send(std::uint64_t number, const EventRecord& event) {
        const KnownJob* const job = check_.find(event.job);
        // A preparation that came to nothing gives its number back.
        const bool may_be_given_back =
            event.event == proto::Event::claimed_prepare || event.from == State::preparing;
        if (job != nullptr && event.send > job->send + (may_be_given_back ? 1 : 0))
            check_.broken(name_of(number) + " speaks of a send of " + check_.name(job->seq) +
                          " that never was");
        const bool buys = event.to == State::submitting && event.from != State::submitting;
        if (buys && !check_.store.get(keys::ledger(event.job, event.send)))
            check_.broken("send " + std::to_string(event.send) + " of " + check_.name(event.job) +
                          " is not in the ledger");
    }

    Check& check_;
    std::uint64_t next_ = 0;
    proto::Instant now_{};
    std::optional<proto::Instant> oldest_;
    std::uint64_t in_histories_ = 0;
    std::unordered_map<proto::JobSeq, State> last_;
};

void check_cursors(Check& check) {
    check.each(keys::cursor_family, 1, Check::Ending::text,
               [&](std::string_view key, std::string_view value) {
                   const std::string name(key.substr(1));
                   if (value.size() != 8 && value.size() != 16)
                       return check.broken("the row of cursor " + name + " is corrupt");
                   const std::uint64_t upto = keys::get_u64(value, 0);
                   if (upto >= check.counters.next_event)
                       check.broken("cursor " + name + " stands beyond the newest event");
                   if (value.size() == 16 && keys::get_u64(value, 8) > upto)
                       check.broken("cursor " + name + " lets go of events that it has not read");
               });
}

void check_event_notes(Check& check) {
    check.each(keys::event_note_family, 10, Check::Ending::text,
               [&](std::string_view key, std::string_view) {
                   const proto::EventSeq event{keys::get_u64(key, 1)};
                   if (!check.store.get(keys::event(event)))
                       check.broken("the note " + std::string(key.substr(9)) + " is on " +
                                    name_of(event.value) + ", which is not there");
               });
}

}  // namespace

void check_log(Check& check) {
    Log log(check);
    log.read();
    log.check_states();
    log.check_histories();
    check_cursors(check);
    check_event_notes(check);
}

}  // namespace genspool::queue
