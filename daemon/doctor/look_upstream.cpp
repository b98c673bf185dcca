#include "daemon/doctor/look_upstream.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "daemon/doctor/ownership.hpp"
#include "proto/resources.hpp"
#include "workers/submit_outcome.hpp"
#include "workers/upstream_call.hpp"
#include "workers/upstream_clock.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;

using namespace std::chrono_literals;

namespace {

constexpr const char* check = "upstream";
constexpr proto::Duration patience = 15s;
/// Links expire, and waits are reckoned, by two clocks: less than this has never mattered.
constexpr proto::Duration clock_off = 60s;
constexpr proto::Duration clock_far_off = 10min;

Finding unreachable(const workers::Account& account, const workers::HttpReply& reply) {
    Finding finding{Gravity::problem, check,
                    account.base_url + " of account " + account.name +
                        " cannot be reached: " + reply.error_text,
                    "curl -v " + shell_word(account.base_url), account.name};
    if (reply.error == workers::HttpError::resolve)
        finding.cure += "   # is base_url spelt right? does this machine have a name server?";
    return finding;
}

/// The upstream's own words in one line.
std::string words_of(const proto::Failure& failure) {
    return failure.message + " (" + failure.code + ")";
}

std::string place_of(const workers::Account& account) {
    return "[[account]] \"" + account.name + "\"";
}

Finding other_api(const proto::Provider& provider, const workers::Account& account,
                  const proto::Failure& failure) {
    return {Gravity::problem, check,
            account.base_url + " of account " + account.name + " does not answer as " +
                std::string(provider.name()) + " does: " + words_of(failure),
            "base_url = \"" + std::string(provider.default_base_url()) + "\"   # in " +
                place_of(account),
            account.name};
}

Finding not_now(const workers::Account& account, const proto::Failure& failure) {
    return {
        Gravity::warning, check,
        account.base_url + " cannot serve account " + account.name + " now: " + words_of(failure),
        "genspool doctor   # again in a minute", account.name};
}

std::string seconds(proto::Duration span) {
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(span).count()) + " s";
}

}  // namespace

/// To the call that shows whether a key is good.
struct UpstreamLook::Answer {
    workers::HttpReply raw;
    proto::Reply reply;
    proto::ResourceOutcome outcome = std::string();

    const proto::Failure* failure() const {
        const auto* const refusal = std::get_if<proto::Refusal>(&outcome);
        return refusal == nullptr ? nullptr : &refusal->failure;
    }
    bool complete() const { return raw.progress == workers::HttpProgress::complete; }
    bool accepted() const { return complete() && failure() == nullptr; }
};

asio::awaitable<UpstreamLook::Answer> UpstreamLook::ask(const proto::Provider& provider,
                                                        workers::Account account) {
    const proto::Resources& resources = *provider.resources();
    const auto table = resources.table();
    const auto looked = std::ranges::find_if(table, [&resources](const proto::Resource& each) {
        return each.method == "GET" && each.path == resources.key_look();
    });
    proto::Call call = resource_call(*looked, {});
    workers::HttpCall request = workers::upstream_call(provider, account, std::move(call));
    request.deadlines.total = patience;
    Answer answer;
    answer.raw = co_await http_.call(std::move(request));
    if (!answer.complete()) co_return answer;
    workers::HttpReply raw = answer.raw;
    answer.reply = workers::to_reply(std::move(raw));
    answer.outcome = resources.read(*looked, answer.reply);
    co_return answer;
}

std::vector<Place> UpstreamLook::regions(const proto::Provider& provider) const {
    if (!regions_.empty()) return regions_;
    std::vector<Place> all;
    for (const proto::Region& region : provider.resources()->regions())
        all.push_back({std::string(region.name), std::string(region.base_url)});
    return all;
}

