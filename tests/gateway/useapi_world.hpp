#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "tests/gateway/gateway_world.hpp"

namespace genspool::tests {

/// A gateway's world with the account "linked" of useapi.net beside the other.
struct UseapiWorld : GatewayWorld {
    explicit UseapiWorld(const Adjust& adjust = {},
                         std::chrono::milliseconds latency = std::chrono::milliseconds{20});

    static void add_linked(daemon::Config& config, const std::string& name,
                           const std::string& upstream_account);

    /// Asks for what the target names until its answer says that it is final; that answer.
    boost::json::value await_final(const std::string& path) const;
    /// The state of the only job, as genspool calls it.
    void await_state(const std::string& state) const;
};

/// A target of the upstream's API.
inline std::string useapi(const std::string& path) {
    return "/useapi/v1/minimax" + path;
}

/// The whole number "code" of an error, which must be the HTTP status, too.
int error_of(const ApiReply& reply);

/// Bodies that are taken, with this prompt.
std::string prompt_of(const std::string& prompt, const std::string& more = {});
std::string spoken(const std::string& text, const std::string& more = {});

std::string text_of(const boost::json::value& value, std::string_view name);

inline constexpr const char* linked_number = "301000000000000001";

}  // namespace genspool::tests
