#include "tests/support/raw_server.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <exception>

#include "tests/support/run.hpp"

namespace genspool::tests {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

std::size_t content_length(const std::string& head) {
    const std::string name = "Content-Length: ";
    const std::size_t at = head.find(name);
    return at == std::string::npos ? 0 : std::stoul(head.substr(at + name.size()));
}

}  // namespace

asio::awaitable<bool> RawConnection::handshake(asio::ssl::context& context) {
    tls_.emplace(socket_, context);
    const auto result = co_await tls_->async_handshake(asio::ssl::stream_base::server,
                                                       asio::as_tuple(asio::use_awaitable));
    co_return !std::get<0>(result);
}

asio::awaitable<std::string> RawConnection::read_request() {
    std::size_t head_end = pending_.find("\r\n\r\n");
    while (head_end == std::string::npos) {
        const bool alive = co_await read_more();
        if (!alive) co_return std::string();
        head_end = pending_.find("\r\n\r\n");
    }
    const std::size_t length = head_end + 4 + content_length(pending_.substr(0, head_end));
    while (pending_.size() < length) {
        const bool alive = co_await read_more();
        if (!alive) co_return std::string();
    }
    std::string request = pending_.substr(0, length);
    pending_.erase(0, length);
    co_return request;
}

asio::awaitable<void> RawConnection::send(std::string bytes) {
    // The peer may be gone; the test looks at what the peer says of it.
    if (tls_) {
        co_await asio::async_write(*tls_, asio::buffer(bytes), asio::as_tuple(asio::use_awaitable));
    } else {
        co_await asio::async_write(socket_, asio::buffer(bytes),
                                   asio::as_tuple(asio::use_awaitable));
    }
}

asio::awaitable<void> RawConnection::stall() {
    bool alive = true;
    while (alive) {
        alive = co_await read_more();
    }
}

asio::awaitable<void> RawConnection::ignore() {
    asio::steady_timer forever(socket_.get_executor(), asio::steady_timer::time_point::max());
    co_await forever.async_wait(asio::as_tuple(asio::use_awaitable));
}

void RawConnection::reset() {
    socket_.set_option(asio::socket_base::linger(true, 0));
    socket_.close();
}

asio::awaitable<bool> RawConnection::read_more() {
    // A read begun after the cancellation would not be cancelled by it.
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) co_return false;
    std::array<char, 16384> piece;
    const auto room = asio::buffer(piece);
    boost::system::error_code error;
    std::size_t count = 0;
    if (tls_) {
        const auto result =
            co_await tls_->async_read_some(room, asio::as_tuple(asio::use_awaitable));
        std::tie(error, count) = result;
    } else {
        const auto result =
            co_await socket_.async_read_some(room, asio::as_tuple(asio::use_awaitable));
        std::tie(error, count) = result;
    }
    pending_.append(piece.data(), count);
    co_return !error;
}

RawServer::RawServer(asio::io_context& io, Handler handler, asio::ssl::context* tls)
    : io_(io),
      handler_(std::move(handler)),
      tls_(tls),
      acceptor_(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
      group_(io.get_executor(), [](std::string_view, std::exception_ptr error) {
          std::rethrow_exception(std::move(error));
      }) {}

void RawServer::run(asio::awaitable<void> scenario) {
    group_.spawn("accept", accept());
    tests::run(io_, run_and_stop(std::move(scenario)));
}

std::string RawServer::url(const std::string& resource, const std::string& host) const {
    const std::string scheme = tls_ ? "https://" : "http://";
    return scheme + host + ":" + std::to_string(acceptor_.local_endpoint().port()) + resource;
}

asio::awaitable<void> RawServer::accept() {
    while (acceptor_.is_open()) {
        auto result = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
        if (std::get<0>(result)) co_return;
        ++connections_;
        group_.spawn("connection", serve(std::move(std::get<1>(result))));
    }
}

asio::awaitable<void> RawServer::serve(tcp::socket socket) {
    RawConnection connection(std::move(socket));
    if (tls_) {
        const bool secure = co_await connection.handshake(*tls_);
        if (!secure) co_return;
    }
    co_await handler_(connection);
}

asio::awaitable<void> RawServer::run_and_stop(asio::awaitable<void> scenario) {
    std::exception_ptr thrown;
    try {
        co_await std::move(scenario);
    } catch (...) {
        thrown = std::current_exception();
    }
    acceptor_.close();
    group_.cancel_all();
    co_await group_.join();
    if (thrown) std::rethrow_exception(thrown);
}

}  // namespace genspool::tests
