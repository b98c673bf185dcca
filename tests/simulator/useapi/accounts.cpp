#include <algorithm>
#include <boost/json.hpp>

#include "tests/simulator/digest.hpp"
#include "tests/simulator/field_check.hpp"
#include "tests/simulator/useapi/answers.hpp"
#include "tests/simulator/useapi/routes.hpp"

namespace genspool::simulator::useapi {
namespace {

namespace json = boost::json;

constexpr std::int64_t endless = 1'000'000;  ///< credits

/// Seconds, with the fraction that the real ones have.
double seconds(Instant at) {
    return static_cast<double>(milliseconds(at)) / 1'000.0 + 0.25;
}

json::object shown_account(const std::string& name, const Account& account) {
    json::object user{{"deviceID", "77"}, {"id", name}, {"isAnonymous", false}, {"name", "n"}};
    json::object jwt{{"token", "***"}, {"user", std::move(user)}, {"host", "hailuoai.video"}};
    jwt.emplace("exp", seconds(account.login_until));
    jwt.emplace("iat", seconds(account.login_from));
    jwt.emplace("iat_Issued", proto::format_rfc3339(account.login_from));
    jwt.emplace("exp_Expire", proto::format_rfc3339(account.login_until));
    json::object told{{"account", name}, {"jwt", std::move(jwt)}, {"maxJobs", account.max_jobs}};
    told.emplace("supportVideo", account.support_video);
    told.emplace("supportChat", true);
    told.emplace("supportAudio", account.support_audio);
    told.emplace("supportMusic", account.support_audio);
    if (!account.error.empty()) told.emplace("error", account.error);
    return told;
}

/// What a token of the site says; empty: it is none.
json::object read_jwt(std::string_view token) {
    const std::size_t first = token.find('.');
    const std::size_t second = first == token.npos ? token.npos : token.find('.', first + 1);
    if (second == token.npos) return {};
    std::string claims(token.substr(first + 1, second - first - 1));
    std::ranges::replace(claims, '-', '+');
    std::ranges::replace(claims, '_', '/');
    claims.append((4 - claims.size() % 4) % 4, '=');
    const auto text = from_base64(claims);
    boost::system::error_code ec;
    json::value parsed = json::parse(text.value_or(""), ec);
    return !ec && parsed.is_object() ? std::move(parsed.get_object()) : json::object();
}

std::string owner_of(const json::object& claims) {
    const auto* const user = claims.if_contains("user");
    return user != nullptr && user->is_object() ? std::string(text_field(user->get_object(), "id"))
                                                : std::string();
}

bool is_cursor(std::string_view url) {
    return url.substr(0, url.find('?')).ends_with("/cursor");
}

}  // namespace

ModelReply list_accounts(World& world, const Visit& visit) {
    if (auto struck = trouble(world, visit)) return std::move(*struck);
    json::object told;
    for (const auto& [name, account] : world.useapi.accounts(visit.user)) {
        if (account.linked) told.emplace(name, shown_account(name, account));
    }
    return told.empty() ? answer_refusal(404, "no account is configured") : answer(told);
}

ModelReply show_account(World& world, const Visit& visit) {
    if (auto struck = trouble(world, visit)) return std::move(*struck);
    const Account& account = world.useapi.account(visit.user, visit.id, visit.now());
    return account.linked ? answer(shown_account(visit.id, account)) : answer_refusal(404);
}

ModelReply link_account(World& world, const Visit& visit) {
    if (auto struck = trouble(world, visit)) return std::move(*struck);
    const auto body = read_body(visit.call.request);
    if (!body) return answer_refusal(400, "the body cannot be read");
    const json::object claims = read_jwt(text_field(*body, "token"));
    const std::string name = owner_of(claims);
    const auto problem = FieldCheck(*body)
                             .require(!name.empty(), "token is no login of the site")
                             .require(is_cursor(text_field(*body, "url")), "url is no cursor")
                             .require(body->contains("maxJobs"), "maxJobs is required")
                             .may_whole("maxJobs", 1, 10)
                             .problem();
    if (problem) return answer_refusal(400, *problem);
    Account& account = world.useapi.account(visit.user, name, visit.now());
    account.linked = true;
    account.error.clear();
    account.max_jobs = static_cast<std::uint32_t>(whole_field(*body, "maxJobs", 1));
    account.login_from = visit.now();
    const auto* const exp = claims.if_contains("exp");
    const auto until = exp == nullptr ? std::nullopt : read_seconds(*exp);
    account.login_until = until.value_or(visit.now() + std::chrono::hours(24 * 30));
    return answer(shown_account(name, account), 201);
}

ModelReply unlink_account(World& world, const Visit& visit) {
    if (auto struck = trouble(world, visit)) return std::move(*struck);
    State::Accounts& known = world.useapi.accounts(visit.user);
    const auto found = known.find(visit.id);
    if (found == known.end() || !found->second.linked) return answer_refusal(404);
    found->second.linked = false;
    return answer_nothing();
}

ModelReply show_features(World& world, const Visit& visit) {
    if (auto struck = trouble(world, visit)) return std::move(*struck);
    Chosen chosen = choose_account(world, visit);
    if (auto* const refusal = std::get_if<ModelReply>(&chosen)) return std::move(*refusal);
    const Account& account =
        world.useapi.account(visit.user, std::get<std::string>(chosen), visit.now());
    json::object told{{"privilegeType", 1}, {"memberName", "Standard"}};
    told.emplace("totalCredits", account.credits.value_or(endless));
    told.emplace("queueLength", account.queue_length);
    told.emplace("imageQueueLength", account.image_queue_length);
    told.emplace("videoCost", 30);
    told.emplace("modelControl", json::array());
    return answer(told);
}

}  // namespace genspool::simulator::useapi
