#pragma once

#include <string>
#include <string_view>

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// An op whose reply is the whole answer: there is no task to poll and no link to renew. Being
/// asked for either is a mistake of the caller's and throws std::logic_error.
class SyncCodec : public Codec {
public:
    Call poll(const Task& task) const final;
    PollOutcome on_poll(const Task& task, const Reply& reply) const final;
    Call link(const Source& source) const final;
    LinkOutcome on_link(const Source& source, const Reply& reply) const final;
};

/// How long the links of synchronous calls last.
inline constexpr Duration reply_link_lifetime = std::chrono::hours{24};

/// An artifact behind a link that cannot be renewed, or inside the reply.
Artifact linked_artifact(std::string url, std::string media_type, const Reply& reply);
Artifact spooled_artifact(std::string media_type);

/// A failure of a reply that was bought but holds no such file. `code` is ours ("artifact.hex").
Failure artifact_failure(std::string_view code, std::string message);

}  // namespace genspool::proto::minimax
