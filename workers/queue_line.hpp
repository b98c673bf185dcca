#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "queue/queue.hpp"

namespace genspool::workers {

/// The engine's line to the queue: a command in, its answer awaited on the event loop. Answers that
/// come from one commit are brought over in one turn of the loop. Event-loop thread only.
class QueueLine {
public:
    QueueLine(boost::asio::any_io_executor executor, queue::Queue& queue);
    ~QueueLine();

    /// The answer, once what it says is on disk. Cancelling the caller does not cut it short: the
    /// command is with the queue.
    boost::asio::awaitable<queue::Answer> ask(queue::Command command);

    /// The job as it stands; nullopt: there is none.
    boost::asio::awaitable<std::optional<proto::JobRecord>> find(proto::JobSeq job);

    /// Whether the queue is paused because it was put back to an earlier state.
    boost::asio::awaitable<bool> was_set_back();

    /// Whether a file that was handed in is kept.
    boost::asio::awaitable<bool> has_blob(std::string sha256);

    /// What the account has at the upstream of this file; nullopt: nothing.
    boost::asio::awaitable<std::optional<queue::UploadView>> find_upload(queue::UploadName name);

    /// A batch's id as users see it; empty for none. Asked once for each batch.
    boost::asio::awaitable<std::string> batch_id(proto::BatchSeq batch);

private:
    class Inbox;

    template <class T>
    boost::asio::awaitable<T> look(std::function<T(const queue::Reader& reader)> at);

    boost::asio::any_io_executor executor_;
    queue::Queue& queue_;
    std::shared_ptr<Inbox> inbox_;  ///< shared with answers that are still to come
    std::map<proto::BatchSeq, std::string> batch_ids_;
};

}  // namespace genspool::workers
