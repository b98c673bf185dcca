#include "workers/step.hpp"

#include <exception>
#include <string>
#include <utility>

#include "workers/fetch_step.hpp"
#include "workers/poll_step.hpp"
#include "workers/poll_times.hpp"
#include "workers/recover_step.hpp"
#include "workers/search_step.hpp"
#include "workers/submit_outcome.hpp"
#include "workers/submit_step.hpp"

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

constexpr proto::Duration slow{300'000};

/// What is said of a step that broke: never that nothing was bought where something may have been.
queue::Report broken(Tools& tools, const Lease& lease, bool may_be_sent, const std::string& what) {
    const std::string reason = "internal error: " + what;
    switch (lease.kind()) {
        case queue::WorkKind::submit:
            if (may_be_sent) return queue::Ambiguous{reason};
            return queue::Refused{local_trouble("internal", reason)};
        case queue::WorkKind::recover:
            return queue::Ambiguous{reason};
        case queue::WorkKind::poll:
            return queue::QueryRefused{local_trouble("internal", reason), tools.clock.now() + slow};
        case queue::WorkKind::fetch:
            return queue::FetchLater{
                next_fetch(lease.record().fetch_troubles, tools.clock.now(), tools.random), reason};
        case queue::WorkKind::reconcile:
            break;
    }
    return queue::Unchanged{tools.clock.now() + slow, {}};
}

}  // namespace

asio::awaitable<void> run_step(Tools& tools, Lease& lease) {
    SubmitStep submit(tools, lease);
    std::string fault = "the step ended without a word";
    try {
        switch (lease.kind()) {
            case queue::WorkKind::submit:
                co_await submit.run();
                break;
            case queue::WorkKind::recover: {
                RecoverStep recover(tools, lease);
                co_await recover.run();
                break;
            }
            case queue::WorkKind::poll: {
                PollStep poll(tools, lease);
                co_await poll.run();
                break;
            }
            case queue::WorkKind::fetch: {
                FetchStep fetch(tools, lease);
                co_await fetch.run();
                break;
            }
            case queue::WorkKind::reconcile: {
                SearchStep search(tools, lease);
                co_await search.run();
                break;
            }
        }
    } catch (const std::exception& thrown) {
        fault = thrown.what();
    }
    if (lease.finished()) co_return;
    tools.log("event=step_broken job=" + lease.record().id.text() + " error=\"" + fault + "\"");
    queue::Report report = broken(tools, lease, submit.may_be_sent(), fault);
    co_await lease.finish(std::move(report));
}

}  // namespace genspool::workers
