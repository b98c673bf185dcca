#include "daemon/gateway/goods.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <utility>

#include "daemon/gateway/gateway.hpp"
#include "daemon/lookup.hpp"
#include "daemon/queue_calls.hpp"
#include "daemon/routes/routes.hpp"
#include "proto/media_signature.hpp"

namespace genspool::daemon::gateway {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

// Of the queue's lists: so far back a client sees.
constexpr std::size_t page_jobs = 100;
constexpr int pages_max = 200;

/// With its dot, for programs that go by it; empty: it has none.
std::string extension_of(const proto::Artifact& artifact) {
    const std::size_t dot = artifact.name.rfind('.');
    if (dot != std::string::npos && artifact.name.find('/', dot) == std::string::npos) {
        const std::string_view ending = std::string_view(artifact.name).substr(dot);
        const auto plain = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        };
        if (ending.size() <= 8 && std::ranges::all_of(ending.substr(1), plain))
            return std::string(ending);
    }
    return std::string(proto::extension_of(artifact.media_type));
}

json::object object_in(const std::string& text) {
    if (text.empty()) return {};
    boost::system::error_code error;
    json::value value = json::parse(text, error);
    return error || !value.is_object() ? json::object() : std::move(value.get_object());
}

}  // namespace

asio::awaitable<std::optional<queue::JobView>> find_named(Api& api, Number number) {
    FoundJob found = co_await find_job(api, number.job, false);
    if (!found.job || !number.names(found.job->record.id)) co_return std::nullopt;
    co_return std::move(found.job);
}

asio::awaitable<std::optional<queue::JobView>> find_task(Api& api, std::string number) {
    const auto read = read_number(number);
    std::optional<queue::JobView> job;
    if (!read || read->of != Number::Of::task) co_return job;
    job = co_await find_named(api, *read);
    co_return job;
}

asio::awaitable<std::optional<NamedFile>> find_file(Api& api, std::string number) {
    const auto read = read_number(number);
    std::optional<NamedFile> file;
    if (!read || read->of != Number::Of::artifact) co_return file;
    auto job = co_await find_named(api, *read);
    if (!job || file_at(*job, read->artifact) == nullptr) co_return file;
    file.emplace();
    file->job = std::move(*job);
    file->n = read->artifact;
    co_return file;
}

asio::awaitable<void> visit_newest(Api& api, std::string_view provider, queue::Filter filter,
                                   proto::JobSeq before,
                                   std::function<bool(const queue::JobView&)> visit) {
    queue::Page page;
    page.next = before;
    for (int pages = 0; pages < pages_max; ++pages) {
        std::function<void(const queue::Reader&)> errand = [&](const queue::Reader& reader) {
            page = reader.list(filter, page.next, page_jobs);
        };
        co_await look(api.queue, std::move(errand));
        for (const queue::JobView& job : page.jobs)
            if (job.spec.provider == provider && !visit(job)) co_return;
        if (!page.next) co_return;
    }
}

asio::awaitable<std::optional<Problem>> cancel(Api& api, const Request& request,
                                               proto::JobSeq job) {
    queue::Act act;
    act.job = job;
    act.verb = queue::Verb::cancel;
    act.actor = queue::Actor{request.caller.principal, request.caller.admin};
    queue::Command command = std::move(act);
    const queue::Answer answer = co_await api.line.ask(std::move(command));
    std::optional<Problem> problem;
    if (answer.errc != queue::Errc::ok && answer.errc != queue::Errc::already)
        problem = to_problem(answer);
    co_return problem;
}

std::string base_url(const Api& api, const Request& request) {
    if (!api.config.http.url.empty()) return api.config.http.url;
    const bool tls = !api.config.http.tls_cert.empty();
    return (tls ? "https://" : "http://") + request.field(Field::host);
}

Link link_for(const Api& api, const Request& request, const queue::JobView& job) {
    const std::string base = base_url(api, request);
    const std::string prefix = request.target.substr(0, request.target.find('/', 1));
    return [&api, &job, base, prefix](std::size_t n) {
        const auto number = artifact_number(job.record.id, n);
        const proto::Artifact* const file = file_at(job, n);
        if (!number || file == nullptr) return std::string();
        return base +
               api.gateway->links.make(prefix, *number, extension_of(*file), api.clock.now());
    };
}

/// Whoever comes by a link is let in by its signature; who comes by the socket or with a token
/// needs it, too: it is part of the name.
asio::awaitable<Reply> download(Api& api, Request& request) {
    const std::string_view path =
        std::string_view(request.target).substr(0, request.target.find('?'));
    const auto link = api.gateway->links.read(path);
    if (!link || link->expires <= api.clock.now()) co_return Reply(403);
    const auto file = co_await find_file(api, std::to_string(link->number));
    if (!file || !is_home(file->job, file->n)) co_return Reply(404);
    Reply reply = co_await send_file(api, request, *file);
    co_return reply;
}

asio::awaitable<Reply> send_file(Api& api, Request& request, const NamedFile& file) {
    request.query.clear();
    request.arguments = {file.job.record.id.text(), place_of(file.job, file.n)};
    Reply reply = co_await routes::artifact(api, request);
    co_return reply;
}

const proto::Artifact* file_at(const queue::JobView& job, std::size_t n) {
    const proto::JobRecord& record = job.record;
    const bool anew = record.state == proto::State::queued || record.state == proto::State::blocked;
    for (const proto::Artifact& artifact : record.artifacts) {
        if (anew || artifact.source.send != record.send) continue;
        if (n-- == 0) return &artifact;
    }
    return nullptr;
}

std::size_t file_count(const queue::JobView& job) {
    std::size_t count = 0;
    while (file_at(job, count) != nullptr)
        ++count;
    return count;
}

bool is_home(const queue::JobView& job, std::size_t n) {
    const proto::Artifact* const file = file_at(job, n);
    return file != nullptr && file->status == proto::Artifact::Status::home;
}

std::string place_of(const queue::JobView& job, std::size_t n) {
    return std::to_string(file_at(job, n) - job.record.artifacts.data());
}

json::object request_of(const queue::JobView& job) {
    return object_in(job.spec.request);
}

json::object result_of(const queue::JobView& job) {
    return object_in(job.record.result);
}

std::string label_of(const queue::JobView& job, std::string_view wanted) {
    for (const auto& [name, value] : job.spec.labels)
        if (name == wanted) return value;
    return {};
}

}  // namespace genspool::daemon::gateway
