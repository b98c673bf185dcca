#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/support/inline_queue.hpp"

namespace genspool::tests {

/// A queue with random users, random workers, a lying upstream and a disk that forgets: every
/// command the queue knows, crashes at any moment, and after each the question whether the promises
/// hold. Everything follows from the seed. Broken promises gather in broken(); it goes on after the
/// first.
class QueueWorld {
public:
    explicit QueueWorld(std::uint64_t seed);

    /// One random thing: a user's, a worker's, time passing, or a crash.
    void step();
    /// The power goes, and the queue starts on what the disk kept.
    void crash();
    /// With the faults off, works until nothing moves any more; then every job must be at its end,
    /// or wait for a person.
    void finish();
    /// Holds what is on disk and in memory against everything that was ever answered.
    void check();

    ForgetfulDisk& disk() { return *disk_; }
    const std::vector<std::string>& broken() const { return broken_; }
    std::uint64_t transitions() const { return transitions_; }
    std::uint64_t crashes() const { return crashes_; }

private:
    struct Promise {
        proto::JobId id;
        std::string principal;
    };

    void open();
    queue::Answer ask(queue::Command command);
    std::vector<queue::Answer> ask_at_once(std::vector<queue::Command> commands);
    void admit();
    void import_some();
    void claim();
    void work(bool kindly);
    void act();
    void govern();
    void repeat();
    void report_late();
    bool is_out(proto::JobSeq job) const;
    void pass_time();
    bool settled();
    void note_ends();
    std::uint64_t upstream_now(const queue::Work& work);

    queue::Report report_for(const queue::Work& work, bool kindly);
    queue::Report submit_report(const queue::Work& work, bool kindly);
    queue::Report poll_report(const queue::Work& work, bool kindly);
    queue::Report fetch_report(const queue::Work& work, bool kindly);
    proto::Refusal random_refusal();
    void configure();
    void broke(std::string what);
    std::uint64_t roll(std::uint64_t bound) { return random_.below(bound); }
    bool chance(std::uint64_t percent) { return roll(100) < percent; }

    std::uint64_t seed_;
    queue::Random random_;
    std::shared_ptr<ForgetfulDisk> disk_;
    std::unique_ptr<InlineQueue> queue_;
    proto::Instant now_{proto::Duration(1'800'000'000'000)};
    std::uint32_t limit_ = 3;

    std::vector<Promise> promised_;                    ///< jobs that were acknowledged
    std::set<proto::JobSeq> ended_;                    ///< so long ago that retention may take them
    std::set<proto::BatchSeq> open_batches_;           ///< being imported
    std::map<proto::BatchSeq, std::uint64_t> sealed_;  ///< acknowledged seals, with their jobs
    std::map<std::string, proto::JobId> keys_;         ///< idempotency keys that were answered
    std::set<std::pair<proto::JobSeq, proto::Send>> wire_;  ///< paid requests that went out
    std::vector<queue::Work> out_;                          ///< steps that workers are doing
    std::vector<queue::Command> answered_;                  ///< sent again now and then
    std::vector<std::string> broken_;
    std::uint64_t tasks_ = 0;
    std::uint64_t lines_ = 0;
    std::uint64_t transitions_ = 0;
    std::uint64_t crashes_ = 0;
    proto::EventSeq last_event_;
};

}  // namespace genspool::tests
