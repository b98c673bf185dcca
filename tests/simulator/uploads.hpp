#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "proto/time.hpp"

namespace genspool::simulator {

/// A file that a client handed over.
struct UploadedFile {
    std::string account;
    std::string purpose;
    std::string sha256;
    std::string name;
    std::string bytes;
    proto::Instant made_at;
};

/// By file_id.
using Uploads = std::unordered_map<std::int64_t, UploadedFile>;

/// As the files' calls tell of it.
boost::json::object told_of(std::int64_t id, const UploadedFile& file);

/// The file that a member of a request names by its number; nullptr: none.
const UploadedFile* find_upload(const Uploads& uploads, std::string_view name,
                                const boost::json::value& id);

/// Why a request cannot name the files that it names; empty: it can.
std::string fault_of_uploads(const boost::json::object& request, const Uploads& uploads,
                             std::string_view account, proto::Instant now);

/// The SHA-256 of each file that lies in a request (data URIs, and `audio_base64`) or is named
/// there by what its upload was answered with, in the order in which they stand; "no base64" for
/// one that cannot be decoded.
std::vector<std::string> files_in(const boost::json::object& request, const Uploads& uploads);

}  // namespace genspool::simulator
