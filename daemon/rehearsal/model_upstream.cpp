#include "daemon/rehearsal/model_upstream.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>
#include <utility>

namespace genspool::daemon {

namespace json = boost::json;

namespace {

using std::chrono::milliseconds;

// Of what no upstream tells, and little beside the work itself.
constexpr milliseconds call_time{500};        ///< a create or a query, there and back
constexpr milliseconds prepare_time{500};     ///< a file is put into a request
constexpr milliseconds upload_time{2'000};    ///< a file is handed to the upstream first
constexpr milliseconds unpack_time{50};       ///< an artifact is taken out of a reply
constexpr milliseconds download_time{2'000};  ///< an artifact is fetched
/// Where nobody knows better.
constexpr proto::Spread any_time{milliseconds{30'000}, milliseconds{60'000}, milliseconds{120'000}};

json::object request_of(const proto::JobSpec& spec) {
    return json::parse(spec.request).as_object();
}

std::vector<proto::Artifact> artifacts(std::uint32_t count, proto::Source::From from) {
    std::vector<proto::Artifact> made(count);
    for (std::uint32_t n = 0; n < count; ++n) {
        made[n].source.from = from;
        made[n].source.value = std::to_string(n);
    }
    return made;
}

/// A clone has the name that its request gives it; others are named by the upstream, and no line
/// of the same batch can know how.
std::optional<proto::MadeThing> made_by(const proto::Codec& codec, const json::object& request) {
    const json::value* const name = request.if_contains("voice_id");
    const bool cloned = codec.info().kind == proto::Kind::voice_clone;
    if (!cloned || name == nullptr || !name->is_string()) return std::nullopt;
    return proto::MadeThing{{proto::Thing::Kind::voice, std::string(name->get_string())}};
}

}  // namespace

ModelUpstream::ModelUpstream(const proto::Registry& registry,
                             std::shared_ptr<const workers::Accounts> accounts,
                             std::vector<const ExpectedTimes*> times, std::uint64_t seed)
    : registry_(registry),
      accounts_(std::move(accounts)),
      times_(std::move(times)),
      random_(seed) {}

StepEnd ModelUpstream::step(const queue::Work& work, proto::Instant now) {
    switch (work.kind) {
        case queue::WorkKind::submit:
            return work.record.state == proto::State::preparing ? prepare(work, now)
                                                                : submit(work, now);
        case queue::WorkKind::poll:
            return poll(work, now);
        case queue::WorkKind::fetch:
            return fetch(work, now);
        case queue::WorkKind::recover:
        case queue::WorkKind::reconcile:
            break;
    }
    throw std::logic_error("a rehearsal in which something went wrong upstream");
}

StepEnd ModelUpstream::prepare(const queue::Work& work, proto::Instant now) const {
    const proto::Codec& codec = *registry_.codec(work.spec->op);
    const proto::Checked checked = codec.check(request_of(*work.spec)).value();
    proto::Duration takes{0};
    for (const proto::FileField& file : checked.files)
        takes += file.rule.uploaded() ? upload_time : prepare_time;
    return {now + takes, {queue::Prepared{}}};
}

StepEnd ModelUpstream::submit(const queue::Work& work, proto::Instant now) {
    const proto::Codec& codec = *registry_.codec(work.spec->op);
    const json::object request = request_of(*work.spec);
    const proto::Checked checked = codec.check(request).value();
    const proto::Duration takes = draw(*work.spec, checked);
    if (codec.info().reply_is_artifact) {
        queue::DeliveredAtOnce delivered;
        delivered.artifacts = artifacts(checked.artifacts, proto::Source::From::reply);
        delivered.made = made_by(codec, request);
        return {now + takes, {std::move(delivered)}};
    }
    running_[work.record.seq] = {now + takes, checked.artifacts};
    const proto::Instant taken = now + call_time;
    queue::TakenUp up;
    up.tasks.push_back("task-" + std::to_string(work.record.seq.value));
    up.poll_at = workers::first_poll(rules(work), taken, random_);
    return {taken, {std::move(up)}};
}

StepEnd ModelUpstream::poll(const queue::Work& work, proto::Instant now) {
    const auto bought = running_.find(work.record.seq);
    const proto::Instant answered = now + call_time;
    if (bought->second.done_at > now) {
        queue::Unchanged unchanged;
        unchanged.poll_at =
            work.record.overdue
                ? workers::next_slow_poll(rules(work), answered, random_)
                : workers::next_poll(rules(work), work.record.sent_at, false, answered, random_);
        return {answered, {std::move(unchanged)}};
    }
    queue::Done done;
    done.artifacts = artifacts(bought->second.artifacts, proto::Source::From::handle);
    if (done.artifacts.empty()) done.result = "{}";
    running_.erase(bought);
    return {answered, {std::move(done)}};
}

StepEnd ModelUpstream::fetch(const queue::Work& work, proto::Instant now) const {
    StepEnd end{now, {}};
    for (std::uint32_t n = 0; n < work.record.artifacts.size(); ++n) {
        const bool spooled = work.record.artifacts[n].source.from == proto::Source::From::reply;
        end.at += spooled ? unpack_time : download_time;
        queue::ArtifactNamed named;
        named.n = n;
        named.name = work.record.id.text() + "-" + std::to_string(n);
        named.bytes = 1;
        end.reports.emplace_back(std::move(named));
        end.reports.emplace_back(queue::ArtifactHome{n});
    }
    return end;
}

proto::Duration ModelUpstream::draw(const proto::JobSpec& spec, const proto::Checked& checked) {
    proto::Spread spread = any_time;
    std::string_view source = "assumed";
    for (const ExpectedTimes* const known : times_) {
        const auto found = known->find(spec, checked);
        if (!found) continue;
        spread = *found;
        source = known->source();
        break;
    }
    ++used_.try_emplace(spec.op, TimesUsed{spread, source}).first->second.jobs;
    // As many lie below the median as above it, and evenly between it and the ends.
    constexpr std::int64_t half = 1'000;
    const auto chance = static_cast<std::int64_t>(random_.below(2 * half));
    if (chance < half) return spread.quick + (spread.median - spread.quick) * chance / half;
    return spread.median + (spread.slow - spread.median) * (chance - half) / half;
}

/// As the engine's; that one list may answer for many polls is left out.
workers::PollRules ModelUpstream::rules(const queue::Work& work) const {
    workers::PollRules rules =
        workers::poll_rules(registry_.codec(work.spec->op)->info(), work.times);
    const workers::Account* const account = accounts_->find(work.record.account);
    if (account != nullptr) rules.bounds = account->poll;
    return rules;
}

}  // namespace genspool::daemon
