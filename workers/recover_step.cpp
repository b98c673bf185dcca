#include "workers/recover_step.hpp"

#include <algorithm>
#include <utility>

#include "queue/kill_point.hpp"
#include "workers/on_cpu.hpp"
#include "workers/submit_outcome.hpp"
#include "workers/submit_step.hpp"

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

constexpr proto::Duration sync_pause{2'000};
constexpr proto::Duration read_pause_min{2'000};
constexpr proto::Duration read_pause_max{60'000};

}  // namespace

asio::awaitable<void> RecoverStep::run() {
    if (lease_.record().state == proto::State::preparing) {
        queue::Report report = queue::Refused{
            local_trouble("stopped", "the process ended while the request was prepared")};
        co_await lease_.finish(std::move(report));
        co_return;
    }
    codec_ = tools_.registry.codec(lease_.spec().op);
    const std::string path = spool_path(lease_.record().id, lease_.record().send);
    std::optional<SpoolRead> found = co_await read(path);
    if (!found) {
        lease_.abandon();
        co_return;
    }
    std::optional<SpooledReply> spooled = std::move(found->reply);
    if (!codec_ || !spooled || spooled->op != lease_.spec().op) {
        queue::Report report =
            queue::Ambiguous{"the process ended while the paid request was on the wire"};
        co_await lease_.finish(std::move(report));
        co_return;
    }
    // What was written by a process that was killed may not have reached the disk.
    if (!co_await settle(path)) {
        lease_.abandon();
        co_return;
    }
    GENSPOOL_KILL_POINT("spool.recovered");
    queue::Report report = judge(std::move(*spooled));
    const bool keep = keeps_spool(report);
    const bool taken = co_await lease_.finish(std::move(report));
    if (taken && !keep) co_await tools_.files.remove(path);
}

/// Reads it however long that takes: what cannot be read now may be a complete reply, and a guess
/// would cost what it holds. nullopt: cut short by a stop.
asio::awaitable<std::optional<SpoolRead>> RecoverStep::read(std::string path) {
    proto::Duration pause = read_pause_min;
    while (true) {
        SpoolRead found = co_await read_spool(tools_.files, path);
        if (!found.error) co_return found;
        tools_.log("event=spool_unreadable job=" + lease_.record().id.text() + " error=\"" +
                   found.error.message() + "\"");
        if (!co_await tools_.clock.sleep_until(tools_.clock.now() + pause)) co_return std::nullopt;
        pause = std::min(pause * 2, read_pause_max);
    }
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
