#include "workers/submit_step.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <exception>
#include <memory>
#include <utility>

#include "queue/kill_point.hpp"
#include "workers/input_files.hpp"
#include "workers/on_cpu.hpp"
#include "workers/poll_times.hpp"
#include "workers/recover_step.hpp"
#include "workers/submit_outcome.hpp"
#include "workers/upstream_call.hpp"

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

constexpr proto::Duration store_pause{2'000};

/// Nothing was sent. A full disk has closed the gate for all, so the job may be the next to go when
/// it opens; any other trouble of the spool has not, so the job itself backs off.
queue::Report unwritable(const std::error_code& error) {
    const std::string why = "the spool cannot be written: " + error.message();
    if (means_full(error)) return queue::PutBack{why};
    return queue::Refused{local_trouble("spool.unwritable", why)};
}

}  // namespace

asio::awaitable<void> SubmitStep::run() {
    std::optional<queue::Report> obstacle = choose();
    const bool preparing = lease_.record().state == proto::State::preparing;
    if (!obstacle && !preparing) {
        const bool over = co_await was_bought();
        if (over) co_return;
    }
    if (!obstacle && tools_.stopping) obstacle = queue::PutBack{"the daemon is stopping"};
    if (!obstacle && preparing) obstacle = co_await fill();
    if (!obstacle) obstacle = make_call();
    if (!obstacle && preparing) {
        // All is made that takes time, so that little lies between this and the first byte.
        if (!co_await lease_.prepared(std::move(listed_as_))) co_return;
        const bool over = co_await was_bought();
        if (over) co_return;
        if (tools_.stopping) obstacle = queue::PutBack{"the daemon is stopping"};
    }
    if (obstacle) {
        queue::Report report = std::move(*obstacle);
        co_await lease_.finish(std::move(report));
    } else if (codec_->info().reply_is_artifact) {
        co_await run_spooled();
    } else {
        co_await run_plain();
    }
}

std::optional<queue::Report> SubmitStep::choose() {
    const proto::JobSpec& spec = lease_.spec();
    codec_ = tools_.registry.codec(spec.op);
    provider_ = tools_.registry.provider(spec.provider);
    if (!codec_ || !provider_) {
        return queue::Refused{local_trouble("op.unknown", "this version has no op " + spec.op)};
    }
    return std::nullopt;
}

/// A database that was put back to an earlier state has forgotten what it bought since, but the
/// spool may have the reply. This is asked before anything else can end the send: its number would
/// be spent, and the next send would not look for it. True: the step is over.
asio::awaitable<bool> SubmitStep::was_bought() {
    if (!codec_->info().reply_is_artifact) co_return false;
    may_be_sent_ = true;  // whatever breaks here
    RecoverStep before(tools_, lease_);
    const bool taken_up = co_await before.take_up();
    if (!taken_up) may_be_sent_ = false;
    co_return taken_up;
}

asio::awaitable<std::optional<queue::Report>> SubmitStep::fill() {
    room_ = co_await tools_.room.take(input_bytes(lease_.record()));
    if (!room_.taken() || tools_.stopping) co_return queue::PutBack{"the daemon is stopping"};
    const std::shared_ptr<const Accounts> accounts = tools_.accounts;
    FilledRequest filled =
        co_await fill_request(tools_, *provider_, *codec_, lease_.spec(), lease_.record());
    // A stop cuts an upload short.
    if (filled.refusal && tools_.stopping) co_return queue::PutBack{"the daemon is stopping"};
    if (filled.refusal) co_return queue::Refused{std::move(*filled.refusal)};
    // What was uploaded is known at that account only.
    const Account* then = accounts->find(lease_.record().account);
    const Account* now = tools_.accounts->find(lease_.record().account);
    if (then && now && !now->same_place(*then))
        co_return queue::PutBack{"its account was configured anew meanwhile"};
    filled_ = lease_.spec();
    filled_->request = std::move(filled.request);
    listed_as_ = listed_as();
    GENSPOOL_KILL_POINT("prepare.filled");
    co_return std::nullopt;
}

/// What tells this send from others in the upstream's list may be what its files are called there.
std::string SubmitStep::listed_as() const {
    if (codec_->info().unknown_window == proto::Duration(0)) return {};
    const OnCpu busy(tools_.on_cpu, lease_.record().seq);
    boost::system::error_code ec;
    const boost::json::value request = boost::json::parse(filled_->request, ec);
    if (ec || !request.is_object()) return {};
    const proto::Result<proto::Checked> checked = codec_->check(request.get_object());
    return checked ? checked->listed_as : std::string();
}

std::optional<queue::Report> SubmitStep::make_call() {
    const Account* account = tools_.accounts->find(lease_.record().account);
    if (!account) return queue::PutBack{"the account is gone from the configuration"};
    poll_bounds_ = account->poll;
    const OnCpu busy(tools_.on_cpu, lease_.record().seq);
    const proto::JobSpec& spec = filled_ ? *filled_ : lease_.spec();
    proto::Call call = codec_->submit(spec);
    if (codec_->info().takes_callback && !account->callback_url.empty())
        provider_->add_callback(call, account->callback_url);
    if (codec_->info().takes_reference)
        provider_->add_reference(call, proto::reference_of(lease_.record()));
    call_ = upstream_call(*provider_, *account, std::move(call));
    call_.paid = true;
    session_ = codec_->open(spec);
    call_.session = session_.get();
    filled_.reset();
    return std::nullopt;
}

