#include "workers/spool_sweep.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

constexpr proto::Duration day{86'400'000};
constexpr std::size_t id_bytes = 26;

struct SpoolName {
    proto::JobId job;
    proto::Send send = 0;
};

/// "<id>.<send>"; nullopt: not a file of ours.
std::optional<SpoolName> parse_name(const std::string& name) {
    if (name.size() < id_bytes + 2 || name[id_bytes] != '.') return std::nullopt;
    const auto job = proto::JobId::parse(name.substr(0, id_bytes));
    SpoolName parsed;
    const char* const end = name.data() + name.size();
    const auto [rest, ec] = std::from_chars(name.data() + id_bytes + 1, end, parsed.send);
    if (!job || ec != std::errc{} || rest != end) return std::nullopt;
    parsed.job = *job;
    return parsed;
}

}  // namespace

bool spool_wanted(const proto::JobRecord& record, proto::Send send) {
    if (record.state == proto::State::submitting && record.send == send) return true;
    return std::any_of(record.artifacts.begin(), record.artifacts.end(),
                       [send](const proto::Artifact& artifact) {
                           return artifact.source.send == send &&
                                  artifact.source.from == proto::Source::From::reply &&
                                  artifact.status != proto::Artifact::Status::home;
                       });
}

SpoolSweep::SpoolSweep(QueueLine& queue, Clock& clock, Files& files)
    : queue_(queue), clock_(clock), files_(files) {}

asio::awaitable<void> SpoolSweep::run() {
    bool goes_on = true;
    while (goes_on) {
        co_await sweep();
        goes_on = co_await clock_.sleep_until(clock_.now() + day);
    }
}

asio::awaitable<void> SpoolSweep::sweep() {
    const std::vector<std::string> names = co_await files_.list("spool");
    for (const std::string& name : names)
        co_await judge(name);
}

asio::awaitable<void> SpoolSweep::judge(std::string name) {
    const std::optional<SpoolName> parsed = parse_name(name);
    if (!parsed) co_return;
    const std::optional<proto::JobRecord> record = co_await queue_.find(parsed->job.seq());
    const bool ours = record && record->id == parsed->job;
    if (ours && spool_wanted(*record, parsed->send)) co_return;
    co_await files_.remove("spool/" + name);
}

}  // namespace genspool::workers
