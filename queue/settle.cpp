#include "queue/settle.hpp"

#include <algorithm>

#include "queue/backoff.hpp"
#include "queue/keys.hpp"

namespace genspool::queue {
namespace {

using proto::Artifact;
using proto::JobRecord;

bool resubmit_wanted(const JobRecord& record) {
    using Policy = proto::OnUnknown::Policy;
    switch (record.on_unknown.policy) {
        case Policy::hold:
            return false;
        case Policy::resubmit:
            return true;
        case Policy::resubmit_up_to:
            return record.quote && record.quote->amount <= record.on_unknown.up_to;
    }
    return false;
}

/// For so long a send in doubt is looked for before a person is asked.
proto::Duration search_window(const Turn& turn, const JobRecord& record) {
    return record.listed_as.empty() ? proto::Duration(0) : op_of(turn, record).unknown_window;
}

bool still_to_come(const Artifact& artifact) {
    return artifact.status == Artifact::Status::open || artifact.status == Artifact::Status::named;
}

}  // namespace

bool may_buy_again(const Turn& turn, const JobRecord& record, proto::Micros freed) {
    if (record.charged >= record.max_attempts) return false;
    if (record.deadline && *record.deadline <= turn.now) return false;
    if (!record.max_cost) return true;
    if (!record.quote) return false;
    const proto::Micros sunk = record.reserved + record.spent + record.uncertain - freed;
    return sunk + record.quote->amount <= *record.max_cost;
}

void back_off(Turn& turn, JobRecord& record) {
    ++record.backoffs;
    record.ready_at = turn.now + backoff(record.backoffs, turn.options.retry_base,
                                         turn.options.retry_cap, turn.random);
}

void give_up_search(Turn& turn, JobRecord& record) {
    const std::string why = record.reason;
    if (resubmit_wanted(record) && may_buy_again(turn, record, 0)) {
        back_off(turn, record);
        apply(turn, record, proto::Event::resubmit, {why + "; on_unknown allows another purchase"});
        return;
    }
    apply(turn, record, proto::Event::given_up,
          {why + "; say what became of it with resolve, or buy it again with retry --again"});
}

void fail_late(Turn& turn, JobRecord& record) {
    const std::string why = "the deadline passed before it could be submitted";
    record.failure =
        proto::Failure{proto::FailureClass::deadline, "deadline", why, true, false, {}};
    apply(turn, record, proto::Event::deadline, {why});
}

void mark_ambiguous(Turn& turn, JobRecord& record, const std::string& why) {
    const proto::Duration window = search_window(turn, record);
    record.ready_at = turn.now + window;
    apply(turn, record, proto::Event::ambiguous, {why});
    if (window.count() == 0) give_up_search(turn, record);
}

proto::Instant in_doubt_since(const Turn& turn, const JobRecord& record) {
    // The end of the window is on record, and stays there while the job is held. updated_at would
    // count anew from each patch. A release that makes the window longer takes some for older than
    // they are: but none for older than its send.
    return std::max(record.sent_at, record.ready_at - search_window(turn, record));
}

bool adopt_tasks(Turn& turn, JobRecord& record, const std::vector<std::string>& tasks) {
    for (const std::string& task : tasks) {
        const auto owner = turn.plan.row<TaskRow>(keys::task(record.account, task));
        if (owner && owner->job != record.seq) return false;
    }
    for (const std::string& task : tasks) {
        turn.plan.put(keys::task(record.account, task), encode(TaskRow{record.seq, record.send}));
        const auto known =
            std::find_if(record.tasks.begin(), record.tasks.end(), [&](const proto::Task& own) {
                return own.id == task && own.account == record.account;
            });
        if (known == record.tasks.end()) {
            record.tasks.push_back({task, record.account, record.send, proto::Task::Status::open});
        } else {
            known->send = record.send;
            known->status = proto::Task::Status::open;
        }
    }
    return true;
}

bool finish_fetching(Turn& turn, JobRecord& record) {
    std::size_t home = 0;
    std::size_t lost = 0;
    const Artifact* first_lost = nullptr;
    for (const Artifact& artifact : record.artifacts) {
        if (artifact.source.send != record.send) continue;  // of an earlier purchase; kept as it is
        if (still_to_come(artifact)) return false;
        if (artifact.status == Artifact::Status::home) ++home;
        if (artifact.status == Artifact::Status::lost) {
            ++lost;
            if (first_lost == nullptr) first_lost = &artifact;
        }
    }
    if (first_lost != nullptr && first_lost->failure) record.failure = first_lost->failure;
    // A task may end with a result and no file.
    if (lost == 0 && (home > 0 || !record.result.empty())) {
        apply(turn, record, proto::Event::fetched);
    } else if (home > 0) {
        apply(turn, record, proto::Event::fetched_some,
              {std::to_string(lost) + " of " + std::to_string(home + lost) +
               " artifacts are missing"});
    } else {
        if (!record.failure) {
            record.failure = proto::Failure{proto::FailureClass::artifact,
                                            "artifact.none",
                                            "the upstream finished without any artifact",
                                            false,
                                            false,
                                            {}};
        }
        apply(turn, record, proto::Event::fetched_none, {record.failure->message});
    }
    return true;
}

void lose_the_rest(JobRecord& record, const proto::Failure& failure) {
    for (Artifact& artifact : record.artifacts) {
        if (artifact.source.send != record.send || !still_to_come(artifact)) continue;
        artifact.status = Artifact::Status::lost;
        artifact.failure = failure;
    }
}

}  // namespace genspool::queue
