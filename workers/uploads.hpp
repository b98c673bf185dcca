#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "proto/codec.hpp"
#include "workers/tools.hpp"

/// Files that a request names by what the upstream calls them: an account has each for a while.
namespace genspool::workers {

/// As the account's requests may name it now; nullopt: it has to be uploaded.
boost::asio::awaitable<std::optional<std::string>> find_upload(Tools& tools,
                                                               queue::UploadName name);

struct UploadEnd {
    std::string handle;
    std::optional<proto::Refusal> refusal{};  ///< why there is none

    UploadEnd() = default;
};

/// Uploads a file for this job. `shared`: others may name it too, so it is remembered that the
/// account has it.
boost::asio::awaitable<UploadEnd> upload_file(Tools& tools, const proto::Provider& provider,
                                              proto::JobSeq job, queue::UploadName name,
                                              bool shared, const proto::Input& input,
                                              std::string bytes);

}  // namespace genspool::workers
