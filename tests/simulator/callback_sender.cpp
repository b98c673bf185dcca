#include "tests/simulator/callback_sender.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/parse.hpp>
#include <iostream>
#include <utility>

namespace genspool::simulator {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace json = boost::json;

namespace {

constexpr auto use_tuple = asio::as_tuple(asio::use_awaitable);
constexpr auto patience = std::chrono::seconds(3);

std::string text(boost::urls::string_view view) {
    return std::string(view.data(), view.size());
}

}  // namespace

CallbackSender::CallbackSender(const asio::any_io_executor& executor, Callbacks plan)
    : plan_(std::move(plan)), timer_(executor), stream_(executor) {}

asio::awaitable<void> CallbackSender::begin() {
    begun_ = true;
    const bool welcome = co_await challenge();
    over_ = over_ || !welcome;
    while (!over_ && next_ < plan_.updates.size() && plan_.updates[next_].after.count() == 0) {
        std::string body = plan_.updates[next_++].body;
        co_await post(std::move(body));
    }
}

asio::awaitable<void> CallbackSender::run() {
    if (!begun_) co_await begin();
    while (!over_ && next_ < plan_.updates.size()) {
        timer_.expires_at(made_ + plan_.updates[next_].after);
        co_await timer_.async_wait(use_tuple);
        if (over_) co_return;
        std::string body = plan_.updates[next_++].body;
        co_await post(std::move(body));
    }
}

void CallbackSender::abort() {
    over_ = true;
    timer_.cancel();
    stream_.close();
}

asio::awaitable<bool> CallbackSender::challenge() {
    if (plan_.challenge.empty()) co_return true;
    json::object asked;
    asked.emplace("challenge", plan_.challenge);
    std::string body = json::serialize(asked);
    const std::optional<std::string> answer = co_await post(std::move(body));
    if (!answer) co_return false;
    boost::system::error_code ec;
    const json::value echo = json::parse(*answer, ec);
    const bool met = !ec && echo == json::value(asked);
    if (!met) std::cerr << "genspool-sim: the challenge was answered with " << *answer << '\n';
    co_return met;
}

asio::awaitable<std::optional<std::string>> CallbackSender::post(std::string body) {
    const auto url = boost::urls::parse_uri(plan_.url);
    if (!url || url->scheme() != "http") {
        std::cerr << "genspool-sim: no callback to " << plan_.url << ": only http is spoken\n";
        co_return std::nullopt;
    }
    const std::string host = text(url->encoded_host());
    const std::string port = url->has_port() ? text(url->port()) : "80";
    asio::ip::tcp::resolver resolver(stream_.get_executor());
    const auto [lost, found] = co_await resolver.async_resolve(host, port, use_tuple);
    if (lost || over_) co_return std::nullopt;
    stream_.expires_after(patience);
    const auto [refused, peer] = co_await stream_.async_connect(found, use_tuple);
    if (refused) co_return std::nullopt;
    http::request<http::string_body> request(http::verb::post, text(url->encoded_path()), 11);
    request.set(http::field::host, host + ":" + port);
    request.set(http::field::content_type, "application/json");
    request.keep_alive(false);
    request.body() = std::move(body);
    request.prepare_payload();
    const auto [unsent, sent] = co_await http::async_write(stream_, request, use_tuple);
    boost::beast::flat_buffer buffer;
    http::response<http::string_body> response;
    if (unsent) co_return std::nullopt;
    const auto [unread, got] = co_await http::async_read(stream_, buffer, response, use_tuple);
    stream_.close();
    if (unread || response.result() != http::status::ok) co_return std::nullopt;
    co_return std::move(response.body());
}

}  // namespace genspool::simulator
