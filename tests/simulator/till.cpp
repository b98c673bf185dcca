#include "tests/simulator/till.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>

#include "tests/simulator/callbacks.hpp"
#include "tests/simulator/digest.hpp"
#include "tests/simulator/replies.hpp"

namespace genspool::simulator {
namespace {

namespace json = boost::json;

Sale open_sale(const PaidRoute& route, const Call& call) {
    Sale sale{route, call, {}, {}, sha256_hex(call.request.body), {}, {}, {}};
    boost::system::error_code ec;
    auto parsed = json::parse(call.request.body, ec);
    if (ec || !parsed.is_object()) {
        sale.problem = "the body is no JSON object";
        return sale;
    }
    sale.body = std::move(parsed.get_object());
    sale.prompt = route.prompt(sale.body);
    auto read = read_markers(sale.prompt);
    sale.markers = std::move(read.markers);
    sale.problem = std::move(read.problem);
    if (const auto problem = route.check(sale.body); problem && sale.problem.empty()) {
        sale.problem = *problem;
    }
    return sale;
}

ModelReply refuse(World& world, const Sale& sale, int code, std::string_view text) {
    ++world.counters.refusals;
    if (speaks_v2(sale.call)) return answer_error(code, text);
    json::object answer;
    if (sale.route.sells_tasks()) {
        answer.emplace("task_id", "");
    } else {
        answer.emplace(sale.route.empty_field, nullptr);
    }
    return answer_with(std::move(answer), code, text);
}

ModelReply refuse(World& world, const Sale& sale, int code) {
    return refuse(world, sale, code, code_text(code, sale.call.now));
}

/// Made here, but for another account.
bool is_anothers(const std::set<std::string>& owned, const Sale& sale, std::string_view id) {
    const std::string ending = "/" + std::string(id);
    return !owned.contains(sale.call.account + ending) &&
           std::ranges::any_of(owned, [&](const auto& each) { return each.ends_with(ending); });
}

/// A larger version of a clip that the account has not made itself.
bool makes_anothers_larger(const World& world, const Sale& sale) {
    const std::string clip(text_field(sale.body, "source_task_id"));
    if (clip.empty()) return false;
    const auto task = world.tasks.find(clip);
    return task == world.tasks.end() || task->second.family != TaskFamily::video_v2 ||
           task->second.account != sale.call.account || !task->second.succeeded(sale.call.now);
}

/// With a voice that was made here, but for another account. All others count as the system's.
bool speaks_with_anothers(const World& world, const Sale& sale) {
    const auto* const setting = sale.body.if_contains("voice_setting");
    if (setting == nullptr || !setting->is_object()) return false;
    const std::string voice(text_field(setting->get_object(), "voice_id"));
    if (world.voices.contains(sale.call.account + "/" + voice)) return false;
    return std::any_of(world.voices.begin(), world.voices.end(),
                       [&](const auto& known) { return known.first.ends_with("/" + voice); });
}

/// What only the upstream can know is wrong with a request.
std::optional<int> known_better(World& world, const Sale& sale) {
    if (!fault_of_uploads(sale.body, world.uploads, sale.call.account, sale.call.now).empty())
        return 2013;
    if (makes_anothers_larger(world, sale)) return 2013;
    if (is_anothers(world.features, sale, text_field(sale.body, "cover_feature_id"))) return 2013;
    if (speaks_with_anothers(world, sale)) return 2042;
    if (sale.route.path != "/v1/voice_clone") return std::nullopt;
    const std::string voice(text_field(sale.body, "voice_id"));
    if (world.voices.contains(sale.call.account + "/" + voice)) return 2039;
    return std::nullopt;
}

/// What the account or the request itself rules out, faults aside.
std::optional<ModelReply> screen(World& world, const Sale& sale) {
    const auto key_says = [&](std::string_view word) {
        return sale.call.account.find(word) != std::string::npos;
    };
    if (key_says("echo"))
        return refuse(world, sale, 1004, "login fail: " + sale.call.account + " is no key");
    if (key_says("broke")) return refuse(world, sale, 1008);
    if (key_says("noplan")) return refuse(world, sale, 2061);
    if (!sale.problem.empty()) return refuse(world, sale, 2013, "invalid params, " + sale.problem);
    if (const auto code = known_better(world, sale)) return refuse(world, sale, *code);
    if (const auto code = sale.markers.refuse) {
        note(world, sale, "refuse-" + std::to_string(*code), ambiguous_code(*code));
        return refuse(world, sale, *code);
    }
    const auto limit = beyond_limits(world, sale);
    if (limit.empty()) return std::nullopt;
    return refuse(world, sale, limit == "rpm" ? 1002 : 1041);
}

bool platform_code(int code) {
    return !useapi_code(code);
}

constexpr House platform{screen, refuse, platform_code, callbacks_of};

/// Does the work, or fails it where a marker says so, and writes down that it was taken.
Sold take(World& world, const House& house, const Sale& sale) {
    Sold sold;
    if (sale.markers.fail && !sale.route.sells_tasks()) {
        sold.work = world.work_time(sale.markers);
        sold.outcome = "failed:" + std::to_string(*sale.markers.fail);
        sold.reply = house.refuse(world, sale, *sale.markers.fail);
        sold.reply.delay = sold.work;
    } else {
        sold = sale.route.make(world, sale);
    }
    const auto now = sale.call.now;
    world.capacity.lane(sale.call.account, sale.route.slot).begin(now, now + sold.work);
    ++world.counters.purchases;
    if (sold.outcome != "taken") ++world.counters.purchases_failed;
    TruthRecord record;
    record.time = now;
    record.until = now + sold.work;
    record.account = sale.call.account;
    record.endpoint = sale.route.path;
    record.task = sold.task;
    record.others = sold.others;
    record.sha256 = sale.sha256;
    record.prompt = sale.prompt;
    record.ref = sale.markers.ref;
    record.files = sale.files;
    record.artifacts = sold.artifacts;
    record.outcome = sold.outcome;
    world.recorder.truth(record);
    return sold;
}

/// What happens to the reply of work that was taken.
ModelReply send_off(World& world, const House& house, const Sale& sale, Sold sold) {
    auto reply = std::move(sold.reply);
    const auto delay = reply.delay;
    if (sale.markers.drop || world.strikes(Fault::reset_taken)) {
        note(world, sale, "reset-taken", true, sold.task);
        reply = answer_reset();
    } else if (sale.markers.bad_gateway || world.strikes(Fault::bad_gateway_taken)) {
        note(world, sale, "502-taken", true, sold.task);
        reply = answer_bad_gateway();
    } else if (sale.markers.timed_out || world.strikes(Fault::timed_out_taken)) {
        note(world, sale, "504-taken", true, sold.task);
        reply = answer_timed_out();
    } else if (sale.markers.stall) {
        note(world, sale, "stall", false, sold.task);
        reply.fate.kind = FateKind::stall;
        reply.fate.at_byte = std::min<std::uint64_t>(*sale.markers.stall, reply.body.size());
    } else if (!sale.route.sells_tasks() && world.strikes(Fault::cut_paid_reply)) {
        note(world, sale, "cut-paid-reply", true, sold.task);
        reply.fate.kind = world.options.stall_cuts ? FateKind::stall : FateKind::cut;
        reply.fate.at_byte = world.dice.below(reply.body.size());
    }
    reply.delay = delay;
    reply.callbacks = house.callbacks(world, sale, sold);
    return reply;
}

ModelReply decide(World& world, const House& house, const Sale& sale) {
    if (auto refused = house.screen(world, sale)) return std::move(*refused);
    if (world.strikes(Fault::reset_untaken)) {
        note(world, sale, "reset-untaken", true);
        return answer_reset();
    }
    if (world.strikes(Fault::bad_gateway_untaken)) {
        note(world, sale, "502-untaken", true);
        return answer_bad_gateway();
    }
    if (world.strikes(Fault::timed_out_untaken)) {
        note(world, sale, "504-untaken", true);
        return answer_timed_out();
    }
    for (const auto& [code, rate] : world.options.faults.refusals()) {
        if (!house.has_code(code) || !world.dice.roll(rate)) continue;
        const bool taken = ambiguous_code(code) && world.dice.below(2) == 0;
        std::string task;
        if (taken) task = take(world, house, sale).task;
        note(world, sale, "refuse-" + std::to_string(code), ambiguous_code(code), task);
        return house.refuse(world, sale, code);
    }
    return send_off(world, house, sale, take(world, house, sale));
}

}  // namespace

void note(World& world, const Sale& sale, std::string fault, bool ambiguous, std::string task) {
    FaultRecord record;
    record.time = sale.call.now;
    record.fault = std::move(fault);
    record.endpoint = sale.route.path;
    record.task = std::move(task);
    record.sha256 = sale.sha256;
    record.ambiguous = ambiguous;
    world.note(std::move(record));
}

void note_violation(World& world, const Sale& sale, std::string_view what, std::uint64_t used,
                    std::uint64_t limit) {
    ViolationRecord record;
    record.time = sale.call.now;
    record.violation = what;
    record.account = sale.call.account;
    record.slot = sale.route.slot;
    record.sha256 = sale.sha256;
    record.used = used;
    record.limit = limit;
    ++world.counters.violations;
    world.recorder.violation(record);
}

std::string_view beyond_limits(World& world, const Sale& sale) {
    const auto slot = static_cast<std::size_t>(sale.route.slot);
    auto& lane = world.capacity.lane(sale.call.account, sale.route.slot);
    const auto in_minute = lane.last_minute(sale.call.now);
    lane.arrive(sale.call.now);
    const auto rpm = world.options.rpm[slot];
    if (rpm != 0 && in_minute >= rpm) {
        note_violation(world, sale, "rpm", in_minute, rpm);
        return "rpm";
    }
    const auto in_flight = lane.in_flight(sale.call.now);
    const auto limit = world.options.limits[slot];
    if (limit != 0 && in_flight >= limit) {
        note_violation(world, sale, "limit", in_flight, limit);
        return "limit";
    }
    return {};
}

ModelReply sell(World& world, const House& house, const Sale& sale) {
    auto reply = decide(world, house, sale);
    reply.request_sha256 = sale.sha256;
    return reply;
}

ModelReply serve_paid(World& world, const PaidRoute& route, const Call& call) {
    Sale sale = open_sale(route, call);
    sale.files = files_in(sale.body, world.uploads);
    return sell(world, platform, sale);
}

}  // namespace genspool::simulator
