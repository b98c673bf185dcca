#include "workers/lease.hpp"

#include <utility>

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

/// The refusal that has to do with the account and not with the job, or nullptr. Of queries there
/// may be thousands, so these are not told.
const proto::Refusal* of_account(const queue::Report& report) {
    const auto* refused = std::get_if<queue::Refused>(&report);
    const bool is =
        refused != nullptr && refused->refusal.failure.failure == proto::FailureClass::account;
    return is ? &refused->refusal : nullptr;
}

}  // namespace

Lease::Lease(Tools& tools, queue::Work work) : tools_(tools), work_(std::move(work)) {}

asio::awaitable<queue::Answer> Lease::ask(queue::Report report) {
    queue::Advance advance;
    advance.job = work_.record.seq;
    advance.send = work_.record.send;
    advance.from = work_.record.state;
    advance.report = std::move(report);
    queue::Command command = std::move(advance);
    co_return co_await tools_.queue.ask(std::move(command));
}

asio::awaitable<bool> Lease::report(queue::Report report) {
    const queue::Answer answer = co_await ask(std::move(report));
    if (answer.errc == queue::Errc::ok || answer.errc == queue::Errc::already) co_return true;
    tools_.log("event=report_refused job=" + work_.record.id.text() +
               " send=" + std::to_string(work_.record.send) + " errc=" +
               std::string(queue::to_string(answer.errc)) + " detail=\"" + answer.detail + "\"");
    co_return false;
}

asio::awaitable<bool> Lease::prepared(std::string listed_as) {
    queue::Report report = queue::Prepared{std::move(listed_as)};
    const queue::Answer answer = co_await ask(std::move(report));
    const auto* const now = std::get_if<queue::Changed>(&answer.body);
    const bool ok = answer.errc == queue::Errc::ok && now != nullptr;
    if (ok && now->state == proto::State::submitting) {
        work_.record.state = now->state;
        co_return true;
    }
    // Canceled or too late meanwhile, or put back: that is no fault of anybody's.
    finished_ = true;
    co_return false;
}

asio::awaitable<bool> Lease::finish(queue::Report last) {
    finished_ = true;
    if (const proto::Refusal* refusal = of_account(last)) {
        tools_.log("event=account_refused account=" + work_.record.account +
                   " job=" + work_.record.id.text() + " code=" + refusal->failure.code);
    }
    co_return co_await report(std::move(last));
}

}  // namespace genspool::workers
