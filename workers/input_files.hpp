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
    std::string request;                      ///< with the files in it
    std::optional<proto::Refusal> refusal{};  ///< why it cannot; nothing was sent
};

/// The request with its files in their places. Refused for good where a file is gone, is not what
/// it was, or is none that the op takes; for now where it cannot be read.
boost::asio::awaitable<FilledRequest> fill_request(Tools& tools, const proto::Codec& codec,
                                                   const proto::JobSpec& spec,
                                                   const proto::JobRecord& record);

}  // namespace genspool::workers