asio::awaitable<void> SubmitStep::run_plain() {
    HttpReply reply = co_await send();
    queue::Report report = judge(std::move(reply));
    co_await lease_.finish(std::move(report));
    GENSPOOL_KILL_POINT("paid.reported");
}

asio::awaitable<void> SubmitStep::run_spooled() {
    const std::string path = spool_path(lease_.record().id, lease_.record().send);
    SpoolSink sink(tools_.files, path, lease_.spec().op);
    const std::error_code error = co_await sink.open();
    if (error) {
        if (means_full(error)) co_await tools_.disk.full();
        queue::Report report = unwritable(error);
        co_await lease_.finish(std::move(report));
        co_return;
    }
    call_.sink = &sink;
    HttpReply reply = co_await send();
    const bool whole = reply.progress == HttpProgress::complete;
    queue::Report report = judge_spooled(std::move(reply), sink);
    if (!keeps_spool(report)) {
        const bool taken = co_await lease_.finish(std::move(report));
        GENSPOOL_KILL_POINT("paid.reported");
        if (taken) co_await sink.remove();
        co_return;
    }
    if (!whole) {
        // It stays as it is: without its trailer nobody takes it for a complete reply.
        co_await lease_.finish(std::move(report));
        co_return;
    }
    if (!co_await store_patiently(tools_, sink)) {
        // The next start finds no complete file, and says that nobody knows.
        lease_.abandon();
        co_return;
    }
    GENSPOOL_KILL_POINT("spool.synced");
    co_await lease_.finish(std::move(report));
    GENSPOOL_KILL_POINT("paid.reported");
}

asio::awaitable<HttpReply> SubmitStep::send() {
    GENSPOOL_KILL_POINT("paid.before_call");
    may_be_sent_ = true;
    HttpReply reply = co_await tools_.http.call(std::move(call_));
    may_be_sent_ = reply.progress != HttpProgress::not_sent;
    GENSPOOL_KILL_POINT("paid.call_ended");
    co_return reply;
}

queue::Report SubmitStep::judge(HttpReply reply) {
    std::optional<queue::Report> by_transport = judge_transport(reply);
    if (by_transport) return std::move(*by_transport);
    return understand(to_reply(std::move(reply)));
}

/// As judge(), with the body that the sink took. A codec that breaks has not made the purchase
/// undone, so what it could not read is kept like any reply that nobody understands.
queue::Report SubmitStep::judge_spooled(HttpReply reply, SpoolSink& sink) {
    std::optional<queue::Report> by_transport = judge_transport(reply);
    if (by_transport) return std::move(*by_transport);
    proto::Reply plain = to_reply(std::move(reply));
    plain.body = sink.lend_body();
    queue::Report report;
    try {
        report = understand(plain);
    } catch (const std::exception& thrown) {
        tools_.log("event=step_broken job=" + lease_.record().id.text() + " error=\"" +
                   thrown.what() + "\"");
        report = queue::Ambiguous{std::string("internal error: ") + thrown.what()};
    }
    sink.give_back(std::move(plain.body));
    return report;
}

queue::Report SubmitStep::understand(const proto::Reply& reply) {
    PollRules rules = poll_rules(codec_->info(), lease_.times());
    rules.bounds = poll_bounds_;
    const proto::Instant now = tools_.clock.now();
    rules.together = tools_.list_polls.tells(*codec_, lease_.record().account, now);
    const proto::Instant poll_at = first_poll(rules, now, tools_.random);
    const OnCpu busy(tools_.on_cpu, lease_.record().seq);
    return to_report(codec_->on_submit(lease_.spec(), reply), lease_.record().send, poll_at);
}

bool keeps_spool(const queue::Report& report) {
    if (std::holds_alternative<queue::Ambiguous>(report)) return true;
    if (const auto* refused = std::get_if<queue::Refused>(&report)) {
        return refused->refusal.on_create != proto::OnCreate::not_created;
    }
    const auto* delivered = std::get_if<queue::DeliveredAtOnce>(&report);
    return delivered && std::any_of(delivered->artifacts.begin(), delivered->artifacts.end(),
                                    [](const proto::Artifact& artifact) {
                                        return artifact.source.from == proto::Source::From::reply;
                                    });
}

asio::awaitable<bool> store_patiently(Tools& tools, SpoolSink& sink) {
    while (true) {
        const std::error_code error = co_await sink.store();
        if (!error) co_return true;
        tools.log("event=spool_failed error=\"" + error.message() + "\"");
        if (means_full(error)) co_await tools.disk.full();
        if (!co_await tools.clock.sleep_until(tools.clock.now() + store_pause)) co_return false;
    }
}

}  // namespace genspool::workers
