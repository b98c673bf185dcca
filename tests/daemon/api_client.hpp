#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <map>
#include <memory>
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

/// A blocking client of the daemon: one connection, kept open.
class ApiClient {
public:
    explicit ApiClient(const std::string& socket);
    /// Over TCP, on loopback; every call brings this token, if it is not empty.
    ApiClient(std::uint16_t port, std::string token);
    /// Takes a connected socket over.
    static ApiClient on_descriptor(int connected);

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
    /// What it says in its Host field.
    const std::string& host() const { return host_; }

private:
    using Protocol = boost::asio::generic::stream_protocol;

    ApiClient();

    std::unique_ptr<boost::asio::io_context> io_ = std::make_unique<boost::asio::io_context>();
    Protocol::socket socket_;
    std::string host_ = "localhost";
    std::string token_;
    std::string left_;  ///< read, and not yet taken
};

}  // namespace genspool::tests
