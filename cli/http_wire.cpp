#include "cli/http_wire.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

namespace genspool::cli {

namespace asio = boost::asio;
using Protocol = asio::generic::stream_protocol;

namespace {
constexpr std::size_t socket_path_bytes_max = 107;
}

HttpWire::Error HttpWire::step(std::chrono::seconds silence,
                               const std::function<void(Done)>& start) {
    Error result;
    if (silence.count() > 0) {
        plain_.expires_after(silence);
    } else {
        plain_.expires_never();
    }
    start([&result](Error error, std::size_t) { result = error; });
    loop_.restart();
    loop_.run();
    return result;
}

HttpWire::Error HttpWire::connect(std::chrono::seconds silence) {
    const Error error =
        address_.socket_path.empty() ? connect_tcp(silence) : connect_socket(silence);
    return error || !address_.tls ? error : greet(silence);
}

HttpWire::Error HttpWire::connect_socket(std::chrono::seconds silence) {
    if (address_.socket_path.size() > socket_path_bytes_max)
        return asio::error::make_error_code(asio::error::name_too_long);
    const Protocol::endpoint endpoint(asio::local::stream_protocol::endpoint(address_.socket_path));
    return connect_endpoint(silence, endpoint);
}

HttpWire::Error HttpWire::connect_tcp(std::chrono::seconds silence) {
    Error error;
    asio::ip::tcp::resolver resolver(loop_);
    const auto found = resolver.resolve(address_.host, address_.port, error);
    if (error) return error;
    for (const auto& each : found) {
        error = connect_endpoint(silence, each.endpoint());
        if (!error) return error;
        plain_.close();
    }
    return error;
}

HttpWire::Error HttpWire::connect_endpoint(std::chrono::seconds silence,
                                           const Protocol::endpoint& endpoint) {
    return step(silence, [&](Done done) {
        plain_.async_connect(endpoint, [done](Error error) { done(error, 0); });
    });
}

HttpWire::Error HttpWire::greet(std::chrono::seconds silence) {
    Error error;
    tls_.emplace(plain_, address_, error);
    if (error) {
        complaint_ = address_.ca_file + ": " + error.message();
        return error;
    }
    error = step(silence, [&](Done done) {
        tls_->async_greet([done](Error greeted) { done(greeted, 0); });
    });
    if (error) complaint_ = tls_->complaint(error);
    return error;
}

void HttpWire::read_some(std::vector<asio::mutable_buffer> buffers, Done done) {
    if (tls_) return tls_->stream().async_read_some(buffers, std::move(done));
    plain_.async_read_some(buffers, std::move(done));
}

void HttpWire::write_some(std::vector<asio::const_buffer> buffers, Done done) {
    if (tls_) return tls_->stream().async_write_some(buffers, std::move(done));
    plain_.async_write_some(buffers, std::move(done));
}

}  // namespace genspool::cli
