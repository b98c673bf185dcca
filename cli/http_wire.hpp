#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/daemon_address.hpp"
#include "cli/http_tls.hpp"

namespace genspool::cli {

/// One connection to the daemon, plain or within TLS, over either kind of socket: to Asio and Beast
/// one stream, so that they are compiled for one stream and one handler, not for each pair.
class HttpWire {
public:
    using Error = boost::system::error_code;
    using Done = std::function<void(Error, std::size_t)>;
    using executor_type = boost::asio::any_io_executor;

    /// `loop` and `address` must outlive this.
    HttpWire(boost::asio::io_context& loop, const DaemonAddress& address)
        : loop_(loop), address_(address), plain_(loop) {}

    executor_type get_executor() { return plain_.get_executor(); }

    /// Connects, with TLS if the address asks for it; each step waits for at most `silence`.
    Error connect(std::chrono::seconds silence);
    /// Why connecting failed, for people, where the error alone does not say it.
    const std::string& complaint() const { return complaint_; }

    /// Runs the loop until what `start` starts with its handler is done, for at most `silence`
    /// (0: for ever): a step can time out, which blocking calls of the library cannot.
    Error step(std::chrono::seconds silence, const std::function<void(Done)>& start);

    template <class Buffers, class Handler>
    void async_read_some(const Buffers& buffers, Handler handler) {
        read_some(all<boost::asio::mutable_buffer>(buffers), shared(std::move(handler)));
    }
    template <class Buffers, class Handler>
    void async_write_some(const Buffers& buffers, Handler handler) {
        write_some(all<boost::asio::const_buffer>(buffers), shared(std::move(handler)));
    }

private:
    Error connect_socket(std::chrono::seconds silence);
    Error connect_tcp(std::chrono::seconds silence);
    Error connect_endpoint(std::chrono::seconds silence,
                           const boost::asio::generic::stream_protocol::endpoint& endpoint);
    Error greet(std::chrono::seconds silence);
    void read_some(std::vector<boost::asio::mutable_buffer> buffers, Done done);
    void write_some(std::vector<boost::asio::const_buffer> buffers, Done done);

    template <class Buffer, class Buffers>
    static std::vector<Buffer> all(const Buffers& buffers) {
        return {boost::asio::buffer_sequence_begin(buffers),
                boost::asio::buffer_sequence_end(buffers)};
    }

    /// Handlers of the library move only; those in a std::function are copied.
    template <class Handler>
    static Done shared(Handler handler) {
        return [held = std::make_shared<Handler>(std::move(handler))](
                   Error error, std::size_t size) { std::move (*held)(error, size); };
    }

    boost::asio::io_context& loop_;
    const DaemonAddress& address_;
    boost::beast::basic_stream<boost::asio::generic::stream_protocol> plain_;
    std::optional<ClientTls> tls_;
    std::string complaint_;
};

}  // namespace genspool::cli
