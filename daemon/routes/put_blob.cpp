#include <optional>
#include <utility>

#include "daemon/api.hpp"
#include "daemon/body.hpp"
#include "daemon/problem.hpp"
#include "daemon/query.hpp"
#include "daemon/queue_calls.hpp"
#include "daemon/routes/routes.hpp"
#include "proto/json_writer.hpp"
#include "proto/references.hpp"
#include "workers/disk_watch.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

namespace {

Problem problem_of(const std::error_code& error) {
    const bool full = workers::means_full(error);
    return {full ? "disk_full" : "internal", "The file cannot be kept: " + error.message() + "."};
}

/// A full disk says so before anybody sends a long body.
asio::awaitable<std::optional<Problem>> closed(Api& api) {
    bool full = false;
    std::function<void(const queue::Reader&)> ask = [&full](const queue::Reader& reader) {
        full = reader.stats().disk != queue::DiskGate::open;
    };
    co_await look(api.queue, std::move(ask));
    std::optional<Problem> problem;
    if (full)
        problem.emplace("disk_full",
                        "The disk is filling up; no file is taken until there is room again.");
    co_return problem;
}

asio::awaitable<std::optional<Problem>> receive(BodySource& body, workers::BlobArrival& arrival) {
    std::optional<Problem> problem;
    while (!problem) {
        BodyPiece piece = co_await body.next();
        if (piece.state == BodyState::end) break;
        if (piece.state != BodyState::piece) {
            problem = body_problem(piece.state);
        } else if (const auto error = co_await arrival.append(std::move(piece.bytes)); error) {
            problem = problem_of(error);
        }
    }
    co_return problem;
}

Reply kept_reply(const workers::BlobKept& kept) {
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.text("file", proto::file_name_of(kept.sha256));
    json.text("media_type", kept.media_type);
    json.count("bytes", kept.bytes);
    json.end_object();
    return Reply(200, std::move(out));
}

}  // namespace

asio::awaitable<Reply> put_blob(Api& api, Request& request) {
    Query query(request);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    std::string said = request.field(Field::content_type);
    if (said.starts_with("multipart/"))
        co_return to_reply(
            Problem("unsupported_media_type",
                    "Send the file itself as the body, as curl --data-binary does."));
    std::optional<Problem> problem = co_await closed(api);
    if (problem) co_return to_reply(*problem);
    workers::BlobArrival arrival(api.blobs);
    problem = co_await receive(*request.body, arrival);
    if (problem) {
        co_await arrival.drop();
        co_return to_reply(*problem);
    }
    const workers::BlobKept kept = co_await arrival.keep(std::move(said));
    if (kept.error) co_return to_reply(problem_of(kept.error));
    if (kept.answer.errc != queue::Errc::ok) co_return to_reply(to_problem(kept.answer));
    co_return kept_reply(kept);
}

}  // namespace genspool::daemon::routes
