#pragma once

#include <boost/asio/buffer.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "workers/http.hpp"
#include "workers/http_failure.hpp"

namespace genspool::workers {

/// Turns the bytes of a connection into one reply: interim (1xx) replies are skipped, chunks are
/// put together, the length is bounded. Does no I/O itself.
class HttpReplyReader {
public:
    /// `head_only`: the reply to a HEAD request, which has no body whatever its headers say.
    HttpReplyReader(bool head_only, std::uint64_t bytes_max);
    ~HttpReplyReader();

    /// Where the next bytes go.
    boost::asio::mutable_buffer room();
    /// That many bytes were put into room().
    void received(std::size_t bytes);
    /// The connection has ended properly: complete only for a body without a declared length.
    void ended();

    bool head_known() const;
    bool done() const;
    /// What is wrong with the reply: reset, protocol or too_large; none if nothing.
    const HttpFailure& failure() const;

    /// Status and headers, once.
    HttpHead take_head();
    /// What has come of the body since the last time.
    std::string take_body();

    /// Whether the connection can carry another call after this reply.
    bool keeps_connection() const;

private:
    class State;
    std::unique_ptr<State> state_;
};

}  // namespace genspool::workers
