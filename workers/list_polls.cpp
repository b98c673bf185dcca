#include "workers/list_polls.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <vector>

#include "queue/quarantine.hpp"
#include "workers/on_cpu.hpp"
#include "workers/submit_outcome.hpp"
#include "workers/tools.hpp"
#include "workers/upstream_call.hpp"
#include "workers/upstream_clock.hpp"

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

/// For fewer tasks a list is not worth its length.
constexpr std::size_t tasks_min = 3;
/// Of a list that is not cut down to what was asked for, the newest entries are read.
constexpr int pages_max = 4;
/// A list that could not be read, or told nothing, is not read again for so long.
constexpr proto::Duration closed_for{300'000};

std::pair<std::string, std::string> place_of(const proto::Codec& codec,
                                             const std::string& account) {
    return {account, std::string(codec.info().name)};
}

/// The account, or how often it asks, is refused, and not the list: a host may lack that alone.
bool meets_all(const proto::Refusal& refusal) {
    const proto::FailureClass failure = refusal.failure.failure;
    const bool whole = queue::closes_all(refusal.quarantine.scope);
    return refusal.on_query == proto::OnQuery::again &&
           (failure == proto::FailureClass::rate_limited ||
            (failure == proto::FailureClass::account && whole));
}

/// The upstream as a whole may be down.
bool may_meet_all(const proto::Refusal& refusal, const proto::Reply& reply) {
    return refusal.on_query == proto::OnQuery::again && reply.status >= 500;
}

}  // namespace

/// Tasks that are asked for with one call. The first who asks makes it, the others wait for him.
struct ListPolls::Round {
    explicit Round(const asio::any_io_executor& executor)
        : bell(executor, asio::steady_timer::time_point::max()) {}

    std::vector<proto::Task> tasks;
    std::map<std::string, proto::PollOutcome, std::less<>> told;
    std::optional<proto::Refusal> refusal;  ///< that single polls would meet as well
    std::optional<proto::Refusal> trouble;  ///< that they may meet as well
    bool cut_short = false;
    bool over = false;
    asio::steady_timer bell;  ///< never expires; cancelled at the end

    std::size_t missing() const { return tasks.size() - told.size(); }
    HttpCall prepare(Tools& tools, const proto::Provider& provider, const proto::Codec& codec,
                     const Account& account, std::string_view page, proto::JobSeq job) const;
    void take(proto::PolledPage page);
    Answer answer_for(const std::string& task);
};

void ListPolls::Round::take(proto::PolledPage page) {
    for (auto& [id, outcome] : page.told) {
        const auto asked = [&id](const proto::Task& task) { return task.id == id; };
        if (std::ranges::any_of(tasks, asked)) told.insert_or_assign(id, std::move(outcome));
    }
}

HttpCall ListPolls::Round::prepare(Tools& tools, const proto::Provider& provider,
                                   const proto::Codec& codec, const Account& account,
                                   std::string_view page, proto::JobSeq job) const {
    const OnCpu busy(tools.on_cpu, job);
    return upstream_call(provider, account, codec.poll_many(tasks, page));
}

ListPolls::Answer ListPolls::Round::answer_for(const std::string& task) {
    Answer answer;
    answer.cut_short = cut_short;
    const auto found = told.find(task);
    if (found != told.end()) {
        answer.outcome = std::move(found->second);
    } else if (refusal) {
        answer.outcome = *refusal;
    }
    return answer;
}

bool ListPolls::tells(const proto::Codec& codec, const std::string& account,
                      proto::Instant now) const {
    if (codec.info().poll_many_max == 0) return false;
    const auto place = places_.find(place_of(codec, account));
    return place == places_.end() || place->second.closed_until <= now;
}

