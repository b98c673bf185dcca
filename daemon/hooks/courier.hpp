#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/bell.hpp"
#include "daemon/hooks/attempts.hpp"
#include "daemon/hooks/hook.hpp"
#include "queue/queue.hpp"
#include "workers/clock.hpp"
#include "workers/task_group.hpp"

namespace genspool::daemon::hooks {

struct CourierOptions {
    std::string name;              ///< of the hook, as people know it
    std::set<proto::State> tells;  ///< that a job has come to one of these
    std::string source;            ///< of its CloudEvents
    std::string artifact_root;
    std::size_t waiting_max =
        1'000;  ///< events that wait for another attempt; then no more is read
};

/// How a hook fares; what is counted is since the start.
struct Standing {
    std::uint64_t taken = 0;
    std::uint64_t failed = 0;   ///< attempts
    std::uint64_t waiting = 0;  ///< events that wait for another attempt
    std::uint64_t behind = 0;   ///< events of the log that it has not read yet
    std::optional<proto::Instant> taken_at;
    std::optional<proto::Instant> failed_at;
    std::string error;  ///< of the last attempt that failed
};

/// Which events to tell anew.
struct Again {
    std::optional<proto::EventSeq> event;  ///< this one; else all that were not taken so far
};

/// Tells one hook of the event log, in its order but for what has to be told again: a reader with a
/// stored cursor of its own. What a hook did not take is noted on the event in the commit that
/// moves the cursor past it, and tried again over hours; so each event is told at least once, and
/// after a crash some are told twice, under the same id. Event-loop thread only. What it is built
/// from must outlive it, and it the group it was started in.
class Courier {
public:
    Courier(boost::asio::any_io_executor executor, queue::Queue& queue, workers::Clock& clock,
            Hook& hook, CourierOptions options, workers::TaskGroup::OnError on_error);

    /// The names of its cursors; all that begin with `cursor_prefix` are some hook's.
    static constexpr std::string_view cursor_prefix = "hook:";
    static std::string cursor_of(const std::string& name);

    void start(workers::TaskGroup& group);

    /// There are events up to `last`. Cheap; called after each commit.
    void on_events(proto::EventSeq last);

    /// Attempts on their way are given up, and made anew after the next start.
    void cut_short();
    /// The same, and returns when nothing runs any more. Tolerates never-started and double stop.
    boost::asio::awaitable<void> stop();

    /// How many events will be told anew, as soon as may be.
    boost::asio::awaitable<std::size_t> tell_again(Again which);

    const std::string& name() const { return options_.name; }
    const std::set<proto::State>& tells() const { return options_.tells; }
    Standing standing() const;

    /// What waits for another attempt.
    using Waiting = std::map<proto::EventSeq, Attempts>;

private:
    /// What was read of the log: what to tell, and how far that is.
    struct Group {
        std::vector<Message> messages;
        proto::EventSeq upto;
        bool at_end = false;
    };

    boost::asio::awaitable<void> work();
    boost::asio::awaitable<void> recover();
    boost::asio::awaitable<std::vector<queue::NoteEvent>> stored_notes();
    boost::asio::awaitable<bool> forward();
    boost::asio::awaitable<bool> retry_due();
    boost::asio::awaitable<void> settle(const std::vector<Message>& messages,
                                        const std::vector<Outcome>& outcomes, proto::EventSeq upto);
    boost::asio::awaitable<Group> read_group();
    boost::asio::awaitable<Group> read_due();
    boost::asio::awaitable<std::vector<Outcome>> tell_all(const std::vector<Message>& messages);
    boost::asio::awaitable<void> tell_some(const std::vector<Message>& messages,
                                           std::vector<std::optional<Outcome>>& told,
                                           std::size_t& next);
    boost::asio::awaitable<void> commit(proto::EventSeq upto, std::vector<queue::NoteEvent> notes);
    queue::Consume consume(proto::EventSeq upto, std::vector<queue::NoteEvent> notes,
                           const Waiting& waiting) const;
    std::optional<Message> read_one(const queue::Reader& reader, proto::EventSeq number) const;
    std::optional<Message> read_message(const queue::Reader& reader,
                                        const queue::EventRecord& event, bool any) const;
    queue::NoteEvent note(proto::EventSeq event, const std::string& value) const;
    proto::Instant next_due() const;

    queue::Queue& queue_;
    workers::Clock& clock_;
    Hook& hook_;
    CourierOptions options_;
    std::string cursor_name_;
    Bell bell_;
    workers::TaskGroup attempts_;
    boost::asio::steady_timer ended_;  ///< never expires; cancelled when the task ends
    Waiting waiting_;                  ///< `work`'s alone
    proto::EventSeq cursor_;           ///< worked on up to here
    proto::EventSeq committed_;        ///< the same, as it is stored
    proto::EventSeq last_;             ///< the last event heard of
    Standing standing_;
    bool recovered_ = false;         ///< what is in memory is what is stored
    std::uint64_t asked_again_ = 0;  ///< how often somebody else has stored what is to be told
    bool stop_ = false;
    bool running_ = false;
};

}  // namespace genspool::daemon::hooks
