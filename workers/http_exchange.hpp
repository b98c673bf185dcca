#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <string_view>

#include "workers/http.hpp"
#include "workers/http_deadline.hpp"
#include "workers/http_reply_reader.hpp"
#include "workers/http_stream.hpp"
#include "workers/secret_filter.hpp"

namespace genspool::workers {

/// One request and its reply over an open connection. Lives in the frame that awaits run(); what it
/// refers to must outlive it.
class HttpExchange {
public:
    /// `head` is the request up to its body.
    HttpExchange(HttpStream& stream, HttpDeadline& deadline, const HttpCall& call,
                 std::string_view head);

    /// Needs throw_if_cancelled off. Throws only what the sink throws.
    boost::asio::awaitable<void> run();

    HttpReply& reply() { return reply_; }
    /// Whether a single byte of the reply has come.
    bool answered() const { return answered_; }
    /// Whether the connection may carry another call.
    bool reusable() const;

private:
    boost::asio::awaitable<void> receive(boost::system::error_code write_error);
    boost::asio::awaitable<bool> deliver();
    bool interrupted(std::string_view what);
    void fail(HttpError error, std::string text);

    HttpStream& stream_;
    HttpDeadline& deadline_;
    const HttpCall& call_;
    std::string_view head_;
    HttpReplyReader reader_;
    SecretFilter filter_;
    HttpReply reply_;
    boost::asio::cancellation_state state_;
    bool answered_ = false;
    bool head_delivered_ = false;
};

}  // namespace genspool::workers
