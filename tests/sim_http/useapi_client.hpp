#pragma once

#include "tests/sim_http/model_client.hpp"

namespace genspool::tests {

/// Talks to a model as a client of useapi.net does. Paths are relative to /v1/minimax.
class UseapiClient : public ModelClient {
public:
    explicit UseapiClient(simulator::ModelOptions options = {});

    simulator::ModelReply ask(std::string_view method, std::string_view path,
                              std::string_view body = {},
                              std::string_view content_type = "application/json");

    /// POST with these fields.
    simulator::ModelReply buy(std::string_view path, const boost::json::object& fields);

    /// A video of account 301 with that prompt: its id.
    std::string video(std::string_view prompt);

    /// GET of what an id names, by its kind.
    simulator::ModelReply look(std::string_view id);
    boost::json::object view(std::string_view id);

    /// POST /sim/useapi must succeed.
    void set(const boost::json::object& account);
};

boost::json::value json_of(const simulator::ModelReply& reply);

/// A form of these texts; a name that ends in "@" is of a file.
std::string form_of(std::initializer_list<std::pair<std::string_view, std::string_view>> fields);
inline constexpr std::string_view form_type = "multipart/form-data; boundary=edge";

}  // namespace genspool::tests
