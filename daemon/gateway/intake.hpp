#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/api.hpp"
#include "daemon/gateway/uploads.hpp"
#include "daemon/problem.hpp"
#include "daemon/request.hpp"
#include "workers/blob_store.hpp"

/// What clients of the gateway send: bodies and files.
namespace genspool::daemon::gateway {

/// How many different files and tasks a body may name: more than any request does. Each of them is
/// looked up.
inline constexpr std::size_t names_max = 64;

/// The body as an object; `problem`: it is none.
struct ObjectRead {
    boost::json::object object;
    std::optional<Problem> problem;

    ObjectRead() = default;
};
boost::asio::awaitable<ObjectRead> read_json(Api& api, Request& request);

/// A file that is kept for requests to name, as PUT /v1/blobs does.
struct FileKept {
    workers::BlobKept kept;
    std::optional<Problem> problem;

    FileKept() = default;
};
boost::asio::awaitable<FileKept> keep_file(Api& api, std::string bytes, std::string media_type);

/// The same as an upload with a number of its own. `upload` says filename and purpose; the rest of
/// it is filled in.
boost::asio::awaitable<std::optional<Problem>> keep_upload(Api& api, const Request& request,
                                                           std::string bytes,
                                                           std::string media_type, Upload& upload);

/// The upload of this number, if its file is still here; a note without one is taken away.
boost::asio::awaitable<std::optional<Upload>> find_upload(Api& api, std::uint64_t number);
boost::asio::awaitable<std::optional<Upload>> find_upload(Api& api, std::string decimal);

/// Takes its note away, if it is the caller's own.
boost::asio::awaitable<std::optional<Problem>> forget_upload(Api& api, const Request& request,
                                                             const Upload& upload);

/// A value of the query; empty: it is not there. One that counts: `otherwise` where it says nothing
/// sensible, `most` at the most.
std::string parameter(const Request& request, std::string_view name);
std::uint64_t count_parameter(const Request& request, std::string_view name,
                              std::uint64_t otherwise, std::uint64_t most);

/// A client of an upstream's own API has never heard of a "request": to it these are the fields of
/// its body.
std::string in_its_words(std::string text);

}  // namespace genspool::daemon::gateway
