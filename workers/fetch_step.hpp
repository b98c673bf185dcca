#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <system_error>

#include "workers/bring_home.hpp"
#include "workers/lease.hpp"
#include "workers/link_source.hpp"
#include "workers/part_file.hpp"
#include "workers/spool.hpp"
#include "workers/tools.hpp"

namespace genspool::workers {

/// Brings the artifacts of one job home, one after the other: out of the spooled reply, or from
/// behind links. What does not come now is tried later; nothing is bought for it. Event-loop thread
/// only.
class FetchStep {
public:
    /// Both must outlive it.
    FetchStep(Tools& tools, Lease& lease);

    boost::asio::awaitable<void> run();

private:
    /// What is to be done after one artifact.
    enum class Next : std::uint8_t { go_on, stop };

    boost::asio::awaitable<Next> bring(std::uint32_t n);
    boost::asio::awaitable<Next> try_to_bring(std::uint32_t n);
    boost::asio::awaitable<Next> extract(std::uint32_t n);
    boost::asio::awaitable<Next> download(std::uint32_t n);
    boost::asio::awaitable<Next> unpack(std::uint32_t n, PartFile& pack, std::string said);
    boost::asio::awaitable<Next> ended(BringHome::End end);
    boost::asio::awaitable<Next> lose(std::uint32_t n, proto::Failure why);
    void later(std::string reason, proto::Instant at);
    void later(std::string reason);
    boost::asio::awaitable<void> disk_trouble(std::error_code error, std::string what);
    boost::asio::awaitable<void> forget_spool();

    bool ours(const proto::Artifact& artifact) const;
    std::size_t index_in_send(std::uint32_t n) const;

    Tools& tools_;
    Lease& lease_;
    const proto::Codec* codec_ = nullptr;
    BringHome home_;
    LinkSource links_;
    std::optional<SpooledReply> spooled_;  ///< read once for all artifacts in it
    std::optional<queue::FetchLater> later_;
    bool lost_some_ = false;
    bool aside_ = false;  ///< the artifact goes elsewhere than its template says: once more
    bool more_ = false;   ///< an archive held files that were not on record when the step began
    bool moved_ = false;  ///< at least one artifact came home or was lost in this step
};

}  // namespace genspool::workers
