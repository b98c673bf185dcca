#include "tests/simulator/useapi/house.hpp"

#include <boost/json/serialize.hpp>

#include "tests/simulator/callbacks.hpp"
#include "tests/simulator/field_check.hpp"
#include "tests/simulator/useapi/answers.hpp"
#include "tests/simulator/useapi/file_names.hpp"
#include "tests/simulator/useapi/ids.hpp"
#include "tests/simulator/useapi/shown.hpp"

namespace genspool::simulator::useapi {
namespace {

namespace json = boost::json;

ModelReply refuse(World& world, int status, std::string_view text) {
    ++world.counters.refusals;
    return answer_refusal(status, text);
}

bool is_sound(SlotClass slot) {
    return slot == SlotClass::speech || slot == SlotClass::music;
}

/// What is wrong with a file that the request names; or empty.
std::string fault_of_files(World& world, const Sale& sale) {
    for (const NamedFile& named : files_named(sale.body)) {
        const auto found = world.useapi.files.find(named.id);
        const std::string words = std::string(named.field) + ": " + named.id;
        if (found == world.useapi.files.end() || found->second.since > sale.call.now)
            return words + " is not known";
        const File& file = found->second;
        if (file.user != user_of(sale) || file.account != sale.call.account)
            return words + " is not of account " + sale.call.account;
        if (!file.content_type.starts_with(media_wanted(named.field)))
            return words + " is " + file.content_type;
    }
    return {};
}

/// How much the account may have under way, and has.
struct Room {
    std::uint64_t used = 0;
    std::uint64_t limit = 0;
    bool known = true;  ///< to whoever asks; else it only shows when it is reached
};

Room room_of(World& world, const Sale& sale, const Account& account) {
    const std::uint64_t used =
        world.capacity.lane(sale.call.account, sale.route.slot).in_flight(sale.call.now);
    switch (sale.route.slot) {
        case SlotClass::image:
            return {used, account.image_queue_length};
        case SlotClass::music:
            return {used, 1};
        case SlotClass::speech:
            return {used, account.speech_at_once, false};
        case SlotClass::agent:
            return {used, account.agent_at_once, false};
        default:
            return {used, account.queue_length, false};
    }
}

/// Whether there is no room for the sale, which is noted.
bool is_full(World& world, const Sale& sale, const Account& account) {
    if (sale.route.slot == SlotClass::video) {
        const auto limit = static_cast<std::uint64_t>(
            whole_field(sale.body, "maxJobs", std::int64_t{account.max_jobs}));
        const Visit visit{sale.call, user_of(sale), {}};
        const std::uint64_t used = videos_of(world, visit, sale.call.account);
        if (used >= limit) {
            note_violation(world, sale, "limit", used, limit);
            return true;
        }
    }
    const Room room = room_of(world, sale, account);
    if (room.used < room.limit) return false;
    if (room.known) {
        note_violation(world, sale, "limit", room.used, room.limit);
    } else {
        note(world, sale, "hidden-limit", false);
    }
    return true;
}

/// What is wrong with the account itself: a status, or 0.
int fault_of_account(const Sale& sale, const Account& account) {
    if (account.broken(sale.call.now)) return 596;
    const bool sound = is_sound(sale.route.slot);
    if (sound ? !account.support_audio : !account.support_video) return 412;
    return account.credits && *account.credits < cost_of(sale) ? 412 : 0;
}

}  // namespace

std::optional<ModelReply> screen(World& world, const Sale& sale) {
    if (!sale.problem.empty()) return refuse(world, 400, sale.problem);
    const std::string user = user_of(sale);
    const Account& account = world.useapi.account(user, sale.call.account, sale.call.now);
    if (const int status = fault_of_account(sale, account); status != 0) {
        return account.error.empty() ? refuse(world, sale, status)
                                     : refuse(world, status, account.error);
    }
    if (const std::string fault = fault_of_files(world, sale); !fault.empty())
        return refuse(world, 400, fault);
    if (const auto code = sale.markers.refuse) {
        note(world, sale, "refuse-" + std::to_string(*code), ambiguous_code(*code));
        return refuse(world, sale, *code);
    }
    if (!beyond_limits(world, sale).empty() || is_full(world, sale, account))
        return refuse(world, sale, 429);
    return std::nullopt;
}

ModelReply refuse(World& world, const Sale& sale, int status) {
    ++world.counters.refusals;
    if (status != 429 || !world.strikes(Fault::retry_after)) return answer_refusal(status);
    constexpr std::chrono::seconds pause{7};
    note(world, sale, "retry-after", false);
    json::object body{{"error", words_of(status)}, {"code", status}};
    body.emplace("retryAfter", proto::format_rfc3339(sale.call.now + pause));
    ModelReply reply = answer(body, status);
    reply.headers.emplace_back("Retry-After", std::to_string(pause.count()));
    return reply;
}

Callbacks callbacks_of(World& world, const Sale& sale, const Sold& sold) {
    const Job* const first = world.useapi.find(sold.task);
    if (first == nullptr || first->reply_url.empty()) return {};
    const LinkTo link = [&](const ShelfItem& item) { return day_link(world, sale, item); };
    const auto told = [&](const Job& job, Instant at) {
        json::object body = shown(world, job, at, link);
        body.insert_or_assign("replyUrl", job.reply_url);
        if (!job.ref.empty()) body.insert_or_assign("replyRef", job.ref);
        return json::serialize(body);
    };
    std::vector<const Job*> jobs{first};
    for (const std::string& other : sold.others)
        jobs.push_back(world.useapi.find(other));
    Callbacks plan;
    plan.url = first->reply_url;
    for (const Job* job : jobs)
        plan.updates.push_back({sold.work / 3, told(*job, job->created + sold.work / 3)});
    for (const Job* job : jobs)
        plan.updates.push_back({sold.work, told(*job, job->finishes)});
    constexpr std::uint64_t nobodys = 1'000'000'000;
    Job stranger = *first;
    stranger.id =
        make_id(stranger.user, stranger.account, to_string(stranger.type), first->number + nobodys);
    return strike_callbacks(world, sale, sold, std::move(plan), told(stranger, first->finishes));
}

std::string user_of(const Sale& sale) {
    return user_of_token(bearer_key(sale.call.request.authorization));
}

std::int64_t cost_of(const Sale& sale) {
    switch (sale.route.slot) {
        case SlotClass::video:
            return 30;
        case SlotClass::image:
            return whole_field(sale.body, "quantity", 1);
        case SlotClass::agent:
            return 10;
        default:
            return 0;
    }
}

}  // namespace genspool::simulator::useapi
