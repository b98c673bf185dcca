#include <boost/json/parse.hpp>

#include "tests/simulator/field_check.hpp"
#include "tests/simulator/free_routes.hpp"
#include "tests/simulator/replies.hpp"
#include "tests/simulator/useapi/api.hpp"

namespace genspool::simulator {
namespace {

namespace json = boost::json;

json::object counts(const std::map<std::string, std::uint64_t, std::less<>>& counted) {
    json::object object;
    for (const auto& [name, count] : counted)
        object.emplace(name, count);
    return object;
}

json::object lanes(World& world, Instant now) {
    json::object accounts;
    for (auto& [account, account_lanes] : world.capacity.accounts()) {
        json::object classes;
        for (std::size_t i = 0; i < slot_class_count; ++i) {
            json::object lane;
            lane.emplace("now", account_lanes[i].in_flight(now));
            lane.emplace("max", account_lanes[i].in_flight_max());
            classes.emplace(slot_class_names[i], std::move(lane));
        }
        accounts.emplace(account, std::move(classes));
    }
    return accounts;
}

ModelReply show_stats(World& world, const Call& call) {
    const auto& counters = world.counters;
    json::object answer;
    answer.emplace("requests", counts(counters.requests));
    answer.emplace("purchases", counters.purchases);
    answer.emplace("purchases_failed", counters.purchases_failed);
    answer.emplace("refusals", counters.refusals);
    answer.emplace("violations", counters.violations);
    answer.emplace("faults", counts(counters.faults));
    answer.emplace("in_flight", lanes(world, call.now));
    return answer_json(answer);
}

ModelReply bad_request(const std::string& problem) {
    json::object answer;
    answer.emplace("error", problem);
    auto reply = answer_json(answer);
    reply.status = 400;
    return reply;
}

/// All rates of the body, or none of them.
ModelReply set_faults(World& world, const Call& call) {
    boost::system::error_code ec;
    const auto parsed = json::parse(call.request.body, ec);
    if (ec || !parsed.is_object()) return bad_request("the body is no JSON object");
    auto plan = world.options.faults;
    for (const auto& [name, value] : parsed.get_object()) {
        if (!value.is_number()) return bad_request("a rate is no number");
        const std::string_view fault(name.data(), name.size());
        if (const auto problem = plan.set(fault, value.to_number<double>())) {
            return bad_request(*problem);
        }
    }
    world.options.faults = plan;
    return answer_json({});
}

ModelReply finish_tasks(World& world, const Call& call) {
    std::uint64_t finished = useapi::finish_jobs(world, call.now);
    for (auto& [id, task] : world.tasks) {
        if (task.finished(call.now)) continue;
        task.finishes = call.now;
        ++finished;
    }
    for (auto& [account, account_lanes] : world.capacity.accounts()) {
        for (const SlotClass slot :
             {SlotClass::video, SlotClass::video_v2, SlotClass::tts_async, SlotClass::chat_batch})
            account_lanes[static_cast<std::size_t>(slot)].finish();
    }
    json::object answer;
    answer.emplace("finished", finished);
    return answer_json(answer);
}

}  // namespace

ModelReply serve_admin(World& world, const Call& call) {
    const auto path = call.path();
    const auto& method = call.request.method;
    if (method == "GET" && path == "/sim/stats") return show_stats(world, call);
    if (method == "POST" && path == "/sim/faults") return set_faults(world, call);
    if (method == "POST" && path == "/sim/finish") return finish_tasks(world, call);
    if (method == "POST" && path == "/sim/useapi") return useapi::set_account(world, call);
    if (method == "POST" && path == "/sim/allow-downloads") {
        world.downloads_allowed = true;
        return answer_json({});
    }
    return answer_not_found();
}

}  // namespace genspool::simulator
