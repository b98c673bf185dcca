// What an account has at its upstream, reached with its key: the provider's list of free calls.
#include <array>
#include <charconv>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "daemon/api.hpp"
#include "daemon/body.hpp"
#include "daemon/log.hpp"
#include "daemon/queue_calls.hpp"
#include "daemon/remote_problem.hpp"
#include "daemon/remote_stream.hpp"
#include "daemon/router.hpp"
#include "daemon/routes/routes.hpp"
#include "proto/media_signature.hpp"
#include "workers/digest.hpp"
#include "workers/remote_calls.hpp"
#include "workers/secret_filter.hpp"
#include "workers/submit_outcome.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

namespace {

/// No refusal is longer.
constexpr std::size_t refusal_bytes_max = 64U << 10U;

/// A request for a resource, understood; or what to answer in its place.
struct Asked {
    std::optional<Reply> refusal;
    workers::Account account;
    std::vector<std::string> names;  ///< of all accounts that have what this one has
    std::string path;                ///< below the account
    const proto::Provider* provider = nullptr;
    const proto::Resource* resource = nullptr;
    proto::ResourceValues values;

    Asked() = default;

    const proto::Resources& resources() const { return *provider->resources(); }
};

Problem no_account(const workers::Accounts& accounts, const std::string& name) {
    std::string known;
    for (const auto& [each, account] : accounts.all())
        known += (known.empty() ? "" : ", ") + each;
    return {"not_found", "There is no account " + name + " here; " +
                             (known.empty() ? "none is configured." : "there are " + known + ".")};
}

Problem nothing_there(const proto::Provider& provider, const std::string& path) {
    std::string known;
    for (const proto::Resource& each : provider.resources()->table()) {
        if (known.find(each.path) == std::string::npos)
            known.append(known.empty() ? "" : ", ").append(each.path);
    }
    return {"not_found", "Accounts of " + std::string(provider.name()) + " have no " +
                             (path.empty() ? "such resource" : path) + "; they have " + known +
                             "."};
}

/// Finds the resource of the path, and the id in it; or says what to answer.
void find_resource(const Request& request, Asked& asked, std::string& id) {
    const std::string& path = asked.path;
    const std::string_view wanted =
        request.method == "HEAD" ? "GET" : std::string_view(request.method);
    if (const std::string gone = asked.resources().gone(wanted, path); !gone.empty()) {
        asked.refusal = to_reply(Problem("not_available", gone));
        return;
    }
    std::string allow;
    for (const proto::Resource& each : asked.resources().table()) {
        std::vector<std::string> arguments;
        if (!matches(each.path, path, arguments)) continue;
        allow.append(allow.empty() ? "" : ", ").append(each.method);
        if (each.method != wanted) continue;
        asked.resource = &each;
        if (!arguments.empty()) id = std::move(arguments.front());
        return;
    }
    if (allow.empty()) {
        asked.refusal = to_reply(nothing_there(*asked.provider, path));
        return;
    }
    asked.refusal =
        to_reply(Problem("method_not_allowed", request.method + " is not possible here."));
    asked.refusal->headers.emplace_back("Allow", allow);
}

Asked understand(const Api& api, const Request& request) {
    Asked asked;
    const auto accounts = api.remote.accounts();
    const workers::Account* const account = accounts->find(request.arguments[0]);
    if (account == nullptr) {
        asked.refusal = to_reply(no_account(*accounts, request.arguments[0]));
        return asked;
    }
    asked.account = *account;
    for (const auto& [name, each] : accounts->all())
        if (each.key == account->key) asked.names.push_back(name);
    // "/files/7"; nothing at all asks for what there is.
    asked.path = request.arguments[1].substr(request.arguments[1].empty() ? 0 : 1);
    asked.provider = api.registry.provider(account->provider);
    if (asked.provider == nullptr || asked.provider->resources() == nullptr) {
        asked.refusal =
            to_reply(Problem("not_found", account->provider + " offers no resources to look at."));
        return asked;
    }
    std::string id;
    find_resource(request, asked, id);
    if (asked.refusal) return asked;
    if (asked.resource->method != "GET" && !request.caller.admin) {
        asked.refusal = to_reply(
            Problem("not_owner", "Only an admin may change what an account has upstream."));
        return asked;
    }
    if (asked.resource->form == proto::ResourceForm::given) {
        // Addresses are written down here and there, and these values may be secret.
        if (!request.query.empty())
            asked.refusal = to_reply(Problem("invalid", "Send " + request.query.front().first +
                                                            " in a JSON object as the body."));
        return asked;
    }
    auto values = proto::read_values(*asked.resource, std::move(id), request.query);
    if (values) {
        asked.values = std::move(*values);
    } else {
        asked.refusal = to_reply(to_problem(values.error()));
    }
    return asked;
}

/// Says so where a job at this account may have bought what it has not brought home.
asio::awaitable<std::optional<Problem>> goods_on_their_way(Api& api, std::string account) {
    using State = proto::State;
    constexpr std::array states = {State::submitting, State::unknown,  State::running,
                                   State::canceling,  State::fetching, State::held};
    queue::Filter filter;
    filter.account = account;
    for (const State state : states) {
        filter.state = state;
        queue::Page page;
        do {
            std::function<void(const queue::Reader&)> errand = [&](const queue::Reader& reader) {
                page = reader.list(filter, page.next, 1);
            };
            co_await look(api.queue, std::move(errand));
        } while (page.jobs.empty() && page.next);
        if (page.jobs.empty()) continue;
        Problem problem("not_allowed", "Job " + page.jobs.front().record.id.text() + " is " +
                                           std::string(to_string(state)) + " at account " +
                                           account +
                                           ": the file may be what it has bought. Pause the "
                                           "account and wait until all is home.");
        problem.job_id = page.jobs.front().record.id.text();
        co_return problem;
    }
    co_return std::nullopt;
}

Reply busy() {
    return to_reply(
        Problem("busy", "Too many calls at the upstreams are under way; try again in a moment."));
}

/// The call of an upload, once its file is here.
asio::awaitable<WholeBody> read_file(Api& api, Request& request, Asked& asked, proto::Call& call) {
    WholeBody body;
    std::string said = request.field(Field::content_type);
    if (said.starts_with("multipart/")) {
        body.problem.emplace("unsupported_media_type",
                             "Send the file itself as the body, as curl --data-binary does.");
        co_return body;
    }
    std::string nothing;
    body = co_await read_body(request, std::move(nothing), api.config.limits.body_bytes_max);
    if (!body.problem && body.bytes.empty()) body.problem.emplace("missing", "The file is empty.");
    if (body.problem) co_return body;
    if (said.empty()) said = proto::media_type_of(value_of(asked.values, "filename"));
    proto::Input file;
    file.media_type =
        proto::judge_type(said, std::string_view(body.bytes).substr(0, proto::signature_bytes));
    std::function<std::string()> hash = [&body] { return workers::sha256_hex(body.bytes); };
    file.sha256 = co_await workers::on_pool(api.pool, std::move(hash));
    call = asked.resources().upload(asked.values, file, body.bytes);
    std::string().swap(body.bytes);
    co_return body;
}

/// What the user gives in an object as the body.
asio::awaitable<std::optional<Problem>> read_given(Request& request, Asked& asked) {
    const ObjectBody body = co_await read_object(request);
    if (body.problem) co_return body.problem;
    auto values = proto::read_object_values(*asked.resource, body.object);
    if (!values) co_return to_problem(values.error());
    asked.values = std::move(*values);
    co_return std::nullopt;
}

/// From now on a request that names the file goes to this account. Whoever uploaded it has had no
/// answer before.
asio::awaitable<void> remember(Api& api, std::string account, proto::MadeThing file) {
    const proto::Instant expires = api.clock.now() + file.kept;
    queue::Command keep = queue::KeepThing{std::move(account), std::move(file.thing), expires};
    co_await api.line.ask(std::move(keep));
}

asio::awaitable<Reply> ask(Api& api, Request& request, Asked& asked) {
    proto::Call call;
    if (asked.resource->form == proto::ResourceForm::file) {
        const WholeBody body = co_await read_file(api, request, asked, call);
        if (body.problem) co_return to_reply(*body.problem);
    } else {
        if (asked.resource->form == proto::ResourceForm::given) {
            const std::optional<Problem> problem = co_await read_given(request, asked);
            if (problem) co_return to_reply(*problem);
        }
        call = resource_call(*asked.resource, asked.values);
    }
    const auto place = api.remote.take_place(request.caller.principal);
    if (!place) co_return busy();
    workers::Account account = asked.account;
    workers::HttpReply reply =
        co_await api.remote.ask(*asked.provider, std::move(account), std::move(call));
    if (reply.progress != workers::HttpProgress::complete)
        co_return to_reply(no_answer(*asked.resource, asked.account, reply));
    proto::Reply said = workers::to_reply(std::move(reply));
    const std::vector<std::string> secrets = secrets_in(asked.values);
    workers::SecretFilter(secrets).blot(said.body);
    proto::ResourceOutcome outcome = asked.resources().read(*asked.resource, said);
    if (const auto* refusal = std::get_if<proto::Refusal>(&outcome))
        co_return to_reply(upstream_refusal(*asked.resource, *refusal));
    if (asked.resource->form == proto::ResourceForm::file) {
        auto file = asked.resources().uploaded(asked.values, said);
        if (file) co_await remember(api, asked.account.name, std::move(*file));
    }
    if (asked.resource->deletes_file) {
        const std::string handle(value_of(asked.values, asked.resource->id.name));
        for (const std::string& name : asked.names) {
            queue::Command forget = queue::ForgetUpload{name, handle};
            co_await api.line.ask(std::move(forget));
        }
    }
    co_return Reply(200, std::move(std::get<std::string>(outcome)));
}

/// What is said in place of a file may be long in coming out: only its beginning tells.
bool may_be_refusal(const workers::HttpHead& head) {
    return head.status != 200 || head.header("Content-Type").find("json") != std::string_view::npos;
}

std::optional<std::uint64_t> length_of(const workers::HttpHead& head) {
    const std::string_view text = head.header("Content-Length");
    std::uint64_t bytes = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), bytes);
    const bool counts = !text.empty() && read.ec == std::errc() &&
                        read.ptr == text.data() + text.size() &&
                        head.header("Transfer-Encoding").empty();
    return counts ? std::optional(bytes) : std::nullopt;
}

