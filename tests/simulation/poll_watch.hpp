#pragma once

#include <array>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "queue/commands.hpp"
#include "tests/simulation/mailbox.hpp"

namespace genspool::simulation {

/// Holds the polls that the queue hands out against the times that were told it, and against the
/// hints it was given: before its time a task is asked for only after a hint, and for hints alone
/// no more often than hint_gap allows.
class PollWatch : public Witness {
public:
    /// Whose task this is, by what the upstream has sold; 0: nobody's, or not of that account.
    using Owner = std::function<proto::JobSeq(const std::string& account, const std::string& task)>;

    PollWatch(Owner owner, std::function<void(std::string)> broke)
        : owner_(std::move(owner)), broke_(std::move(broke)) {}

    void asked(const std::vector<queue::Command>& commands) override;
    void answered(const std::vector<queue::Command>& commands,
                  const std::vector<queue::Answer>& answers, proto::Instant now) override;

    /// A process starts: it knows no time, and no hint.
    void begin() { polls_.clear(); }
    /// It has moved: when it is polled next is the queue's to say.
    void moved(proto::JobSeq job) { forget_due(job); }

    /// Whether a worker has reported of the job, or a person has spoken of it, since the last
    /// forget_reports().
    bool is_reported(proto::JobSeq job) const { return reported_.contains(job); }
    /// Whether a person has said, of this job, that it may be bought a second time; likewise.
    bool said_again(proto::JobSeq job) const { return again_.contains(job); }
    void forget_reports() {
        reported_.clear();
        again_.clear();
    }

private:
    struct Poll {
        std::optional<proto::Instant> due;  ///< as the engine said last; nullopt: nobody knows
        bool hinted = false;                ///< since it was last handed out
        bool set_free = false;              ///< likewise: by a new configuration
        // As it was handed out last: with another one it is due anew.
        proto::State state = proto::State::running;
        bool overdue = false;
        std::array<proto::Instant, 2> hastened{};  ///< the last ones, the latest first
    };

    void forget_due(proto::JobSeq job);
    void note_report(const queue::Advance& report, const queue::Answer& answer);
    void note_hint(const queue::Hint& hint);
    void note_poll(const proto::JobRecord& record, proto::Instant now);

    Owner owner_;
    std::function<void(std::string)> broke_;
    std::unordered_map<proto::JobSeq, Poll> polls_;
    std::set<proto::JobSeq> reported_;
    std::set<proto::JobSeq> again_;
};

}  // namespace genspool::simulation
