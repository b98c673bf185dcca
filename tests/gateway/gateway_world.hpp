#pragma once

#include <boost/json/value.hpp>
#include <chrono>
#include <string>

#include "tests/daemon/running_daemon.hpp"
#include "tests/daemon/token_file.hpp"
#include "tests/simulator/local_upstream.hpp"

namespace genspool::tests {

/// A daemon with the account "main" at a quick upstream, and a client of the upstream's own API
/// that knows no more of it than a host and a key, which is alice's token.
struct GatewayWorld {
    using Adjust = RunningDaemon::Adjust;

    explicit GatewayWorld(const Adjust& adjust = {},
                          std::chrono::milliseconds latency = std::chrono::milliseconds{20});

    static void add_account(daemon::Config& config, const std::string& name, const std::string& url,
                            const std::string& key);

    ApiClient as(const std::string& name) const;
    ApiClient alice() const { return as("alice"); }

    /// Asks for the task at `target` until its status is a word of an end; the last answer.
    boost::json::value await_task(const std::string& target) const;
    /// How many jobs there are.
    std::size_t jobs() const;
    /// Waits until there are so many.
    void await_jobs(std::size_t count) const;
    /// Nothing is bought until the queue is let go again.
    void pause() const;
    void resume() const;

    std::size_t bought() const { return upstream.records().truths().size(); }

    simulator::LocalUpstream upstream;
    TokenFile tokens;
    RunningDaemon daemon;
};

/// base_resp.status_code of an answer.
std::int64_t code_of(const ApiReply& reply);
std::string words_of(const ApiReply& reply);

/// The text or the number at a path of members, as text: "file.file_id".
std::string at(const ApiReply& reply, const std::string& path);

/// The bytes of hexadecimal digits.
std::string from_hex(const std::string& digits);

/// A link without its host.
std::string path_of(const std::string& url);

/// A body that is taken, with this text to be spoken.
std::string speech(const std::string& text, const std::string& more = {});
std::string film(const std::string& prompt);

}  // namespace genspool::tests
