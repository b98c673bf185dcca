#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "proto/time.hpp"
#include "workers/clock.hpp"
#include "workers/files.hpp"
#include "workers/queue_line.hpp"

namespace genspool::daemon::gateway {

/// A file that a client has uploaded: the file itself is one that was handed in (blob_store.hpp),
/// this is by what number and for what.
struct Upload {
    std::uint64_t number = 0;
    std::string sha256;  ///< 64 hexadecimal digits in lower case
    std::string filename;
    std::string purpose;  ///< in the upstream's words
    std::string principal;
    std::uint64_t bytes = 0;
    proto::Instant created_at{};

    Upload() = default;
    bool operator==(const Upload&) const = default;
};

/// The notes of uploads: a small file each, uploads/NUMBER.json. Whoever finds that the file itself
/// is gone takes its note away. Event-loop thread.
class Uploads {
public:
    /// Of the state directory.
    explicit Uploads(workers::Files& files) : files_(files) {}

    /// On disk, synced, when this returns without an error.
    boost::asio::awaitable<std::error_code> keep(Upload upload);
    /// nullopt: there is none of this number.
    boost::asio::awaitable<std::optional<Upload>> find(std::uint64_t number);
    /// Oldest number first. Throws std::system_error where they cannot be listed now.
    boost::asio::awaitable<std::vector<Upload>> all();
    boost::asio::awaitable<std::error_code> forget(std::uint64_t number);
    /// Each hour, until it is cancelled: takes away the notes of files that are gone.
    boost::asio::awaitable<void> run(workers::QueueLine& line, workers::Clock& clock);

private:
    boost::asio::awaitable<void> sweep(workers::QueueLine& line);

    workers::Files& files_;
};

/// A note's text, and back; nullopt: it is damaged.
std::string text_of(const Upload& upload);
std::optional<Upload> read_upload(std::string_view text);

}  // namespace genspool::daemon::gateway
