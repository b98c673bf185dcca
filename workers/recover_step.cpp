#include "workers/recover_step.hpp"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

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
    const bool known = co_await take_up();
    if (known) co_return;
    queue::Report report =
        queue::Ambiguous{"the process ended while the paid request was on the wire"};
    co_await lease_.finish(std::move(report));
}

asio::awaitable<bool> RecoverStep::take_up() {
    codec_ = tools_.registry.codec(lease_.spec().op);
    const bool looked = co_await find();
    if (looked && (!found_ || !codec_)) co_return false;
    // What was written by a process that was killed may not have reached the disk.
    bool settled = false;
    if (looked) settled = co_await settle();
    if (!settled) {
        lease_.abandon();
        co_return true;
    }
    GENSPOOL_KILL_POINT("spool.recovered");
    queue::Report report = judge();
    const bool keep = keeps_spool(report);
    const bool taken = co_await lease_.finish(std::move(report));
    if (taken && !keep)
        co_await tools_.files.remove(spool_path(lease_.record().id, lease_.record().send));
    co_return true;
}

/// Looks however long that takes: what cannot be read now may be a complete reply, and a guess
/// would cost what it holds. False: cut short by a stop.
asio::awaitable<bool> RecoverStep::find() {
    proto::Duration pause = read_pause_min;
    while (true) {
        const std::error_code error = co_await look();
        if (!error) co_return true;
        tools_.log("event=spool_unreadable job=" + lease_.record().id.text() + " error=\"" +
                   error.message() + "\"");
        if (!co_await tools_.clock.sleep_until(tools_.clock.now() + pause)) co_return false;
        pause = std::min(pause * 2, read_pause_max);
    }
}

/// The latest complete reply is what the job had come to.
asio::awaitable<std::error_code> RecoverStep::look() {
    const proto::JobRecord& record = lease_.record();
    std::vector<proto::Send> sends;
    try {
        sends = co_await spooled_sends(tools_.files, record.id, record.send);
    } catch (const std::system_error& error) {
        co_return error.code();
    }
    for (const proto::Send send : sends) {
        SpoolRead read = co_await read_spool(tools_.files, spool_path(record.id, send));
        if (read.error) co_return read.error;
        if (!read.reply || read.reply->op != lease_.spec().op) continue;
        found_ = std::move(read.reply);
        found_of_ = send;
        break;
    }
    co_return std::error_code();
}

asio::awaitable<bool> RecoverStep::settle() {
    while (true) {
        const std::error_code error = co_await take_over();
        if (!error) co_return true;
        tools_.log("event=spool_failed error=\"" + error.message() + "\"");
        if (!co_await tools_.clock.sleep_until(tools_.clock.now() + sync_pause)) co_return false;
    }
}

/// The reply lies under the number of this send, and on the disk.
asio::awaitable<std::error_code> RecoverStep::take_over() {
    const proto::JobRecord& record = lease_.record();
    const std::string path = spool_path(record.id, record.send);
    if (found_of_ != record.send) {
        std::error_code error = co_await move_aside(tools_.files, path);
        if (error && error != std::errc::no_such_file_or_directory) co_return error;
        error = co_await tools_.files.rename(spool_path(record.id, found_of_), path);
        if (error) co_return error;
        found_of_ = record.send;
    }
    co_return co_await sync_spool(tools_.files, path);
}

queue::Report RecoverStep::judge() const {
    const OnCpu busy(tools_.on_cpu, lease_.record().seq);
    proto::SubmitOutcome outcome = codec_->on_submit(lease_.spec(), found_->reply);
    return to_report(std::move(outcome), lease_.record().send, tools_.clock.now());
}

}  // namespace genspool::workers
