#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>

#include "workers/lease.hpp"
#include "workers/spool.hpp"
#include "workers/tools.hpp"

namespace genspool::workers {

/// The one paid call of a send that the queue has recorded, and before it, for a job in
/// `preparing`, what needs no money: its files are put into the request. Whatever comes of it is
/// reported; the request is never written twice. Event-loop thread only.
class SubmitStep {
public:
    /// Both must outlive it.
    SubmitStep(Tools& tools, Lease& lease) : tools_(tools), lease_(lease) {}

    /// Cancelling it ends the call where it is, with the outcome that this has.
    boost::asio::awaitable<void> run();

    /// Whether some of the request may have reached the upstream.
    bool may_be_sent() const { return may_be_sent_; }

private:
    std::optional<queue::Report> choose();
    boost::asio::awaitable<bool> was_bought();
    boost::asio::awaitable<std::optional<queue::Report>> fill();
    std::string listed_as() const;
    std::optional<queue::Report> make_call();
    boost::asio::awaitable<void> run_plain();
    boost::asio::awaitable<void> run_spooled();
    boost::asio::awaitable<HttpReply> send();
    queue::Report judge(HttpReply reply);
    queue::Report judge_spooled(HttpReply reply, SpoolSink& sink);
    queue::Report understand(const proto::Reply& reply);

    Tools& tools_;
    Lease& lease_;
    const proto::Codec* codec_ = nullptr;
    const proto::Provider* provider_ = nullptr;
    Room::Share room_;                        ///< for the files in the request
    std::optional<proto::JobSpec> filled_{};  ///< with them in it, until the call is made
    std::string listed_as_{};
    PollBounds poll_bounds_;
    HttpCall call_;
    std::unique_ptr<proto::Session> session_{};  ///< that speaks in it; null: a plain call
    bool may_be_sent_ = false;
};

/// Whether the spooled reply is still worth something after this outcome: its artifacts lie in it,
/// or it is all that is known of a send that may have been bought.
bool keeps_spool(const queue::Report& report);

/// Completes a spool file, waiting for room as long as it takes: what it holds is paid for. False:
/// cancelled before it was done.
boost::asio::awaitable<bool> store_patiently(Tools& tools, SpoolSink& sink);

}  // namespace genspool::workers
