#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/bench/api_client.hpp"
#include "tests/bench/bench.hpp"
#include "tests/bench/child.hpp"

namespace genspool::bench {

/// The account of a stage, in the words of the configuration file.
struct StageAccount {
    std::uint32_t slots = 1;  ///< of each class
    std::string poll;         ///< both bounds, as in "60s"
};

/// genspoold, and genspool-sim where there is an account, on a state directory of their own.
class Stage {
public:
    /// No account: jobs are taken and stay queued.
    explicit Stage(Context& context);
    /// `simulator`: more of its options.
    Stage(Context& context, const StageAccount& account, const std::vector<std::string>& simulator);

    /// Starts the daemon; returns once it is ready. Seconds from the start of the process to then.
    double start();
    /// Ends it in order.
    void stop();

    Child& daemon() { return *daemon_; }
    Child& simulator() { return *simulator_; }
    const std::string& socket() const { return socket_; }
    ApiClient client() const { return ApiClient(socket_); }
    /// So many requests the simulator was sent at this endpoint so far.
    std::uint64_t asked_upstream(std::string_view endpoint) const;

    /// Waits until `count` jobs are in `state`; throws after `most`.
    void await_jobs(std::string_view state, std::uint64_t count, std::chrono::seconds most);

private:
    void configure(const std::string& more) const;

    Context& context_;
    std::string socket_;
    std::string config_;
    std::uint16_t upstream_port_ = 0;
    std::unique_ptr<Child> simulator_;
    std::unique_ptr<Child> daemon_;
};

}  // namespace genspool::bench
