#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "daemon/job_text.hpp"
#include "daemon/lookup.hpp"
#include "daemon/query.hpp"
#include "daemon/routes/routes.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

namespace {

constexpr std::uint64_t wait_seconds_max = 600;

/// "wait=30" among the preferences of RFC 7240.
std::optional<proto::Duration> preferred_wait(std::string_view prefer) {
    while (!prefer.empty()) {
        const std::size_t end = std::min(prefer.find_first_of(",;"), prefer.size());
        std::string_view one = prefer.substr(0, end);
        prefer.remove_prefix(std::min(end + 1, prefer.size()));
        while (one.starts_with(' '))
            one.remove_prefix(1);
        if (!one.starts_with("wait=")) continue;
        one.remove_prefix(5);
        std::uint64_t seconds = 0;
        const auto read = std::from_chars(one.data(), one.data() + one.size(), seconds);
        if (read.ec != std::errc{}) return std::nullopt;
        return std::chrono::seconds{std::min(seconds, wait_seconds_max)};
    }
    return std::nullopt;
}

bool is_settled(const queue::JobView& job) {
    return proto::is_terminal(job.record.state) || job.record.state == proto::State::held;
}

asio::awaitable<FoundJob> wait_for(Api& api, proto::JobSeq job, proto::Duration most) {
    const auto end = std::chrono::steady_clock::now() + most;
    JobWaits::Wait wait(api.waits, job);
    while (true) {
        FoundJob found = co_await find_job(api, job, true);
        const auto left =
            std::chrono::ceil<proto::Duration>(end - std::chrono::steady_clock::now());
        if (!found.job || is_settled(*found.job) || left.count() <= 0) co_return found;
        const bool rung = co_await wait.wait(left);
        if (!rung && api.feed.closed()) co_return found;
    }
}

}  // namespace

asio::awaitable<Reply> show_job(Api& api, Request& request) {
    Query query(request);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    FoundJob found = co_await find_job(api, request.arguments[0], true);
    const auto most = preferred_wait(request.field(Field::prefer));
    if (found.job && most && !is_settled(*found.job)) {
        const proto::JobSeq job = found.job->record.seq;
        found = co_await wait_for(api, job, *most);
    }
    if (!found.job) co_return to_reply(*found.problem);
    Reply reply(200, job_text(*found.job, found.explanation, api.artifact_root, api.clock.now()));
    if (most) reply.headers.emplace_back("Preference-Applied", "wait");
    co_return reply;
}

}  // namespace genspool::daemon::routes
