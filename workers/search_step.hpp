#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "workers/lease.hpp"
#include "workers/tools.hpp"

namespace genspool::workers {

/// Reads the upstream's list of what the account has bought, for a send that was never answered.
/// Event-loop thread only.
class SearchStep {
public:
    /// Both must outlive it.
    SearchStep(Tools& tools, Lease& lease) : tools_(tools), lease_(lease) {}

    boost::asio::awaitable<void> run();

private:
    enum class Page : std::uint8_t { more, last, none };

    boost::asio::awaitable<Page> read();
    HttpCall prepare(const proto::Provider& provider, const Account& account) const;
    void take(proto::ListPage page);
    void join();
    Page last_page() const;
    bool reaches_back(const std::vector<proto::Listed>& entries);
    proto::Instant search_at();

    Tools& tools_;
    Lease& lease_;
    const proto::Codec* codec_ = nullptr;
    std::string next_;                    ///< asks for the next page
    std::optional<std::uint64_t> total_;  ///< entries of the list when it was begun
    std::set<std::string> seen_;          ///< tasks
    std::vector<proto::Listed> entries_;  ///< that may be of this send, or of one with it
    std::set<std::string> own_;           ///< tasks with this send's reference
    std::set<std::string> anothers_;      ///< and with another one
    bool partial_ = false;                ///< it never shows all that was bought
    bool changed_ = false;                ///< the list, while it was read
    queue::Searched found_;
    proto::Instant oldest_ = proto::never;  ///< entry so far
    bool sorted_ = true;                    ///< newest first, as far as was read
    bool cut_short_ = false;                ///< by a stop
};

}  // namespace genspool::workers
