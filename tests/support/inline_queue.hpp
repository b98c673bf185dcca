#pragma once

#include <rocksdb/env.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "queue/core.hpp"
#include "queue/queue.hpp"
#include "queue/reader.hpp"
#include "tests/support/forgetful_disk.hpp"

namespace genspool::tests {

/// The real core on a disk in memory, answering at once on the caller's thread: the queue of every
/// simulation. Time is asked of `now`.
class InlineQueue : public queue::Queue {
public:
    InlineQueue(std::shared_ptr<ForgetfulDisk> disk, queue::QueueOptions options,
                std::function<proto::Instant()> now, std::uint64_t seed,
                proto::EventSeq marked = {})
        : env_(make_env(std::move(disk))),
          store_(store_options(env_.get())),
          random_(seed),
          now_(std::move(now)),
          core_(store_, std::move(options), now_(), random_, marked) {}

    void execute(queue::Command command, queue::OnAnswer on_answer) override {
        auto outcome = core_.execute(std::span(&command, 1), now_(), random_);
        wake_at_ = outcome.wake_at;
        if (on_answer) on_answer(std::move(outcome.answers.front()));
        if (listener_) listener_(outcome.last_event, outcome.work);
    }

    void read(std::function<void(const queue::Reader&)> look) override {
        const queue::CoreReader reader(core_);
        look(reader);
    }

    void on_commit(std::function<void(proto::EventSeq, bool)> listener) override {
        listener_ = std::move(listener);
    }

    /// Does what has come due. The simulation calls it whenever its clock has moved to wake_at().
    void tick() { execute(queue::Tick{}, {}); }
    proto::Instant wake_at() const { return wake_at_; }

    /// One command, answered.
    queue::Answer ask(queue::Command command) {
        queue::Answer answer;
        execute(std::move(command), [&](queue::Answer given) { answer = std::move(given); });
        return answer;
    }

    /// Several commands in one turn, and so in one commit.
    std::vector<queue::Answer> ask_at_once(const std::vector<queue::Command>& commands) {
        auto outcome = core_.execute(commands, now_(), random_);
        wake_at_ = outcome.wake_at;
        if (listener_) listener_(outcome.last_event, outcome.work);
        return std::move(outcome.answers);
    }

    const queue::Core& core() const { return core_; }

private:
    static queue::StoreOptions store_options(rocksdb::Env* env) {
        queue::StoreOptions options;
        options.path = "/db";
        options.env = env;
        options.background = false;
        options.tables_max = 8;
        return options;
    }

    std::unique_ptr<rocksdb::Env> env_;
    queue::Store store_;
    queue::Random random_;
    std::function<proto::Instant()> now_;
    queue::Core core_;
    proto::Instant wake_at_ = proto::never;
    std::function<void(proto::EventSeq, bool)> listener_;
};

}  // namespace genspool::tests
