#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>
#include <system_error>

#include "workers/lease.hpp"
#include "workers/output_name.hpp"
#include "workers/part_file.hpp"
#include "workers/tools.hpp"

namespace genspool::workers {

/// The last part of an artifact's way: from a part file that is complete to its final name, so that
/// a crash at any point neither shows an unfinished file nor fetches a finished one again. In this
/// order: sync the part, commit name and hash (`named`), rename without replacing, sync the
/// directory, commit (`home`). Event-loop thread only.
class BringHome {
public:
    enum class End : std::uint8_t {
        home,   ///< and the queue knows
        stale,  ///< the job has moved on
        disk,   ///< see error()
        absent  ///< settle() only: neither the part nor the file is there, or not as it was
    };

    /// Both must outlive it.
    BringHome(Tools& tools, Lease& lease) : tools_(tools), lease_(lease) {}

    /// The part file of artifact n, beneath the state directory, and that of its archive.
    boost::asio::awaitable<std::string> part_path(std::uint32_t n);
    boost::asio::awaitable<std::string> pack_path(std::uint32_t n);

    /// Brings a part that was verified home.
    boost::asio::awaitable<End> finish(std::uint32_t n, PartFile& part, std::string media_type);

    /// Brings home what has come out of an archive, and is its part file now.
    boost::asio::awaitable<End> finish(std::uint32_t n, Unpacked unpacked, std::string media_type);

    /// Goes on with an artifact that a crash left `named`.
    boost::asio::awaitable<End> settle(std::uint32_t n);

    const std::error_code& error() const { return error_; }

    /// Whether it was because of this that an artifact cannot lie where its template says: a file
    /// stands where a directory would, a name is longer than the file system takes. From now on it
    /// has the name that it would have without one: what was bought must have some place. Once.
    bool steps_aside(const std::error_code& error);

private:
    boost::asio::awaitable<OutputFacts> facts(std::uint32_t n);
    boost::asio::awaitable<End> name_it(queue::ArtifactNamed named, std::string part);
    boost::asio::awaitable<End> tell_home(std::uint32_t n);
    const std::string& output() const;
    bool unreadable(const FileDigest& found);

    Tools& tools_;
    Lease& lease_;
    std::error_code error_;
    bool aside_ = false;
};

}  // namespace genspool::workers
