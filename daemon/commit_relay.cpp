#include "daemon/commit_relay.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace genspool::daemon {

CommitRelay::CommitRelay(boost::asio::any_io_executor executor, Deliver deliver)
    : executor_(std::move(executor)), deliver_(std::move(deliver)) {}

void CommitRelay::committed(proto::EventSeq last, bool work) {
    last_.store(last.value);
    if (work) work_.store(true);
    if (posted_.exchange(true)) return;
    boost::asio::post(executor_, [this] { arrive(); });
}

void CommitRelay::arrive() {
    posted_.store(false);
    const bool work = work_.exchange(false);
    deliver_({last_.load()}, work);
}

}  // namespace genspool::daemon
