#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "proto/codec.hpp"
#include "workers/tools.hpp"

/// The files that a job takes, on their way into its request.
namespace genspool::workers {

/// How many bytes they have together.
std::uint64_t input_bytes(const proto::JobRecord& record);

struct FilledRequest {
    std::string request;                      ///< with the files in it, or what they are called
    std::optional<proto::Refusal> refusal{};  ///< why it cannot; nothing was sent
};

/// The request with its files in their places, uploaded where the op wants that. Refused for good
/// where a file is gone, is not what it was, or is none that the op or the upstream takes; for now
/// where it cannot be read or uploaded.
boost::asio::awaitable<FilledRequest> fill_request(Tools& tools, const proto::Provider& provider,
                                                   const proto::Codec& codec,
                                                   const proto::JobSpec& spec,
                                                   const proto::JobRecord& record);

}  // namespace genspool::workers
