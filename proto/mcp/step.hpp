#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "proto/mcp/message.hpp"

namespace genspool::proto::mcp {

/// One call of the daemon's API that a message needs.
struct ApiCall {
    std::string method = "GET";
    std::string target;
    std::string body;  ///< JSON; empty: none
    /// The body is a job to be handed in, or to be priced: local files in it go before it.
    bool order = false;
    /// Of an order; empty: order_key() of the body as it is sent at last.
    std::string idempotency_key;
    bool repeatable = true;     ///< may be sent anew when its answer was lost
    unsigned wait_seconds = 0;  ///< how long the daemon may hold it
    /// Not empty: the reply becomes a file of that name in this local directory, and ApiReply::body
    /// its path. Only for a client whose files are at hand.
    std::string save_in;
    std::string save_as;
    std::string save_sha256;  ///< what its SHA-256 is, in hex; empty: not known
};

struct ApiReply {
    enum class Way : std::uint8_t {
        answered,
        unsent,  ///< nothing was sent: `body` says why
        lost,    ///< it was sent, and no answer came: `body` says why
        /// The daemon has the file, and this machine would not take it: `body` says why.
        not_saved,
    };
    Way way = Way::answered;
    int status = 200;
    std::string body;

    bool good() const { return way == Way::answered && status < 300; }
};

/// What is next in answering a message: another call, or the end.
struct Step {
    using Then = std::function<Step(const ApiReply& reply)>;

    std::optional<ApiCall> call;
    Then then;                 ///< with a call: what follows from its reply
    std::string notification;  ///< with a call: for the client, before it; empty: none
    boost::json::object result;
    std::optional<Fault> fault;
};

/// Who is at the other end.
struct Client {
    std::string_view revision = stateless_revision;
    bool local = false;  ///< the user's files are at hand, and notifications can be sent
};

Step call(ApiCall call, Step::Then then);
Step failed(int code, std::string message, boost::json::value data = {});

}  // namespace genspool::proto::mcp
