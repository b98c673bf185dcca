#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "proto/codec.hpp"

namespace genspool::workers {

struct Tools;

/// Polls of one account and op that begin in the same turn of the event loop become one call, where
/// the op can be asked for many tasks at once. Event-loop thread only; must outlive who asks.
class ListPolls {
public:
    explicit ListPolls(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

    /// Whether tasks of this op and account are asked for together now: there is a list, and it has
    /// told something of late.
    bool tells(const proto::Codec& codec, const std::string& account, proto::Instant now) const;

    struct Answer {
        std::optional<proto::PollOutcome> outcome;  ///< nullopt: the task is to be asked for singly
        bool cut_short = false;                     ///< by a stop
    };
    /// What is said of the task, as a poll of its own would say it. Too few that ask with it, a
    /// list that cannot be read or does not show it: no outcome. `job` is whose task it is.
    boost::asio::awaitable<Answer> ask(Tools& tools, const proto::Provider& provider,
                                       const proto::Codec& codec, proto::Task task,
                                       proto::JobSeq job);

private:
    struct Round;
    struct Place {
        std::shared_ptr<Round> open;    ///< takes more tasks
        proto::Instant closed_until{};  ///< lists have told nothing lately
        bool troubled = false;          ///< the last one met an upstream that may be down
    };

    boost::asio::awaitable<void> lead(Tools& tools, const proto::Provider& provider,
                                      const proto::Codec& codec, std::shared_ptr<Round> round,
                                      proto::JobSeq job);
    /// Reads this page; the next one that is wanted, or nullopt.
    boost::asio::awaitable<std::optional<std::string>> read(Tools& tools,
                                                            const proto::Provider& provider,
                                                            const proto::Codec& codec,
                                                            std::shared_ptr<Round> round,
                                                            std::string page, proto::JobSeq job);

    boost::asio::any_io_executor executor_;
    std::map<std::pair<std::string, std::string>, Place> places_;  ///< by account and op
};

}  // namespace genspool::workers
