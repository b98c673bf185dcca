#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "daemon/import_reader.hpp"
#include "daemon/inbox_folders.hpp"
#include "proto/result.hpp"
#include "workers/blob_store.hpp"
#include "workers/clock.hpp"
#include "workers/file_pool.hpp"

namespace genspool::daemon {

/// A job's text with its files handed in, or why that cannot be.
struct InputsTaken {
    std::string text;
    std::optional<proto::Refused> refused{};  ///< the job itself is no good
    std::string later{};                      ///< it may be good later: why; empty: it is now

    InputsTaken() = default;
};

/// The files that dropped jobs name, {"$file": "photos/a.png"}: each is handed in, and named by its
/// hash from there on. A path is taken from the watch folder, and never leads out of it. One
/// import's; event-loop thread; what it is built from must outlive it.
class InboxInputs {
public:
    InboxInputs(const InboxFolders& folders, workers::FilePool& pool, workers::BlobStore& blobs,
                workers::Clock& clock, const ImportLimits& limits)
        : folders_(folders), pool_(pool), blobs_(blobs), clock_(clock), limits_(limits) {}

    /// `text` is a job or a batch line; one that is neither comes back as it is.
    boost::asio::awaitable<InputsTaken> take(std::string text);

private:
    struct Found {
        std::string name;  ///< "sha256:…"
        std::optional<proto::Refused> refused{};
        std::string later{};

        Found() = default;
    };

    std::string not_ready(const FileOpened& file) const;
    boost::asio::awaitable<Found> hand_in(std::string path, std::string field);
    boost::asio::awaitable<Found> copy(FileOpened file, std::string path);

    const InboxFolders& folders_;
    workers::FilePool& pool_;
    workers::BlobStore& blobs_;
    workers::Clock& clock_;
    ImportLimits limits_;
    std::map<std::string, std::string> known_;  ///< path: name; many lines may name one file
};

}  // namespace genspool::daemon
