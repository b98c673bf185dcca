#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/http_client.hpp"

namespace genspool::tests {

struct ApiAnswer {
    int status = 0;  ///< 0: there was no answer, or only a part of one
    std::string text;
    boost::json::value body;  ///< null where the text is no JSON
};

using ApiHeaders = std::vector<std::pair<std::string, std::string>>;

/// Calls of the daemon's, or the simulator's, HTTP interface; one connection each, nothing is ever
/// sent twice. Any thread.
class Api {
public:
    static Api on_socket(const std::string& path);
    static Api on_port(const std::string& port);

    ApiAnswer get(const std::string& target, ApiHeaders headers = {}) const;
    ApiAnswer post(const std::string& target, std::string body, ApiHeaders headers = {}) const;
    ApiAnswer call(const cli::HttpCall& call) const;

    /// Calls `look` with each of a list's items, page by page; `items` names their array. Throws if
    /// a page is not a 200.
    void each(const std::string& target, const std::string& items,
              const std::function<void(const boost::json::value&)>& look) const;
    /// All of them.
    boost::json::array all(const std::string& target, const std::string& items) const;

private:
    explicit Api(cli::DaemonAddress address) : client_(std::move(address)) {}

    cli::HttpClient client_;
};

/// The text at `key`; empty where it is null, no text, or not there.
std::string text_of(const boost::json::value& object, std::string_view key);

}  // namespace genspool::tests
