#include "workers/lease.hpp"

#include <utility>

namespace genspool::workers {

namespace asio = boost::asio;

Lease::Lease(Tools& tools, queue::Work work) : tools_(tools), work_(std::move(work)) {}

asio::awaitable<bool> Lease::report(queue::Report report) {
    queue::Advance advance;
    advance.job = work_.record.seq;
    advance.send = work_.record.send;
    advance.from = work_.record.state;
    advance.report = std::move(report);
    queue::Command command = std::move(advance);
    const queue::Answer answer = co_await tools_.queue.ask(std::move(command));
    if (answer.errc == queue::Errc::ok || answer.errc == queue::Errc::already) co_return true;
    tools_.log("event=report_refused job=" + work_.record.id.text() +
               " send=" + std::to_string(work_.record.send) + " errc=" +
               std::string(queue::to_string(answer.errc)) + " detail=\"" + answer.detail + "\"");
    co_return false;
}

asio::awaitable<bool> Lease::finish(queue::Report last) {
    finished_ = true;
    co_return co_await report(std::move(last));
}

}  // namespace genspool::workers
