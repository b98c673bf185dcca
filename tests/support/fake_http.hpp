#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/sim_clock.hpp"
#include "workers/http.hpp"

namespace genspool::tests {

/// What the upstream says in a session.
struct FakeSaid {
    std::vector<std::string> frames;
    proto::Duration delay{0};
    bool hangs_up = false;  ///< after the last of them
};

/// The upstream's side of a session: called with nullptr when it begins, then with each frame.
using FakePeer = std::function<FakeSaid(const std::string* frame)>;

/// What becomes of one call.
struct FakeAnswer {
    int status = 200;
    std::vector<workers::HttpHeader> headers;  ///< all but Content-Length
    std::string body;
    proto::Duration delay{0};  ///< from the request to the end of the call
    /// How far the call comes; anything but `complete` ends it with `error`.
    workers::HttpProgress progress = workers::HttpProgress::complete;
    workers::HttpError error = workers::HttpError::reset;
    std::uint64_t body_bytes = UINT64_MAX;  ///< `head`: so much of the body arrives
    std::optional<std::uint64_t> declared;  ///< Content-Length where it lies
    bool length_said = true;                ///< false: no Content-Length, the connection ends
    std::size_t piece_bytes = 1'500;        ///< in which the body arrives
    proto::Duration pause{0};               ///< before each of them
    /// Of a call that asks for a session: plays in it, after the delay; null: what else is said
    /// here refuses it.
    FakePeer peer;
};

/// The network as a function, on the simulated clock. The upstream learns of a call the moment it
/// is made, and the caller of the reply after its delay; a call that is cancelled in between has
/// been `sent`.
class FakeHttp : public workers::Http {
public:
    using Upstream = std::function<FakeAnswer(const workers::HttpCall& call)>;

    FakeHttp(SimClock& clock, Upstream upstream) : clock_(clock), upstream_(std::move(upstream)) {}

    boost::asio::awaitable<workers::HttpReply> call(workers::HttpCall request) override;

    /// All calls so far, in order.
    const std::vector<workers::HttpCall>& calls() const { return calls_; }

private:
    boost::asio::awaitable<workers::HttpReply> converse(proto::Session& session, FakePeer peer,
                                                        workers::BodySink* sink,
                                                        std::uint64_t bytes_max);

    SimClock& clock_;
    Upstream upstream_;
    std::vector<workers::HttpCall> calls_;
};

}  // namespace genspool::tests
