#include "workers/spool_sweep.hpp"

#include <system_error>
#include <vector>

#include "queue/kill_point.hpp"
#include "workers/spool.hpp"

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

constexpr proto::Duration day{86'400'000};

}  // namespace

bool spool_wanted(const proto::JobRecord& record, proto::Send send) {
    // Of a purchase that the database has forgotten, as after a restore: when its turn comes again,
    // the reply is there.
    if (send > record.send) return true;
    bool understood = false;
    for (const proto::Artifact& artifact : record.artifacts) {
        if (artifact.source.send != send) continue;
        if (artifact.source.from != proto::Source::From::reply) continue;
        if (artifact.status != proto::Artifact::Status::home) return true;
        understood = true;
    }
    if (understood) return false;
    if (proto::has_uncertain_send(record)) return true;
    if (record.send != send) return false;
    const bool billed = record.failure && record.failure->billed;
    return record.state == proto::State::submitting || record.state == proto::State::held ||
           (record.state == proto::State::failed && billed);
}

SpoolSweep::SpoolSweep(QueueLine& queue, Clock& clock, Files& files)
    : queue_(queue), clock_(clock), files_(files) {}

asio::awaitable<void> SpoolSweep::run() {
    bool goes_on = true;
    while (goes_on) {
        try {
            co_await sweep();
        } catch (const std::system_error&) {
            // The directory cannot be read now; the next time it may.
        }
        goes_on = co_await clock_.sleep_until(clock_.now() + day);
    }
}

asio::awaitable<void> SpoolSweep::sweep() {
    const std::vector<std::string> names = co_await files_.list("spool");
    for (const std::string& name : names)
        co_await judge(name);
}

asio::awaitable<void> SpoolSweep::judge(std::string name) {
    const std::optional<SpoolName> parsed = parse_spool_name(name);
    if (!parsed) co_return;
    const std::optional<proto::JobRecord> record = co_await queue_.find(parsed->job.seq());
    const bool ours = record && record->id == parsed->job;
    // Of a job that the database has forgotten: a person may want to see what was bought.
    if (!ours) {
        const bool set_back = co_await queue_.was_set_back();
        if (set_back) co_return;
    }
    // What was moved aside nobody has looked at: it stays as long as its job.
    if (ours && (parsed->aside || spool_wanted(*record, parsed->send))) co_return;
    if (keeps_all_) co_return;
    co_await files_.remove("spool/" + name);
    GENSPOOL_KILL_POINT("spool.swept");
}

}  // namespace genspool::workers
