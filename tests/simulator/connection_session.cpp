#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/websocket.hpp>

#include "tests/simulator/connection.hpp"

namespace genspool::simulator {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;

namespace {

constexpr auto use_tuple = asio::as_tuple(asio::use_awaitable);

}  // namespace

asio::awaitable<void> Connection::converse(Parser& parser) {
    websocket::stream<asio::ip::tcp::socket&> peer(socket_);
    const auto accepted = co_await peer.async_accept(parser.get(), use_tuple);
    if (std::get<0>(accepted)) co_return;
    Said said = reply_.session->begin();
    while (true) {
        if (said.delay.count() > 0) {
            const bool waited = co_await sleep(said.delay);
            if (!waited) co_return;
        }
        for (const std::string& frame : said.frames) {
            const auto sent = co_await peer.async_write(asio::buffer(frame), use_tuple);
            if (std::get<0>(sent)) co_return;
        }
        if (said.closes) co_return;
        buffer_.clear();
        const auto got = co_await peer.async_read(buffer_, use_tuple);
        if (std::get<0>(got)) co_return;
        const std::string frame = boost::beast::buffers_to_string(buffer_.data());
        said = reply_.session->on_frame(frame, server_.clock_.now());
    }
}

}  // namespace genspool::simulator
