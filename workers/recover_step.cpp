#include "workers/recover_step.hpp"

#include <optional>
#include <utility>

#include "workers/on_cpu.hpp"
#include "workers/submit_outcome.hpp"
#include "workers/submit_step.hpp"

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

constexpr proto::Duration sync_pause{2'000};

}  // namespace

asio::awaitable<void> RecoverStep::run() {
    codec_ = tools_.registry.codec(lease_.spec().op);
    const std::string path = spool_path(lease_.record().id, lease_.record().send);
    std::optional<SpooledReply> spooled = co_await read_spool(tools_.files, path);
    if (!codec_ || !spooled || spooled->op != lease_.spec().op) {
        queue::Report report =
            queue::Ambiguous{"the process ended while the paid request was on the wire"};
        const bool taken = co_await lease_.finish(std::move(report));
        if (taken) co_await tools_.files.remove(path);
        co_return;
    }
    // What was written by a process that was killed may not have reached the disk.
    if (!co_await settle(path)) {
        lease_.abandon();
        co_return;
    }
    queue::Report report = judge(std::move(*spooled));
    const bool keep = needs_spool(report);
    const bool taken = co_await lease_.finish(std::move(report));
    if (taken && !keep) co_await tools_.files.remove(path);
}

asio::awaitable<bool> RecoverStep::settle(std::string path) {
    while (true) {
        const std::error_code error = co_await sync_spool(tools_.files, path);
        if (!error) co_return true;
        tools_.log("event=spool_failed error=\"" + error.message() + "\"");
        if (!co_await tools_.clock.sleep_until(tools_.clock.now() + sync_pause)) co_return false;
    }
}

queue::Report RecoverStep::judge(SpooledReply spooled) const {
    const OnCpu busy(tools_.on_cpu, lease_.record().seq);
    proto::SubmitOutcome outcome = codec_->on_submit(lease_.spec(), spooled.reply);
    return to_report(std::move(outcome), lease_.record().send, tools_.clock.now());
}

}  // namespace genspool::workers
