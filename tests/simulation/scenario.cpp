#include "tests/simulation/scenario.hpp"

#include <array>
#include <chrono>
#include <stdexcept>
#include <string_view>

#include "proto/minimax/provider.hpp"
#include "proto/useapi/provider.hpp"

namespace genspool::simulation {
namespace {

using namespace std::chrono_literals;

constexpr std::array faults{
    "reset-taken",    "reset-untaken", "502-taken",    "502-untaken",
    "cut-paid-reply", "fail-task",     "query-1002",   "query-502",
    "unknown-state",  "state-case",    "number-ids",   "success-without-file-id",
    "link-expired",   "slow-download", "cut-download", "wrong-length",
    "no-etag",        "refuse-1002",   "refuse-1041",  "refuse-1000",
    "refuse-1008",    "refuse-1013",   "refuse-1026",  "refuse-2056",
};

daemon::AccountConfig account(const std::string& name, const std::string& key, Dice& dice) {
    daemon::AccountConfig account;
    account.name = name;
    account.provider = "minimax";
    account.base_url = "https://api.example";
    account.api_key = daemon::Secret(key);
    for (const proto::SlotClass& each : proto::minimax_provider().slot_classes()) {
        const std::string slot_class(each.name);
        account.slots[slot_class] = static_cast<std::uint32_t>(1 + dice.below(5));
        if (dice.chance(30))
            account.rpm[slot_class] = static_cast<std::uint32_t>(20 + dice.below(60));
    }
    account.weight = static_cast<std::uint32_t>(1 + dice.below(3));
    return account;
}

void set_accounts(daemon::Config& config, Dice& dice) {
    config.accounts.push_back(account("main", "key-one", dice));
    if (dice.chance(60)) config.accounts.push_back(account("spare", "key-two", dice));
    if (dice.chance(30)) {
        // Two names for one key: they share what the key may do.
        daemon::AccountConfig twin = config.accounts.front();
        twin.name = "twin";
        config.accounts.push_back(std::move(twin));
    }
}

void set_config(daemon::Config& config, Dice& dice) {
    config.defaults.provider = "minimax";
    config.disk.reserve_bytes = 1'000'000;
    config.retention.jobs = dice.chance(50) ? proto::Duration(4min) : proto::Duration(2h);
    config.retention.events = dice.chance(50) ? proto::Duration(2min) : proto::Duration(1h);
    config.retention.blobs = dice.chance(50) ? proto::Duration(10min) : proto::Duration(5h);
    config.retention.idempotency = proto::Duration(40 * 24h);
    config.retry.cap = dice.chance(50) ? proto::Duration(5min) : proto::Duration(30s);
    // That of a day outlasts most worlds.
    config.patience["minimax.chat_batch"] = proto::Duration(1h);
    if (dice.chance(30)) config.fetch.patience = proto::Duration(1min);
    config.daemon.drain = proto::Duration(1min);
    set_accounts(config, dice);
}

/// Most faults are rare or absent; in every third world one of them strikes often.
void set_faults(Scenario& scenario, Dice& dice) {
    const std::size_t favourite = dice.chance(35) ? dice.below(faults.size()) : faults.size();
    for (std::size_t fault = 0; fault < faults.size(); ++fault) {
        double rate = dice.chance(50) ? 0.0 : static_cast<double>(dice.below(50)) / 1'000.0;
        if (fault == favourite) rate = 0.3;
        const auto problem = scenario.upstream.faults.set(faults.at(fault), rate);
        if (problem) throw std::logic_error(*problem);
    }
    scenario.way.not_sent = static_cast<std::uint32_t>(dice.below(40));
    scenario.way.lost_there = static_cast<std::uint32_t>(dice.below(12));
    scenario.way.lost_back = static_cast<std::uint32_t>(dice.below(12));
}

/// By dice of its own, so that the worlds without callbacks are what they were.
void set_callbacks(Scenario& scenario) {
    Dice dice(scenario.seed ^ 0xCA11U);
    if (!dice.chance(40)) return;
    CallbackWay& way = scenario.callbacks;
    way.on = true;
    way.lost = dice.below(40);
    way.hasty = dice.below(50);
    way.late = dice.below(40);
    way.again = dice.below(20);
    if (dice.chance(80)) way.steps_a_forgery = 20 + dice.below(60);
    scenario.config.callbacks = {"127.0.0.1:7789", "https://spool.example/callbacks"};
    for (const char* const fault : {"callback-lost", "callback-early", "callback-twice",
                                    "callback-disorder", "callback-stranger"})
        scenario.upstream.faults.set(fault, static_cast<double>(dice.below(300)) / 1'000.0);
}

/// In some worlds there are accounts of useapi.net as well, two behind one key. By dice of its own,
/// likewise.
void set_useapi(Scenario& scenario) {
    Dice dice(scenario.seed ^ 0x05EA91U);
    if (!dice.chance(30)) return;
    for (const char* const linked : {"301", "302"}) {
        daemon::AccountConfig account;
        account.name = "linked-" + std::string(linked);
        account.provider = "useapi";
        account.base_url = "https://api.example/v1/minimax";
        account.api_key = daemon::Secret("user:1-secret");
        account.upstream_account = linked;
        account.key_has_accounts = true;
        account.unit = proto::Unit::credits;
        for (const proto::SlotClass& each : proto::useapi_provider().slot_classes()) {
            const std::string slot_class(each.name);
            account.slots[slot_class] = static_cast<std::uint32_t>(1 + dice.below(each.slots));
            // The oracle goes by what is configured: never more than that.
            account.slots_wished.insert(slot_class);
        }
        scenario.config.accounts.push_back(std::move(account));
    }
}

/// In some worlds answers to purchases of one sort get lost all the time, so that several jobs at
/// once look for their own in one list, while clocks are set. By dice of its own, likewise.
void set_searches(Scenario& scenario) {
    Dice dice(scenario.seed ^ 0x5EA2C4U);
    if (!dice.chance(8)) return;
    scenario.h3_percent = 90;
    scenario.steps_a_trouble = 60 + dice.below(200);
    scenario.clock_runs_ahead = dice.chance(60);
    for (const char* const fault : {"reset-taken", "reset-untaken", "list-late"})
        scenario.upstream.faults.set(fault, 0.15);
    for (daemon::AccountConfig& account : scenario.config.accounts)
        account.slots["video_v2"] = 5;
}

/// In some worlds many deaths come while files are being written: two or three in a row are what
/// it takes to name what nobody has synced. By dice of its own, likewise.
void set_deaths(Scenario& scenario) {
    Dice dice(scenario.seed ^ 0xDEA7A7F11E5U);
    if (dice.chance(10)) scenario.deaths_at_files = 50 + dice.below(200);
}

}  // namespace

Scenario make_scenario(std::uint64_t seed) {
    Dice dice(seed);
    Scenario scenario;
    scenario.seed = seed;
    set_config(scenario.config, dice);
    scenario.upstream.seed = dice.next();
    scenario.upstream.latency = proto::Duration(2s) + dice.span(30s);
    scenario.upstream.link_life = proto::Duration(10min);
    set_faults(scenario, dice);
    set_callbacks(scenario);
    scenario.steps_a_deed = 10 + dice.below(40);
    scenario.steps_a_crash = 300 + dice.below(3'500);
    scenario.steps_a_trouble = 300 + dice.below(2'000);
    if (dice.chance(40)) {
        scenario.batch_lines_max = 400;
        scenario.wishes_of_one = 720;
    }
    scenario.backlog_max = 10 + dice.below(60);
    scenario.slow_tasks = dice.chance(20);
    set_searches(scenario);
    set_useapi(scenario);
    set_deaths(scenario);
    return scenario;
}

}  // namespace genspool::simulation
