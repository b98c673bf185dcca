#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/inline_queue.hpp"
#include "tests/support/job_factory.hpp"

namespace genspool::tests {

/// A queue on a disk in memory, under the case's own clock, with one account "main" unless told
/// otherwise. Whatever a case leaves on disk is verified when the queue goes.
class TestQueue {
public:
    explicit TestQueue(queue::QueueOptions options = queue_options(),
                       std::vector<queue::AccountSetup> accounts = {account("main")});
    ~TestQueue();
    TestQueue(const TestQueue&) = delete;
    TestQueue& operator=(const TestQueue&) = delete;

    queue::Answer ask(queue::Command command) { return queue_->ask(std::move(command)); }
    /// Several commands in one turn, and so in one commit.
    std::vector<queue::Answer> ask_at_once(std::vector<queue::Command> commands);
    void configure(std::vector<queue::AccountSetup> accounts);

    proto::JobSeq admit(queue::AdmitOne job = video_job());
    proto::BatchSeq open_batch(queue::BatchSource source = queue::BatchSource::http,
                               std::string identity = {});
    /// Admits lines 1, 2, … of the batch; answers how many were accepted.
    std::uint32_t add(proto::BatchSeq batch, std::vector<queue::AdmitOne> jobs,
                      std::string progress = {});
    void seal(proto::BatchSeq batch) { ask(queue::Seal{batch, "hash"}); }

    /// Plenty of every kind of work.
    std::vector<queue::Work> claim();
    /// The one step that there is.
    queue::Work claim_one();
    queue::Answer report(const queue::Work& work, queue::Report report);
    queue::Answer act(proto::JobSeq job, queue::Verb verb, bool again = false,
                      std::vector<std::string> tasks = {});

    /// A job brought so far; its next step, not yet answered where there is one.
    queue::Work submitting(queue::AdmitOne job = video_job());
    queue::Work running(const std::string& task = "task-1", queue::AdmitOne job = video_job());
    queue::Work fetching(std::size_t artifacts = 1, queue::AdmitOne job = video_job());

    void pass(proto::Duration span);
    /// The process ends as kill -9 would end it; the next one starts.
    void restart();
    /// What is due is done until nothing is.
    void settle();

    proto::JobRecord record(proto::JobSeq job) const;
    proto::State state(proto::JobSeq job) const { return record(job).state; }
    bool exists(proto::JobSeq job) const;
    /// The events of a job in words: "admitted claimed taken".
    std::string story(proto::JobSeq job) const;
    /// Its rows in words: "spent 490000, reserved 490000".
    std::string money(proto::JobSeq job) const;
    std::uint32_t taken(const std::string& slot_class = "video",
                        const std::string& name = "main") const;
    queue::Stats stats() const;
    std::vector<std::string> broken() const;

    template <class Look>
    void read(Look look) const {
        queue_->read(look);
    }

    proto::Instant now{proto::Duration(1'800'000'000'000)};
    std::shared_ptr<ForgetfulDisk> disk = std::make_shared<ForgetfulDisk>();
    queue::QueueOptions options;
    InlineQueue& inner() { return *queue_; }
    const queue::Core& core() const { return queue_->core(); }

private:
    void open();
    queue::Work claim_for(proto::JobSeq job, const queue::Claim& claim);

    std::vector<queue::AccountSetup> accounts_;
    std::unique_ptr<InlineQueue> queue_;
    queue::Random random_{1};
};

/// The upstream's refusal of a paid request.
queue::Refused refused_as(proto::FailureClass failure, proto::OnCreate on_create,
                          proto::Scope scope = proto::Scope::none,
                          proto::Clearing clearing = proto::Clearing::after_delay);
/// The upstream's refusal of a query.
queue::QueryRefused query_refused(proto::OnQuery on_query,
                                  proto::FailureClass failure = proto::FailureClass::transient);
/// The upstream's whole list, as far as it shows what is looked for, and when its reading began.
queue::Searched seen(std::vector<proto::Listed> alike, proto::Instant begun = {});
/// So many films, each behind a handle.
std::vector<proto::Artifact> films(std::size_t count);
queue::Idempotency key(const std::string& name, const std::string& body = "the body");

inline constexpr proto::Duration second{1'000};
inline constexpr proto::Duration minute{60'000};
inline constexpr proto::Duration hour{3'600'000};
inline constexpr proto::Duration day{86'400'000};

}  // namespace genspool::tests
