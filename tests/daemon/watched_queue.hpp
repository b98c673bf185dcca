#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "daemon/commit_feed.hpp"
#include "tests/support/forgetful_disk.hpp"
#include "tests/support/inline_queue.hpp"
#include "tests/support/job_factory.hpp"

namespace genspool::tests {

/// A queue on a disk in memory, whose reads are counted, and held back where a test says so. Time
/// stands still.
class WatchedQueue : public queue::Queue {
public:
    explicit WatchedQueue(daemon::CommitFeed& feed)
        : core_(std::make_shared<ForgetfulDisk>(), queue_options(), [] { return start; }, 7) {
        core_.on_commit([&feed](proto::EventSeq last, bool) { feed.committed(last); });
    }

    void execute(queue::Command command, queue::OnAnswer on_answer) override {
        core_.execute(std::move(command), std::move(on_answer));
    }
    void read(std::function<void(const queue::Reader&)> look) override {
        ++reads_;
        if (hold_) {
            held_.push_back(std::move(look));
        } else {
            core_.read(std::move(look));
        }
    }
    void on_commit(std::function<void(proto::EventSeq, bool)> listener) override {
        core_.on_commit(std::move(listener));
    }

    void hold() { hold_ = true; }
    void release() {
        hold_ = false;
        for (auto& look : std::exchange(held_, {}))
            core_.read(std::move(look));
    }
    int reads() const { return reads_; }

    /// A new job, and its end.
    proto::JobSeq admit() {
        const auto answer = core_.ask(queue::Admit{video_job()});
        return std::get<queue::Admitted>(answer.body).id.seq();
    }
    void cancel(proto::JobSeq job) {
        queue::Act cancel;
        cancel.job = job;
        cancel.actor.admin = true;
        core_.ask(cancel);
    }

private:
    static constexpr proto::Instant start{std::chrono::milliseconds{1'800'000'000'000}};

    InlineQueue core_;
    bool hold_ = false;
    int reads_ = 0;
    std::vector<std::function<void(const queue::Reader&)>> held_;
};

}  // namespace genspool::tests
