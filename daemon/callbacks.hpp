#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/guard.hpp"
#include "daemon/reply.hpp"
#include "daemon/request.hpp"
#include "proto/codec.hpp"
#include "workers/accounts.hpp"
#include "workers/queue_line.hpp"

namespace genspool::daemon {

/// No callback is longer.
inline constexpr std::uint64_t callback_bytes_max = 64U << 10U;

/// What becomes of a callback, wherever it came in: who knows an account's secret path can bring
/// about a poll of its tasks, at most one in hint_gap for each; nothing else is believed or done.
/// Event-loop thread only.
class Callbacks : public Guard {
public:
    /// What is referred to must outlive it.
    Callbacks(workers::QueueLine& queue, const proto::Registry& registry)
        : queue_(queue), registry_(registry) {}

    /// Whose upstreams may call from now on; each by its `callback_secret`.
    void set_accounts(std::shared_ptr<const workers::Accounts> accounts);

    /// A wrong path gets no further than this.
    std::optional<Reply> stop(Request& request) override;
    bool knows(const Request& request) override { return find(request.target).has_value(); }
    /// Reads the body, and answers once the queue has the hint.
    boost::asio::awaitable<Reply> answer(Request& request);

private:
    /// For whom a call is.
    struct Address {
        std::string account;
        const proto::Provider* provider = nullptr;
    };

    std::optional<Address> find(std::string_view target) const;

    workers::QueueLine& queue_;
    const proto::Registry& registry_;
    std::shared_ptr<const workers::Accounts> accounts_ = std::make_shared<workers::Accounts>();
};

}  // namespace genspool::daemon
