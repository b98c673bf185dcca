#include "tests/simulation/poll_watch.hpp"

#include <utility>
#include <variant>

namespace genspool::simulation {
namespace {

/// One poll in so long is what hints may bring about, as docs/decisions/0017 has it.
constexpr proto::Duration hint_gap{5'000};

std::optional<proto::Instant> next_poll(const queue::Report& report) {
    if (const auto* taken = std::get_if<queue::TakenUp>(&report)) return taken->poll_at;
    if (const auto* unchanged = std::get_if<queue::Unchanged>(&report)) return unchanged->poll_at;
    if (const auto* refused = std::get_if<queue::QueryRefused>(&report)) return refused->poll_at;
    return std::nullopt;
}

}  // namespace

void PollWatch::asked(const std::vector<queue::Command>& commands) {
    for (const queue::Command& command : commands) {
        if (const auto* advance = std::get_if<queue::Advance>(&command))
            reported_.insert(advance->job);
        const auto* act = std::get_if<queue::Act>(&command);
        if (act == nullptr) continue;
        reported_.insert(act->job);
        if (act->again) again_.insert(act->job);
    }
}

void PollWatch::answered(const std::vector<queue::Command>& commands,
                         const std::vector<queue::Answer>& answers, proto::Instant now) {
    for (std::size_t n = 0; n < commands.size(); ++n) {
        if (const auto* advance = std::get_if<queue::Advance>(&commands[n])) {
            note_report(*advance, answers[n]);
        } else if (const auto* act = std::get_if<queue::Act>(&commands[n])) {
            forget_due(act->job);
        } else if (std::holds_alternative<queue::Configure>(commands[n])) {
            // Tasks of accounts that are back are asked for at once; of those that are out just
            // now, the next time.
            for (auto& [job, poll] : polls_)
                poll.set_free = true;
        } else if (const auto* hint = std::get_if<queue::Hint>(&commands[n])) {
            note_hint(*hint);
        } else if (const auto* claimed = std::get_if<queue::Claimed>(&answers[n].body)) {
            for (const queue::Work& work : claimed->work)
                if (work.kind == queue::WorkKind::poll) note_poll(work.record, now);
        }
    }
}

void PollWatch::forget_due(proto::JobSeq job) {
    const auto known = polls_.find(job);
    if (known != polls_.end()) known->second.due.reset();
}

void PollWatch::note_report(const queue::Advance& report, const queue::Answer& answer) {
    if (answer.errc == queue::Errc::ok) polls_[report.job].due = next_poll(report.report);
}

void PollWatch::note_hint(const queue::Hint& hint) {
    const proto::JobSeq job = owner_(hint.account, hint.task);
    if (job) polls_[job].hinted = true;
}

void PollWatch::note_poll(const proto::JobRecord& record, proto::Instant now) {
    Poll& poll = polls_[record.seq];
    const bool same = poll.state == record.state && poll.overdue == record.overdue;
    const bool set_free = std::exchange(poll.set_free, false);
    const bool early = poll.due && same && !set_free && now < *poll.due;
    const bool hinted = std::exchange(poll.hinted, false);
    poll.state = record.state;
    poll.overdue = record.overdue;
    poll.due.reset();
    if (!early) return;
    if (!hinted)
        broke_("job " + record.id.text() + " is asked for before its time, and nobody hinted");
    // One may be late by itself, but no two of them.
    if (now < poll.hastened[1] + hint_gap)
        broke_("job " + record.id.text() + " is asked for three times in five seconds for hints");
    poll.hastened = {now, poll.hastened[0]};
}

}  // namespace genspool::simulation