asio::awaitable<ListPolls::Answer> ListPolls::ask(Tools& tools, const proto::Provider& provider,
                                                  const proto::Codec& codec, proto::Task task,
                                                  proto::JobSeq job) {
    Place& place = places_[place_of(codec, task.account)];
    if (tools.clock.now() < place.closed_until) co_return Answer();
    const bool leads = !place.open || place.open->tasks.size() >= codec.info().poll_many_max;
    if (leads) place.open = std::make_shared<Round>(executor_);
    const std::shared_ptr<Round> round = place.open;
    const std::string id = task.id;
    round->tasks.push_back(std::move(task));
    if (leads) {
        co_await lead(tools, provider, codec, round, job);
    } else {
        // The leader is ended by a stop, and rings.
        const asio::cancellation_slot no_slot;
        while (!round->over) {
            co_await round->bell.async_wait(
                asio::bind_cancellation_slot(no_slot, asio::as_tuple(asio::use_awaitable)));
        }
    }
    co_return round->answer_for(id);
}

asio::awaitable<void> ListPolls::lead(Tools& tools, const proto::Provider& provider,
                                      const proto::Codec& codec, std::shared_ptr<Round> round,
                                      proto::JobSeq job) {
    struct Ring {
        Round& round;
        ~Ring() {
            round.over = true;
            round.bell.cancel();
        }
    };
    const Ring ring{*round};
    // Those that were claimed with it have all begun by then.
    co_await asio::post(executor_, asio::use_awaitable);
    Place& place = places_.at(place_of(codec, round->tasks.front().account));
    if (place.open == round) place.open.reset();
    if (round->tasks.size() < tasks_min) co_return;
    const proto::Instant began = tools.clock.now();
    std::optional<std::string> page = std::string();
    for (int read_so_far = 0; page && read_so_far < pages_max; ++read_so_far) {
        std::string which = std::move(*page);
        page = co_await read(tools, provider, codec, round, std::move(which), job);
    }
    // Only if a later list meets it again it is the list's own, and all are asked for singly.
    const bool again = place.troubled_at && *place.troubled_at < began;
    if (!round->trouble) {
        place.troubled_at.reset();
    } else if (!again) {
        place.troubled_at = tools.clock.now();
        round->refusal = std::move(round->trouble);
    }
    const bool told_nothing = round->told.empty() && !round->refusal && !round->cut_short;
    if (told_nothing) place.closed_until = tools.clock.now() + closed_for;
}

asio::awaitable<std::optional<std::string>> ListPolls::read(Tools& tools,
                                                            const proto::Provider& provider,
                                                            const proto::Codec& codec,
                                                            std::shared_ptr<Round> round,
                                                            std::string page, proto::JobSeq job) {
    const std::string name = round->tasks.front().account;
    const Account* account = tools.accounts->find(name);
    if (!account) co_return std::nullopt;
    HttpCall call = round->prepare(tools, provider, codec, *account, page, job);
    HttpReply reply = co_await tools.http.call(std::move(call));
    round->cut_short = reply.error == HttpError::cancelled;
    if (reply.progress != HttpProgress::complete) {
        if (!round->cut_short) round->trouble = query_trouble(reply);
        co_return std::nullopt;
    }
    const proto::Reply plain = to_reply(std::move(reply));
    co_await note_clock(tools, name, clock_ahead(plain, tools.clock.now()));
    const OnCpu busy(tools.on_cpu, job);
    proto::PollManyOutcome outcome = codec.on_poll_many(page, plain);
    if (auto* refusal = std::get_if<proto::Refusal>(&outcome)) {
        if (meets_all(*refusal)) {
            round->refusal = std::move(*refusal);
        } else if (may_meet_all(*refusal, plain)) {
            round->trouble = std::move(*refusal);
        }
        co_return std::nullopt;
    }
    auto& listed = std::get<proto::PolledPage>(outcome);
    std::string next = std::move(listed.next);
    round->take(std::move(listed));
    if (next.empty() || round->missing() == 0) co_return std::nullopt;
    co_return next;
}

}  // namespace genspool::workers
