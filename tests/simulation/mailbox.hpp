#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "tests/support/inline_queue.hpp"

namespace genspool::simulation {

/// The queue as a process knows it: a mailbox whose letters are worked off together, in one commit,
/// whenever the world lets the queue's thread have a turn. When the process dies nobody is answered
/// any more; what still waits then, and whoever asks later, is told that it is dead, so that every
/// coroutine finds its end.
class Mailbox : public queue::Queue {
public:
    explicit Mailbox(tests::InlineQueue& queue) : queue_(queue) {}

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
    std::vector<Letter> mail_;
    bool dead_ = false;
};

}  // namespace genspool::simulation
