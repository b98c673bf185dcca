#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <system_error>

#include "workers/clock.hpp"
#include "workers/http.hpp"
#include "workers/part_file.hpp"

namespace genspool::workers {

/// How one attempt at a download ended.
enum class DownloadEnd : std::uint8_t {
    complete,   ///< every byte that was promised is in the part file
    trouble,    ///< worth another try; what arrived is kept where it can be resumed
    slow,       ///< trouble, and next to nothing came in minutes: others need the time
    refused,    ///< 403, 404 or 410: the link is dead
    disk,       ///< our disk, not their server
    cancelled,  ///< a stop
};

/// Brings what a link names into a part file, over as many attempts as it takes. Goes on where the
/// last one broke off if the server gave a strong ETag, else starts over. A file whose length the
/// server does not tell in any way is complete when two attempts have brought the same. A server
/// that sends less than `crumbs_bytes` in `crumbs_wait`, or nothing for as long as the client lets
/// it, is left. No credentials are sent. Event-loop thread only.
class Download : private BodySink {
public:
    static constexpr std::uint64_t crumbs_bytes = 64U << 10U;
    static constexpr proto::Duration crumbs_wait{120'000};

    /// All must outlive it.
    Download(Http& http, PartFile& part, Clock& clock) : http_(http), part_(part), clock_(clock) {}

    boost::asio::awaitable<DownloadEnd> attempt(std::string url, std::uint64_t bytes_max,
                                                bool public_hosts_only);

    /// The next attempt begins anew: what is there was found to be wrong.
    void forget() { etag_.clear(); }

    /// Set where the last attempt ended with `disk`.
    const std::error_code& disk_error() const { return disk_error_; }
    /// Of the last attempt, for people; empty if it was complete.
    const std::string& reason() const { return reason_; }
    /// As the server said; empty if it did not.
    const std::string& media_type() const { return media_type_; }

private:
    boost::asio::awaitable<bool> begin(HttpHead head) override;
    boost::asio::awaitable<bool> write(std::string piece) override;
    DownloadEnd judge(const HttpReply& reply);
    bool seen_before();
    bool only_crumbs(std::size_t bytes);

    Http& http_;
    PartFile& part_;
    Clock& clock_;
    std::string etag_;  ///< strong, of what is in the part file; empty: not to be resumed
    std::string media_type_;
    std::string reason_;
    std::string endless_sha256_;  ///< of the last file that just stopped; empty: none did

    // Of the attempt under way:
    bool resuming_ = false;
    int status_ = 0;
    std::optional<std::uint64_t> total_;  ///< bytes that the whole file has, where it was said
    bool endless_ = false;  ///< only the end of the connection says where the file ends
    std::error_code disk_error_;
    std::uint64_t arrived_ = 0;       ///< bytes
    bool too_slow_ = false;           ///< it was left because of that
    proto::Instant waiting_since_{};  ///< for the next piece
    proto::Duration waited_{0};       ///< for the last few pieces
    std::uint64_t waited_for_ = 0;    ///< bytes that these had
};

}  // namespace genspool::workers