/// Of a key that is refused: whether another region takes it. It is shown only to hosts of the
/// provider that has given it out.
asio::awaitable<Finding> UpstreamLook::look_elsewhere(const proto::Provider& provider,
                                                      workers::Account account, std::string words,
                                                      std::string other_key) {
    const std::vector<Place> all = regions(provider);
    const std::string here = account.base_url;
    const bool known =
        std::ranges::any_of(all, [&here](const Place& place) { return place.base_url == here; });
    Finding finding{Gravity::problem, check,
                    here + " refuses the key of account " + account.name + ": " + words,
                    std::move(other_key), account.name};
    for (const Place& place : all) {
        if (!known || place.base_url == here) continue;
        account.base_url = place.base_url;
        const Answer answer = co_await ask(provider, account);
        if (!answer.accepted()) continue;
        finding.text += "; it is a key of another region";
        finding.cure =
            "base_url = \"" + place.base_url + "\"   # " + place.name + ", in " + place_of(account);
        break;
    }
    co_return finding;
}

void UpstreamLook::judge_clock(const proto::Reply& reply, const std::string& host,
                               Findings& findings) {
    const auto ahead = workers::clock_ahead(reply, now_());
    if (!ahead || clock_told_) return;
    const proto::Duration off = *ahead < proto::Duration(0) ? -*ahead : *ahead;
    // The header has whole seconds, and was on its way.
    if (off < clock_off) {
        clock_told_ = true;
        findings.push_back({Gravity::ok, "clock", "our clock agrees with that of " + host});
        return;
    }
    clock_told_ = true;
    findings.push_back({off < clock_far_off ? Gravity::warning : Gravity::problem, "clock",
                        "our clock is " + seconds(off) +
                            (*ahead < proto::Duration(0) ? " ahead of" : " behind") + " that of " +
                            host,
                        as_root() + "timedatectl set-ntp true"});
}

/// What the provider tells of an account whose key is good.
asio::awaitable<Findings> UpstreamLook::look_closer(const proto::Provider& provider,
                                                    workers::Account account) {
    proto::AccountSight sight;
    const std::vector<proto::Call> calls = provider.looks();
    for (std::size_t n = 0; n < calls.size(); ++n) {
        workers::HttpCall request = workers::upstream_call(provider, account, calls[n]);
        request.deadlines.total = patience;
        workers::HttpReply raw = co_await http_.call(std::move(request));
        if (raw.progress != workers::HttpProgress::complete) continue;
        const proto::Reply reply = workers::to_reply(std::move(raw));
        provider.read_look(n, reply, sight);
    }
    Finding finding{Gravity::ok, check,
                    account.base_url + " takes the key of account " + account.name, "",
                    account.name};
    if (!sight.broken.empty()) {
        finding.gravity = Gravity::problem;
        finding.text = "account " + account.name + " can buy nothing upstream: " + sight.broken;
        finding.cure = "genspool remote accounts " + shell_word(account.name);
    }
    Findings findings;
    findings.push_back(std::move(finding));
    co_return findings;
}

asio::awaitable<Findings> UpstreamLook::look(const proto::Provider& provider,
                                             workers::Account account, std::string other_key) {
    Findings findings;
    const Answer answer = co_await ask(provider, account);
    if (!answer.complete()) {
        findings.push_back(unreachable(account, answer.raw));
        co_return findings;
    }
    judge_clock(answer.reply, account.base_url, findings);
    const proto::Failure* const failure = answer.failure();
    if (failure == nullptr) {
        Findings closer = co_await look_closer(provider, account);
        findings.insert(findings.begin(), closer.begin(), closer.end());
        co_return findings;
    }
    const bool wrong_place =
        failure->failure == proto::FailureClass::rejected || answer.reply.status == 404;
    Finding finding =
        wrong_place ? other_api(provider, account, *failure) : not_now(account, *failure);
    if (!wrong_place && failure->failure == proto::FailureClass::account) {
        std::string words = words_of(*failure);
        finding =
            co_await look_elsewhere(provider, account, std::move(words), std::move(other_key));
    }
    findings.insert(findings.begin(), std::move(finding));
    co_return findings;
}

}  // namespace genspool::daemon
