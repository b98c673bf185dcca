#include "proto/minimax/sync_codec.hpp"

#include <stdexcept>
#include <string>
#include <utility>

#include "proto/http_time.hpp"

namespace genspool::proto::minimax {
namespace {

[[noreturn]] void no_task(const OpInfo& info) {
    throw std::logic_error{std::string{info.name} + " answers at once: it has no task and no link"};
}

}  // namespace

Call SyncCodec::poll(const Task&) const {
    no_task(info());
}
PollOutcome SyncCodec::on_poll(const Task&, const Reply&) const {
    no_task(info());
}
Call SyncCodec::link(const Source&) const {
    no_task(info());
}
LinkOutcome SyncCodec::on_link(const Source&, const Reply&) const {
    no_task(info());
}

Artifact linked_artifact(std::string url, std::string media_type, const Reply& reply) {
    Artifact artifact;
    artifact.source.from = Source::From::link;
    artifact.source.value = std::move(url);
    if (const auto now = replied_at(reply)) artifact.source.expires_at = *now + reply_link_lifetime;
    artifact.media_type = std::move(media_type);
    return artifact;
}

Artifact spooled_artifact(std::string media_type) {
    Artifact artifact;
    artifact.source.from = Source::From::reply;
    artifact.media_type = std::move(media_type);
    return artifact;
}

Failure artifact_failure(std::string_view code, std::string message) {
    Failure failure;
    failure.failure = FailureClass::artifact;
    failure.code = code;
    failure.message = std::move(message);
    return failure;
}

}  // namespace genspool::proto::minimax
