#include "cli/top_reading.hpp"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "cli/json_reading.hpp"
#include "cli/urls.hpp"
#include "cli/words.hpp"

namespace genspool::cli {
namespace {

/// At work, or waiting for a person.
constexpr std::array<const char*, 7> states = {"preparing", "submitting", "running", "fetching",
                                               "canceling", "unknown",    "held"};

/// Of one state. A screen shows fewer.
constexpr const char* jobs_max = "200";

}  // namespace

TopData read_top(const std::function<std::string(const std::string& target)>& get) {
    TopData data;
    data.stats = parse_reply(get("/v1/stats"));
    data.accounts = parse_reply(get("/v1/accounts"));
    for (const char* const state : states) {
        const std::uint64_t jobs = count_at(data.stats, std::string("states.") + state);
        if (jobs == 0) continue;
        data.jobs_in_all += jobs;
        Target target("/v1/jobs");
        target.add("state", state).add("limit", jobs_max);
        for (auto& job : list_at(parse_reply(get(target.text())), "jobs"))
            data.jobs.push_back(std::move(job));
    }
    data.at = wall_now();
    return data;
}

std::string top_json(const TopData& data) {
    boost::json::object all;
    all["stats"] = data.stats;
    const boost::json::value* const accounts = value_at(data.accounts, "accounts");
    all["accounts"] = accounts == nullptr ? boost::json::array() : *accounts;
    all["jobs"] = boost::json::array(data.jobs.begin(), data.jobs.end());
    return to_text(all);
}

}  // namespace genspool::cli
