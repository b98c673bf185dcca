// Free calls that only the upstream can answer, and whatever it gave an id to itself.
#include <boost/json.hpp>
#include <utility>

#include "daemon/gateway/remote_call.hpp"
#include "daemon/gateway/useapi/desk.hpp"
#include "daemon/gateway/useapi/envelope.hpp"
#include "daemon/router.hpp"
#include "proto/resources.hpp"
#include "proto/upstream_text.hpp"
#include "proto/useapi/answer.hpp"
#include "proto/useapi/targets.hpp"

namespace genspool::daemon::gateway::useapi {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

/// A free call, as /v1/remote knows it.
struct Meant {
    const proto::Resource* resource = nullptr;
    std::string id;    ///< in its path; empty: there is none
    std::string path;  ///< below the account
};

/// "GET /files/?account={account}" as the client has it: "/files".
std::string_view path_of(const proto::Resource& resource) {
    std::string_view path = resource.endpoint.substr(resource.endpoint.find('/'));
    path = path.substr(0, path.find('?'));
    if (path.ends_with('/')) path.remove_suffix(1);
    return path;
}

/// The upstream's paths are its own here, and so are those below an account: it is the table that
/// says which is which.
Meant find_meant(const Api& api, const Request& request) {
    Meant meant;
    const std::string_view method =
        request.method == "HEAD" ? "GET" : std::string_view(request.method);
    for (const proto::Resource& each : api.registry.provider(provider)->resources()->table()) {
        std::vector<std::string> arguments;
        if (each.method != method || !matches(path_of(each), request.arguments[0], arguments))
            continue;
        meant.resource = &each;
        meant.path = each.path;
        if (arguments.empty()) return meant;  // "/speech/voices" is no id
        meant.id = arguments.front();
        meant.path.replace(meant.path.find("{}"), 2, proto::encoded(meant.id));
    }
    return meant;
}

/// The client's parameters by the names that they have at /v1/remote.
Query query_of(const proto::Resource& resource, const Request& request) {
    Query query;
    for (const auto& [name, value] : request.query) {
        if (name == "account") continue;
        std::string known = name;
        for (const proto::ResourceParameter& each : resource.parameters)
            if (each.upstream == name) known = each.name;
        query.emplace_back(std::move(known), value);
    }
    return query;
}

/// The account of ours that is meant. Most calls are about all that are linked to a token.
std::string account_of(const Api& api, const Request& request, const Meant& meant,
                       std::optional<Problem>& problem) {
    std::string name = listed_account(api, request, problem);
    if (problem || !name.empty()) return name;
    const auto id = read_id(meant.id);
    if (id) name = find_account(api, id->account);
    if (!name.empty()) return name;
    const bool of_one =
        meant.resource->endpoint.find(proto::useapi::account_marker) != std::string_view::npos;
    const auto accounts = api.remote.accounts();
    for (const auto& [each, account] : accounts->all())
        if (!of_one && account.provider == provider) return each;
    return only_account(api, provider, problem);
}

/// A refusal of ours in the upstream's words; its own as it came.
Reply translated(Reply reply) {
    if (reply.status == 200) return reply;
    boost::system::error_code error;
    const json::value value = json::parse(reply.body, error);
    if (error || !value.is_object())
        return refused(Problem("internal", "the daemon's log says more"));
    const json::object& problem = value.get_object();
    Reply told = refused(Problem(proto::text_or_number(problem, "code"),
                                 proto::text_or_number(problem, "detail"),
                                 proto::text_or_number(problem, "field")));
    const json::object* const upstream = proto::object_member(problem, "upstream");
    if (upstream == nullptr || !upstream->contains("error")) return told;
    const int status = proto::useapi::error_status(*upstream);
    if (status >= 400 && status <= 599) told.status = status;
    told.body = json::serialize(*upstream);
    return told;
}

/// As it says there that it was done: /v1/remote says 200 to all.
void say_as_there(const proto::Resource& resource, Reply& reply) {
    if (reply.status != 200) return;
    if (resource.method == "POST" && resource.path == "accounts") reply.status = 201;
    const bool leaves_nothing = resource.path == "accounts/{}" || resource.path == "scheduler/{}";
    if (resource.method == "DELETE" && leaves_nothing) reply = Reply(204);
}

}  // namespace

asio::awaitable<Reply> pass_on(Api& api, Request& request) {
    Meant meant = find_meant(api, request);
    if (meant.resource == nullptr)
        co_return refused(Problem("not_found", "there is no " + request.method + " " +
                                                   request.arguments[0] + " in the gateway"));
    std::optional<Problem> problem;
    std::string account = account_of(api, request, meant, problem);
    if (problem) co_return refused(*problem);
    Query query = query_of(*meant.resource, request);
    std::string method(meant.resource->method);
    Reply reply = co_await ask_remote(api, request, std::move(account), std::move(method),
                                      std::move(meant.path), std::move(query));
    reply = translated(std::move(reply));
    say_as_there(*meant.resource, reply);
    co_return reply;
}

}  // namespace genspool::daemon::gateway::useapi
