#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "tests/simulator/logs.hpp"
#include "tests/simulator/upstream_model.hpp"

namespace genspool::tests {

/// Talks to a model of its own, at a time that only the test moves.
class ModelClient {
public:
    explicit ModelClient(simulator::ModelOptions options = {});

    simulator::ModelReply post(std::string_view path, std::string_view body);
    simulator::ModelReply get(std::string_view target);
    /// GET of a WebSocket.
    simulator::ModelReply upgrade(std::string_view target);

    /// GET of a link as it was handed out, with Range and If-Range if given.
    simulator::ModelReply download(std::string_view link, std::string range = {},
                                   std::string if_range = {});

    /// A video with that prompt.
    simulator::ModelReply create(std::string_view prompt);

    boost::json::object query(std::string_view task);

    /// The link that files/retrieve hands out.
    std::string link_of(std::string_view file_id);

    void pass(proto::Duration span) { now += span; }

    proto::Instant now{std::chrono::hours(480'000)};
    std::string key = "key";
    simulator::MemoryRecorder records;

protected:
    /// With the key, and the body if any.
    simulator::ModelRequest request(std::string_view method, std::string_view target,
                                    std::string_view body);
    simulator::ModelReply send(const simulator::ModelRequest& request);

private:
    simulator::UpstreamModel model_;
};

/// The body as JSON; fails the test when it is none.
boost::json::object body_of(const simulator::ModelReply& reply);

/// base_resp.status_code of a body.
std::int64_t code_of(const simulator::ModelReply& reply);
std::int64_t code_of(const boost::json::object& body);

std::string header_of(const simulator::ModelReply& reply, std::string_view name);
std::string text_of(const boost::json::object& body, std::string_view name);

/// Options in which every call is answered at once.
simulator::ModelOptions instant_options();

/// instant_options() with one fault that always strikes.
simulator::ModelOptions faulty_options(std::string_view fault, double rate = 1.0);

}  // namespace genspool::tests
