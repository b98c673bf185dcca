#include <charconv>
#include <functional>
#include <memory>
#include <utility>

#include "daemon/artifact_file.hpp"
#include "daemon/byte_range.hpp"
#include "daemon/file_stream.hpp"
#include "daemon/lookup.hpp"
#include "daemon/query.hpp"
#include "daemon/routes/routes.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

namespace {

/// The artifact that the request names, or what there is to say instead.
const proto::Artifact* find_artifact(const queue::JobView& job, const std::string& written,
                                     std::optional<Problem>& problem) {
    std::size_t n = 0;
    const char* const end = written.data() + written.size();
    const auto read = std::from_chars(written.data(), end, n);
    const auto& artifacts = job.record.artifacts;
    const std::string id = job.record.id.text();
    if (read.ec != std::errc{} || read.ptr != end || n >= artifacts.size()) {
        problem.emplace("not_found", "Job " + id + " has no artifact " + written + ".");
    } else if (artifacts[n].status == proto::Artifact::Status::lost) {
        problem.emplace("not_found", "Artifact " + written + " of job " + id + " is lost.");
    } else if (artifacts[n].status != proto::Artifact::Status::home) {
        problem.emplace("not_fetched",
                        "Artifact " + written + " of job " + id + " is still on its way.");
    } else {
        return &artifacts[n];
    }
    problem->job_id = id;
    return nullptr;
}

/// The last part of its name, for who saves it; as RFC 6266 wants other characters than ASCII.
std::string disposition(const std::string& name) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out = "inline; filename*=UTF-8''";
    for (const char c : name.substr(name.rfind('/') + 1)) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
        if (plain) {
            out += c;
        } else {
            out += '%';
            out += hex[byte >> 4U];
            out += hex[byte & 15U];
        }
    }
    return out;
}

Reply reply_with(Api& api, const Request& request, const proto::Artifact& artifact,
                 OpenedArtifact opened) {
    const std::string etag = "\"" + artifact.sha256 + "\"";
    Reply reply(200);
    reply.own_type = artifact.media_type.empty() ? "application/octet-stream" : artifact.media_type;
    reply.headers.emplace_back("ETag", etag);
    reply.headers.emplace_back("Accept-Ranges", "bytes");
    reply.headers.emplace_back("Content-Disposition", disposition(artifact.name));
    if (request.field(Field::if_none_match) == etag) {
        reply.status = 304;
        return reply;
    }
    const std::string& if_range = request.field(Field::if_range);
    const bool ranged = if_range.empty() || if_range == etag;
    const ReadRange read =
        read_range(ranged ? std::string_view(request.field(Field::range)) : "", opened.bytes);
    ByteRange part{0, opened.bytes};
    const std::string size = std::to_string(opened.bytes);
    if (read.kind == RangeKind::unsatisfied) {
        Reply refused =
            to_reply(Problem("range_not_satisfiable", "The artifact has " + size + " bytes."));
        refused.headers.emplace_back("Content-Range", "bytes */" + size);
        return refused;
    }
    if (read.kind == RangeKind::part) {
        part = read.range;
        reply.status = 206;
        reply.headers.emplace_back("Content-Range", "bytes " + std::to_string(part.from) + "-" +
                                                        std::to_string(part.from + part.bytes - 1) +
                                                        "/" + size);
    }
    reply.stream_bytes = part.bytes;
    reply.stream =
        std::make_unique<FileStream>(api.pool, std::move(opened.file), part.from, part.bytes);
    return reply;
}

}  // namespace

asio::awaitable<Reply> artifact(Api& api, Request& request) {
    Query query(request);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    FoundJob found = co_await find_job(api, request.arguments[0], false);
    if (!found.job) co_return to_reply(*found.problem);
    std::optional<Problem> problem;
    const proto::Artifact* const wanted = find_artifact(*found.job, request.arguments[1], problem);
    if (wanted == nullptr) co_return to_reply(*problem);
    std::function<std::optional<OpenedArtifact>()> open = [&api, wanted] {
        return open_artifact(api.artifacts, wanted->name);
    };
    auto opened = co_await workers::on_pool(api.pool, std::move(open));
    if (!opened)
        co_return to_reply(Problem("not_found", "The file " + wanted->name +
                                                    " is no longer in the artifacts' directory."));
    co_return reply_with(api, request, *wanted, std::move(*opened));
}

}  // namespace genspool::daemon::routes
