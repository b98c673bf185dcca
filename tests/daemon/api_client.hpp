#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace genspool::tests {

/// A reply as it came. Header names are in lower case.
struct ApiReply {
    int status = 0;
    std::map<std::string, std::string> headers;
    std::string body;

    boost::json::value json() const;
    /// A member of the body as text; empty if there is none.
    std::string at(std::string_view member) const;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

/// A blocking client of the daemon's socket: one connection, kept open.
class ApiClient {
public:
    explicit ApiClient(const std::string& socket);

    ApiReply get(const std::string& target, const Headers& headers = {});
    /// As application/json unless the headers say otherwise.
    ApiReply post(const std::string& target, const std::string& body, const Headers& headers = {});
    ApiReply call(const std::string& method, const std::string& target, const std::string& body,
                  const Headers& headers);

    /// Bytes as they are, for what no well-behaved client sends.
    void send_raw(std::string_view bytes);
    ApiReply read_reply();
    /// Whatever comes next, at least one byte; empty at the end of the connection.
    std::string read_some();
    /// Reads until `mark` stands in what has come since the last call of this; returns all of it.
    std::string read_until(std::string_view mark);
    void close();

private:
    boost::asio::io_context io_;
    boost::asio::local::stream_protocol::socket socket_;
    std::string left_;  ///< read, and not yet taken
};

}  // namespace genspool::tests
