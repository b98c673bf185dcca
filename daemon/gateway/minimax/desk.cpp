#include "daemon/gateway/minimax/desk.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "daemon/body.hpp"
#include "daemon/gateway/minimax/envelope.hpp"
#include "daemon/lookup.hpp"
#include "daemon/queue_calls.hpp"
#include "proto/media_signature.hpp"
#include "proto/request_check.hpp"
#include "workers/disk_watch.hpp"

namespace genspool::daemon::gateway::minimax {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::size_t depth_max = 32;

// Of the queue's lists: so far back a client sees.
constexpr std::size_t page_jobs = 100;
constexpr int pages_max = 200;

asio::awaitable<std::optional<queue::JobView>> find_named(Api& api, Number number) {
    FoundJob found = co_await find_job(api, number.job, false);
    if (!found.job || !number.names(found.job->record.id)) co_return std::nullopt;
    co_return std::move(found.job);
}

/// How the client has reached us: what stands before the path in a link.
std::string base_url(const Api& api, const Request& request) {
    if (!api.config.http.url.empty()) return api.config.http.url;
    const bool tls = !api.config.http.tls_cert.empty();
    return (tls ? "https://" : "http://") + request.field(Field::host);
}

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

}  // namespace

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
    if (!job || read->artifact >= job->record.artifacts.size()) co_return file;
    file.emplace();
    file->job = std::move(*job);
    file->n = read->artifact;
    co_return file;
}

asio::awaitable<void> visit_newest(Api& api, queue::Filter filter, proto::JobSeq before,
                                   std::function<bool(const queue::JobView&)> visit) {
    queue::Page page;
    page.next = before;
    for (int pages = 0; pages < pages_max; ++pages) {
        std::function<void(const queue::Reader&)> errand = [&](const queue::Reader& reader) {
            page = reader.list(filter, page.next, page_jobs);
        };
        co_await look(api.queue, std::move(errand));
        for (const queue::JobView& job : page.jobs)
            if (job.spec.provider == "minimax" && !visit(job)) co_return;
        if (!page.next) co_return;
    }
}

Link link_for(const Api& api, const Request& request, const queue::JobView& job) {
    const std::string base = base_url(api, request);
    return [&api, &job, base](std::size_t n) {
        const auto number = artifact_number(job.record.id, n);
        if (!number || n >= job.record.artifacts.size()) return std::string();
        return base + api.gateway->links.make(
                          prefix, *number, extension_of(job.record.artifacts[n]), api.clock.now());
    };
}

asio::awaitable<ObjectRead> read_json(Api& api, Request& request) {
    ObjectRead read;
    std::string nothing;
    WholeBody body =
        co_await read_body(request, std::move(nothing), api.config.limits.body_bytes_max);
    read.problem = std::move(body.problem);
    if (read.problem) co_return read;
    json::parse_options options;
    options.max_depth = depth_max;
    boost::system::error_code error;
    json::value value = json::parse(body.bytes, error, {}, options);
    if (error) {
        read.problem.emplace("bad_json", "the body is no JSON: " + error.message());
    } else if (!value.is_object()) {
        read.problem.emplace("bad_json", "the body must be a JSON object");
    } else if (const auto fault = proto::request_fault(value.get_object())) {
        read.problem = to_problem(*fault);
    } else {
        read.object = std::move(value.get_object());
    }
    co_return read;
}

asio::awaitable<FileKept> keep_file(Api& api, std::string bytes, std::string media_type) {
    FileKept file;
    workers::BlobArrival arrival(api.blobs);
    std::error_code error = co_await arrival.append(std::move(bytes));
    if (error) {
        co_await arrival.drop();
    } else {
        file.kept = co_await arrival.keep(std::move(media_type));
        error = file.kept.error;
    }
    if (error) {
        file.problem.emplace(workers::means_full(error) ? "disk_full" : "internal",
                             "the file cannot be kept: " + error.message());
    } else if (file.kept.answer.errc != queue::Errc::ok) {
        file.problem = to_problem(file.kept.answer);
    }
    co_return file;
}

Reply refused(const Request& request, const Problem& problem) {
    return refusal(problem, request.arguments[0]);
}

Reply unknown(const Request& request, const std::string& what) {
    return refused(request, Problem("invalid", "invalid " + what));
}

}  // namespace genspool::daemon::gateway::minimax