asio::awaitable<Reply> fetch(Api& api, const Request& request, const Asked& asked) {
    auto place = api.remote.take_place(request.caller.principal);
    if (!place) co_return busy();
    const auto download = api.remote.download(std::move(*place), *asked.provider, asked.account,
                                              resource_call(*asked.resource, asked.values));
    auto stream = std::make_unique<RemoteStream>(download);
    const bool begun = co_await download->begun();
    if (!begun) co_return to_reply(no_answer(*asked.resource, asked.account, download->end()));
    const workers::HttpHead& head = download->head();
    if (may_be_refusal(head)) {
        const bool whole = co_await stream->gather(refusal_bytes_max);
        if (whole && download->end().progress != workers::HttpProgress::complete)
            co_return to_reply(no_answer(*asked.resource, asked.account, download->end()));
        workers::HttpReply said;
        said.head = head;
        said.body = stream->gathered();
        const proto::ResourceOutcome outcome =
            asked.resources().read(*asked.resource, workers::to_reply(std::move(said)));
        if (const auto* refusal = std::get_if<proto::Refusal>(&outcome))
            co_return to_reply(upstream_refusal(*asked.resource, *refusal));
    }
    Reply reply(200);
    const std::string_view type = head.header("Content-Type");
    reply.own_type = type.empty() ? std::string_view("application/octet-stream") : type;
    // Whatever an upstream calls a page of ours is not shown as one.
    reply.headers.emplace_back("Content-Disposition", "attachment");
    reply.stream_bytes = length_of(head);
    reply.stream = std::move(stream);
    co_return reply;
}

}  // namespace

asio::awaitable<Reply> remote(Api& api, Request& request) {
    Asked asked = understand(api, request);
    if (asked.refusal) co_return std::move(*asked.refusal);
    if (asked.resources().takes_goods(*asked.resource, asked.values)) {
        for (const std::string& name : asked.names) {
            const auto problem = co_await goods_on_their_way(api, name);
            if (problem) co_return to_reply(*problem);
        }
    }
    if (asked.resource->bytes) {
        Reply reply = co_await fetch(api, request, asked);
        co_return reply;
    }
    Reply reply = co_await ask(api, request, asked);
    if (asked.resource->method != "GET")
        log(Level::info, "remote_change",
            {{"principal", request.caller.principal},
             {"account", asked.account.name},
             {"what", request.method + " " + asked.path},
             {"status", std::to_string(reply.status)}});
    co_return reply;
}

}  // namespace genspool::daemon::routes
