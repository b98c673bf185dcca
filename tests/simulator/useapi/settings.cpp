// What an administrator may do to useapi.net.
#include <boost/json.hpp>

#include "tests/simulator/field_check.hpp"
#include "tests/simulator/useapi/answers.hpp"
#include "tests/simulator/useapi/api.hpp"
#include "tests/simulator/useapi/visit.hpp"

namespace genspool::simulator::useapi {
namespace {

namespace json = boost::json;

struct Number {
    std::string_view name;
    std::uint32_t Account::* member;
};

constexpr Number numbers[]{
    {"maxJobs", &Account::max_jobs},
    {"queueLength", &Account::queue_length},
    {"imageQueueLength", &Account::image_queue_length},
    {"speechLimit", &Account::speech_at_once},
    {"agentLimit", &Account::agent_at_once},
};

struct Flag {
    std::string_view name;
    bool Account::* member;
};

constexpr Flag flags[]{
    {"supportVideo", &Account::support_video},
    {"supportAudio", &Account::support_audio},
};

/// Whether the member is known and its value fits.
bool set_member(std::string_view name, const json::value& value, Account& account) {
    for (const auto& [known, member] : numbers) {
        if (name != known) continue;
        const std::int64_t* const number = value.if_int64();
        if (number == nullptr || *number < 0 || *number > 1'000'000) return false;
        account.*member = static_cast<std::uint32_t>(*number);
        return true;
    }
    for (const auto& [known, member] : flags) {
        if (name != known) continue;
        if (!value.is_bool()) return false;
        account.*member = value.get_bool();
        return true;
    }
    if (name == "credits" && value.is_int64()) {
        account.credits = value.get_int64();
    } else if (name == "error" && value.is_string()) {
        account.error = value.get_string();
    } else if (const auto until = read_seconds(value); name == "exp" && until) {
        account.login_until = *until;
    } else {
        return name == "account" || name == "user";
    }
    return true;
}

}  // namespace

ModelReply set_account(World& world, const Call& call) {
    const auto body = read_body(call.request);
    if (!body) return answer_refusal(400, "the body is no JSON object");
    const std::string name(text_field(*body, "account"));
    if (name.empty()) return answer_refusal(400, "account is required");
    const std::string user(text_field(*body, "user"));
    Account& known = world.useapi.account(user.empty() ? "1" : user, name, call.now);
    Account account = known;
    account.linked = true;
    for (const auto& member : *body) {
        const std::string_view field(member.key().data(), member.key().size());
        if (!set_member(field, member.value(), account))
            return answer_refusal(400, std::string(field) + " cannot be set so");
    }
    known = std::move(account);
    return answer(json::object());
}

std::uint64_t finish_jobs(World& world, Instant now) {
    const std::vector<Job*> jobs = world.useapi.unfinished(now);
    for (Job* const job : jobs) {
        world.capacity.lane(job->account, job->slot).end_early(job->finishes);
        job->finishes = now;
    }
    return jobs.size();
}

}  // namespace genspool::simulator::useapi
