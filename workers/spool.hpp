#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "proto/codec.hpp"
#include "workers/digest.hpp"
#include "workers/files.hpp"
#include "workers/http.hpp"

/// Where a paid reply that is itself the artifact lies while it arrives and until its artifacts are
/// home: one line of JSON (status, headers, op), the raw body, and a trailer of fixed size with the
/// body's length and SHA-256, by which a complete file is known.
namespace genspool::workers {

/// "spool/<id>.<send>".
std::string spool_path(const proto::JobId& job, proto::Send send);

/// What a file in the spool is called after.
struct SpoolName {
    proto::JobId job;
    proto::Send send = 0;
    bool aside = false;  ///< it was moved aside: a reply nobody has looked at
};

/// "<id>.<send>", or the same with ".old" and perhaps a number; nullopt: not a file of ours.
std::optional<SpoolName> parse_spool_name(const std::string& name);

/// Moves a spool file out of the way, to its name with ".old" and perhaps a number.
boost::asio::awaitable<std::error_code> move_aside(Files& files, std::string path);

/// Takes a paid reply into its spool file, and into memory for the codec. It never refuses: what
/// was bought is kept in memory while the disk is full, and store() is tried again. Event-loop
/// thread only.
class SpoolSink : public BodySink {
public:
    SpoolSink(Files& files, std::string path, std::string op);

    /// Makes the file, before the call begins: the disk is asked for room before money is spent.
    /// What has its name already, as of a send that the queue has forgotten, is moved aside.
    boost::asio::awaitable<std::error_code> open();

    boost::asio::awaitable<bool> begin(HttpHead head) override;
    boost::asio::awaitable<bool> write(std::string piece) override;

    /// Completes the file: trailer, file and directory synced. After an error it may be called
    /// again; it then writes the file anew from memory.
    boost::asio::awaitable<std::error_code> store();

    boost::asio::awaitable<void> remove();

    /// The body so far, on loan: it is large, and store() may need it again.
    std::string lend_body() { return std::exchange(body_, {}); }
    void give_back(std::string body) { body_ = std::move(body); }

private:
    boost::asio::awaitable<std::error_code> append(std::string bytes);
    boost::asio::awaitable<std::error_code> create();
    boost::asio::awaitable<std::error_code> start_over();

    Files& files_;
    std::string path_;
    std::string op_;
    std::string head_line_;
    std::string body_;
    Sha256 digest_;
    std::unique_ptr<OutputFile> file_;  ///< null: broken, or not open
};

/// What a spool file says.
struct SpooledReply {
    std::string op;
    proto::Reply reply;
};

/// The reply in a complete spool file; nullopt if it is incomplete or does not agree with its
/// trailer.
std::optional<SpooledReply> parse_spool(std::string_view file);

/// What a look into the spool came to.
struct SpoolRead {
    std::error_code error;              ///< it could not be read, so nobody knows what it holds
    std::optional<SpooledReply> reply;  ///< nullopt without an error: there is no complete one
};

boost::asio::awaitable<SpoolRead> read_spool(Files& files, std::string path);

/// The sends of this job, `first` and later ones, of which a file lies in the spool; the latest
/// first. Later ones than the queue knows there are only where it was put back to an earlier state.
/// Throws std::system_error where the spool cannot be listed.
boost::asio::awaitable<std::vector<proto::Send>> spooled_sends(Files& files, proto::JobId job,
                                                               proto::Send first);

/// Syncs a file that was found complete after a start: it may not have reached the disk yet.
boost::asio::awaitable<std::error_code> sync_spool(Files& files, std::string path);

}  // namespace genspool::workers
