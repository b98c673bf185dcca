#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "tests/support/inline_queue.hpp"

namespace genspool::simulation {

/// Sees what the queue is asked in a turn, and what it answers.
class Witness {
public:
    virtual ~Witness() = default;

    /// Before the turn, which may fail and yet be on the disk.
    virtual void asked(const std::vector<queue::Command>& commands) = 0;
    /// After it, with the queue's time.
    virtual void answered(const std::vector<queue::Command>& commands,
                          const std::vector<queue::Answer>& answers, proto::Instant now) = 0;
};

/// The queue as a process knows it: a mailbox whose letters are worked off together, in one commit,
/// whenever the world lets the queue's thread have a turn. When the process dies nobody is answered
/// any more; what still waits then, and whoever asks later, is told that it is dead, so that every
/// coroutine finds its end.
class Mailbox : public queue::Queue {
public:
    Mailbox(tests::InlineQueue& queue, Witness& witness) : queue_(queue), witness_(witness) {}

    void execute(queue::Command command, queue::OnAnswer on_answer) override;
    /// Throws once the process is dead.
    void read(std::function<void(const queue::Reader&)> look) override;
    void on_commit(std::function<void(proto::EventSeq, bool)> listener) override;

    bool has_mail() const { return !mail_.empty(); }
    /// Works off what has gathered, and what has come due. False: the disk failed a commit, and the
    /// process ends itself.
    bool turn(bool due);
    void die();
    bool dead() const { return dead_; }

private:
    struct Asked {
        queue::Command command;
        queue::OnAnswer on_answer;
    };
    using Look = std::function<void(const queue::Reader&)>;
    using Letter = std::variant<Asked, Look>;

    tests::InlineQueue& queue_;
    Witness& witness_;
    std::vector<Letter> mail_;
    bool dead_ = false;
};

}  // namespace genspool::simulation
