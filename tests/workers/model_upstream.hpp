#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "queue/random.hpp"
#include "tests/simulator/logs.hpp"
#include "tests/simulator/upstream_model.hpp"
#include "tests/support/fake_http.hpp"

namespace genspool::tests {

/// How bad the way to the upstream is, in per mille of all calls.
struct BadWay {
    std::uint32_t not_sent = 0;    ///< no connection
    std::uint32_t lost_there = 0;  ///< the request never arrives, and nobody can tell
    std::uint32_t lost_back = 0;   ///< it arrives, its reply does not
};

/// The upstream's model behind FakeHttp, with a network in between that loses things.
class ModelUpstream {
public:
    /// What the model records goes to `recorder`, or else to records().
    ModelUpstream(simulator::ModelOptions options, std::uint64_t seed,
                  std::function<proto::Instant()> now, simulator::Recorder* recorder = nullptr);

    FakeAnswer answer(const workers::HttpCall& call);

    /// Asked of each call first: what it answers is what the caller gets, and the model never
    /// hears of it. nullopt: the model answers.
    using Stranger = std::function<std::optional<FakeAnswer>(const workers::HttpCall& call)>;
    void set_stranger(Stranger stranger) { stranger_ = std::move(stranger); }
    /// Told of what the model would send of its own accord for a purchase, and how long after the
    /// purchase its answer comes.
    using OnCallbacks = std::function<void(simulator::Callbacks plan, proto::Duration answer)>;
    void on_callbacks(OnCallbacks listener) { on_callbacks_ = std::move(listener); }
    /// From now on the way is this bad.
    void set_way(BadWay way) { way_ = way; }
    /// Calls an admin endpoint ("POST /sim/allow-downloads", "POST /sim/faults").
    void command(const std::string& target, const std::string& body);

    const simulator::MemoryRecorder& records() const { return recorder_; }
    /// Paid calls of which the client cannot know whether they were taken.
    std::uint64_t lost_paid() const { return lost_paid_; }

private:
    simulator::MemoryRecorder recorder_;
    simulator::UpstreamModel model_;
    queue::Random random_;
    std::function<proto::Instant()> now_;
    BadWay way_;
    Stranger stranger_;
    OnCallbacks on_callbacks_;
    std::uint64_t lost_paid_ = 0;
};

}  // namespace genspool::tests
