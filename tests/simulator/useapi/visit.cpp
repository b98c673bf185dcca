#include "tests/simulator/useapi/visit.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <vector>

#include "tests/simulator/form.hpp"
#include "tests/simulator/free_routes.hpp"
#include "tests/simulator/replies.hpp"
#include "tests/simulator/useapi/answers.hpp"
#include "tests/simulator/useapi/ids.hpp"

namespace genspool::simulator::useapi {
namespace {

namespace json = boost::json;

/// What the text of a form's field says.
json::value meant_by(const FormPart& part) {
    if (part.bytes == "true") return true;
    if (part.bytes == "false") return false;
    constexpr std::array<std::string_view, 6> numbers{"maxJobs", "quantity", "duration",
                                                      "speed",   "pitch",    "vol"};
    boost::system::error_code ec;
    json::value number = json::parse(part.bytes, ec);
    const bool meant = std::ranges::find(numbers, part.name) != numbers.end();
    return meant && !ec && number.is_number() ? number : json::value(part.bytes);
}

}  // namespace

std::optional<json::object> read_body(const ModelRequest& request) {
    if (request.content_type.starts_with("multipart/form-data")) {
        json::object body;
        for (const FormPart& part : read_form(request.body)) {
            if (part.file_name.empty()) body.insert_or_assign(part.name, meant_by(part));
        }
        return body;
    }
    boost::system::error_code ec;
    json::value parsed = json::parse(request.body, ec);
    if (ec || !parsed.is_object()) return std::nullopt;
    return std::move(parsed.get_object());
}

Chosen choose_account(World& world, const Visit& visit, std::string_view named) {
    State::Accounts& known = world.useapi.accounts(visit.user);
    if (!named.empty()) {
        const Account& account = world.useapi.account(visit.user, std::string(named), visit.now());
        if (account.linked) return std::string(named);
        return answer_refusal(400, "account " + std::string(named) + " is not configured");
    }
    if (known.empty()) {
        constexpr std::string_view first = "301000000000000001";
        world.useapi.account(visit.user, std::string(first), visit.now());
        return std::string(first);
    }
    const auto linked = [](const auto& each) { return each.second.linked; };
    const auto found = std::ranges::find_if(known, linked);
    if (found == known.end()) return answer_refusal(400, "no account is configured");
    if (std::ranges::count_if(known, linked) == 1) return found->first;
    return answer_refusal(400, "account is required");
}

Chosen choose_account(World& world, const Visit& visit) {
    return choose_account(world, visit, visit.call.param("account"));
}

Chosen choose_free_account(World& world, const Visit& visit) {
    const State::Accounts& known = world.useapi.accounts(visit.user);
    std::vector<std::string> free;
    for (const auto& [name, account] : known) {
        if (account.linked && account.support_video && !account.broken(visit.now()) &&
            videos_of(world, visit, name) < account.max_jobs)
            free.push_back(name);
    }
    if (!free.empty()) return free[world.dice.below(free.size())];
    if (known.size() < 2) return choose_account(world, visit, {});
    return answer_refusal(429, "all accounts are busy");
}

std::size_t videos_of(World& world, const Visit& visit, std::string_view account) {
    const auto counts = [&](const Job* job) {
        return job->tracked && job->type == JobType::video && job->user == visit.user &&
               job->account == account;
    };
    return static_cast<std::size_t>(
        std::ranges::count_if(world.useapi.unfinished(visit.now()), counts));
}

std::variant<Job*, ModelReply> find_job(World& world, const Visit& visit, JobType type,
                                        std::string_view id) {
    const auto parts = read_id(id);
    if (!parts || parts->word != to_string(type))
        return answer_refusal(400, "'" + std::string(id) + "' is no such id");
    if (parts->user != visit.user) return answer_refusal(400, "this id is not yours");
    Job* const job = world.useapi.find(id);
    if (job == nullptr) return answer_refusal(404);
    return job;
}

std::optional<ModelReply> trouble(World& world, const Visit& visit) {
    if (world.strikes(Fault::query_502)) {
        note_fault(world, visit.call, Fault::query_502, visit.id);
        return answer_bad_gateway();
    }
    if (world.strikes(Fault::query_1002)) {
        note_fault(world, visit.call, Fault::query_1002, visit.id);
        return answer_refusal(429);
    }
    return std::nullopt;
}

std::int64_t milliseconds(Instant at) {
    return at.time_since_epoch().count();
}

std::optional<Instant> read_seconds(const json::value& value) {
    constexpr double seconds_max = 1e11;
    if (!value.is_number()) return std::nullopt;
    const auto seconds = value.to_number<double>();
    if (!(seconds >= 0 && seconds <= seconds_max)) return std::nullopt;
    return Instant(Duration(static_cast<std::int64_t>(seconds * 1'000)));
}

std::string elapsed(Duration span) {
    const auto seconds = span.count() / 1'000;
    const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return two(seconds / 60) + ":" + two(seconds % 60);
}

}  // namespace genspool::simulator::useapi
