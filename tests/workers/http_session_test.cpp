#include "workers/http_session.hpp"

#include <doctest/doctest.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <functional>
#include <string>
#include <vector>

#include "proto/codec.hpp"
#include "tests/support/run.hpp"
#include "tests/support/throwaway_certificates.hpp"
#include "workers/http_client.hpp"
#include "workers/task_group.hpp"

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using genspool::proto::SessionMove;
using namespace genspool::workers;
using namespace std::chrono_literals;

namespace {

/// Buys at the first word, says what it is told to, and ends at "bye".
class Talk : public genspool::proto::Session {
public:
    SessionMove on_frame(std::string_view frame) override {
        heard.emplace_back(frame);
        SessionMove move;
        move.over = frame == "bye";
        move.paid = frame == "hello";
        if (!move.over && frame != "listen") move.frames.push_back("to " + heard.back());
        if (frame == "later") move.pause = 1ms;
        return move;
    }

    std::vector<std::string> heard;
};

/// What a server does with one client.
using Script = std::function<asio::awaitable<void>(tcp::socket)>;

struct World {
    asio::io_context io;
    tcp::acceptor acceptor{io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
    HttpClientOptions options;
    Talk talk;
    std::vector<std::string> failures;

    HttpCall call(const std::string& scheme = "http") {
        HttpCall made;
        made.url =
            scheme + "://localhost:" + std::to_string(acceptor.local_endpoint().port()) + "/ws?x=1";
        made.headers.push_back({"Authorization", "Bearer the-secret-key"});
        made.secrets = {"the-secret-key"};
        made.session = &talk;
        made.paid = true;
        return made;
    }

    HttpReply play(HttpCall made, const Script& script) {
        HttpReply reply;
        HttpClient client(io.get_executor(), options);
        genspool::tests::run(io, play(client, std::move(made), script, reply));
        return reply;
    }

private:
    asio::awaitable<void> play(HttpClient& client, HttpCall made, const Script& script,
                               HttpReply& reply) {
        TaskGroup group(io.get_executor(), [this](std::string_view, std::exception_ptr) {
            failures.emplace_back("the server threw");
        });
        group.spawn("server", serve(script));
        reply = co_await client.call(std::move(made));
        group.cancel_all();
        co_await group.join();
    }

    asio::awaitable<void> serve(const Script& script) {
        tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
        co_await script(std::move(socket));
    }
};

template <class Stream>
asio::awaitable<std::string> read_frame(websocket::stream<Stream>& peer) {
    beast::flat_buffer buffer;
    co_await peer.async_read(buffer, asio::use_awaitable);
    co_return beast::buffers_to_string(buffer.data());
}

/// Says these words, each when the one before was answered.
template <class Stream>
asio::awaitable<void> say(websocket::stream<Stream>& peer, std::vector<std::string> words,
                          std::vector<std::string>& answers) {
    for (const std::string& word : words) {
        co_await peer.async_write(asio::buffer(word), asio::use_awaitable);
        if (word == "bye" || word == "listen") continue;
        std::string answer = co_await read_frame(peer);
        answers.push_back(std::move(answer));
    }
}

asio::awaitable<void> talk_plainly(tcp::socket socket, std::vector<std::string> words,
                                   std::vector<std::string>& answers) {
    websocket::stream<tcp::socket> peer(std::move(socket));
    co_await peer.async_accept(asio::use_awaitable);
    co_await say(peer, std::move(words), answers);
}

Script saying(std::vector<std::string> words, std::vector<std::string>& answers) {
    return [words = std::move(words), &answers](tcp::socket socket) {
        return talk_plainly(std::move(socket), words, answers);
    };
}

asio::awaitable<void> say_and_stall(tcp::socket socket, std::string word) {
    websocket::stream<tcp::socket> peer(std::move(socket));
    co_await peer.async_accept(asio::use_awaitable);
    co_await peer.async_write(asio::buffer(word), asio::use_awaitable);
    co_await read_frame(peer);
    co_await read_frame(peer);  // nothing more is said
}

Script stalling(std::string word) {
    return [word = std::move(word)](tcp::socket socket) {
        return say_and_stall(std::move(socket), word);
    };
}

asio::awaitable<void> decline(tcp::socket socket, std::string& request_seen) {
    beast::flat_buffer buffer;
    http::request<http::string_body> request;
    co_await http::async_read(socket, buffer, request, asio::use_awaitable);
    request_seen = std::string(request[http::field::authorization]) + " " +
                   std::string(request.target()) + " " +
                   std::string(request[http::field::user_agent]);
    http::response<http::string_body> response(http::status::unauthorized, 11);
    response.body() = "no key: the-secret-key";
    response.prepare_payload();
    co_await http::async_write(socket, response, asio::use_awaitable);
}

}  // namespace

TEST_CASE("a session goes on to its last word, and its record is a stream of events") {
    World world;
    std::vector<std::string> answers;

    const HttpReply reply =
        world.play(world.call(), saying({"hello", "later", "a\nb", "bye"}, answers));

    CHECK(reply.progress == HttpProgress::complete);
    CHECK(reply.error == HttpError::none);
    CHECK(reply.head.status == 101);
    CHECK(reply.body == "data: hello\n\ndata: later\n\ndata: a\ndata: b\n\ndata: bye\n\n");
    CHECK(answers == std::vector<std::string>{"to hello", "to later", "to a\nb"});
    CHECK(world.failures.empty());
}

TEST_CASE("what is lost before the paid frame was not sent, what is lost after it may be bought") {
    World world;
    std::vector<std::string> answers;

    const HttpReply before = world.play(world.call(), saying({}, answers));
    CHECK(before.progress == HttpProgress::not_sent);
    CHECK(before.error == HttpError::reset);
    CHECK(before.head.status == 101);

    const HttpReply unpaid = world.play(world.call(), saying({"listen"}, answers));
    CHECK(unpaid.progress == HttpProgress::not_sent);

    const HttpReply after = world.play(world.call(), saying({"hello"}, answers));
    CHECK(after.progress == HttpProgress::head);
    CHECK(after.error == HttpError::reset);
    CHECK(after.error_text.find("within the session") != std::string::npos);
}

TEST_CASE("a server that answers plain HTTP has refused the session, and its words are kept") {
    World world;
    std::string seen;

    const HttpReply reply = world.play(
        world.call(), [&seen](tcp::socket socket) { return decline(std::move(socket), seen); });

    CHECK(seen == "Bearer the-secret-key /ws?x=1 genspool");
    CHECK(reply.progress == HttpProgress::complete);
    CHECK(reply.head.status == 401);
    CHECK(reply.body == "no key: **************");
    CHECK(world.talk.heard.empty());
}

TEST_CASE("a server that falls silent is given up") {
    World world;
    HttpCall impatient = world.call();
    SUBCASE("after a first word") {
        impatient.deadlines.first_byte = 30ms;
        const HttpReply silent = world.play(impatient, stalling("hello"));
        CHECK(silent.progress == HttpProgress::head);
        CHECK(silent.error == HttpError::timeout);
    }
    SUBCASE("before it") {
        impatient.deadlines.total = 30ms;
        CHECK(world.play(impatient, stalling("listen")).error == HttpError::timeout);
    }
}

TEST_CASE("a server that says too much is given up") {
    World world;
    HttpCall small = world.call();
    small.reply_bytes_max = 40;
    std::vector<std::string> answers;
    const std::string word(15, 'x');
    const HttpReply large = world.play(small, saying({"hello", word, word, "bye"}, answers));
    CHECK(large.error == HttpError::too_large);
    CHECK(large.progress == HttpProgress::head);
    CHECK(world.play(small, saying({std::string(50, 'x')}, answers)).error == HttpError::too_large);
}

TEST_CASE("a key that the server repeats is blotted out of what it says") {
    World world;
    std::vector<std::string> answers;
    const HttpReply reply =
        world.play(world.call(), saying({"hello", "the-secret-key", "bye"}, answers));
    CHECK(reply.body == "data: hello\n\ndata: **************\n\ndata: bye\n\n");
    CHECK(world.talk.heard.at(1) == "**************");
}

namespace {

asio::awaitable<void> ping_first(tcp::socket socket, std::string& pong) {
    websocket::stream<tcp::socket> peer(std::move(socket));
    peer.control_callback([&pong](websocket::frame_type type, beast::string_view text) {
        if (type == websocket::frame_type::pong) pong = std::string(text);
    });
    co_await peer.async_accept(asio::use_awaitable);
    co_await peer.async_ping("still there?", asio::use_awaitable);
    std::vector<std::string> answers;
    std::vector<std::string> words{"hello", "bye"};
    co_await say(peer, std::move(words), answers);
}

asio::awaitable<void> talk_in_secret(tcp::socket socket, asio::ssl::context& context,
                                     std::vector<std::string>& answers) {
    using Tls = asio::ssl::stream<tcp::socket>;
    websocket::stream<Tls> peer(std::move(socket), context);
    co_await peer.next_layer().async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
    co_await peer.async_accept(asio::use_awaitable);
    std::vector<std::string> words{"hello", "bye"};
    co_await say(peer, std::move(words), answers);
}

asio::awaitable<void> cancel_in_the_middle(World& world, HttpReply& reply) {
    TaskGroup client_side(world.io.get_executor(), [](std::string_view, std::exception_ptr) {});
    HttpClient client(world.io.get_executor(), HttpClientOptions());
    HttpCall call = world.call();
    const auto make = [](HttpClient& with, HttpCall made,
                         HttpReply& into) -> asio::awaitable<void> {
        into = co_await with.call(std::move(made));
    };
    client_side.spawn("client", make(client, std::move(call), reply));
    tcp::socket socket = co_await world.acceptor.async_accept(asio::use_awaitable);
    websocket::stream<tcp::socket> peer(std::move(socket));
    co_await peer.async_accept(asio::use_awaitable);
    co_await peer.async_write(asio::buffer("hello", 5), asio::use_awaitable);
    co_await read_frame(peer);
    client_side.cancel_all();
    co_await client_side.join();
}

}  // namespace

TEST_CASE("a ping is answered while the session goes on") {
    World world;
    std::string pong;
    const HttpReply reply = world.play(
        world.call(), [&pong](tcp::socket socket) { return ping_first(std::move(socket), pong); });
    CHECK(reply.progress == HttpProgress::complete);
    CHECK(pong == "still there?");
}

TEST_CASE("over TLS it is the same session, with a server whose certificate is good") {
    genspool::tests::ThrowawayCertificates certificates("localhost");
    asio::ssl::context context = certificates.server_context(0);
    World world;
    std::vector<std::string> answers;
    const Script script = [&](tcp::socket socket) {
        return talk_in_secret(std::move(socket), context, answers);
    };
    world.options.extra_ca_file = certificates.ca_file();
    const HttpReply reply = world.play(world.call("https"), script);
    CHECK(reply.progress == HttpProgress::complete);
    CHECK(reply.body == "data: hello\n\ndata: bye\n\n");

    World stranger;
    const HttpReply refused = stranger.play(stranger.call("https"), script);
    CHECK(refused.error == HttpError::tls);
    CHECK(refused.progress == HttpProgress::not_sent);
}

TEST_CASE("a session that is cancelled in its middle may have been bought") {
    World world;
    HttpReply reply;
    genspool::tests::run(world.io, cancel_in_the_middle(world, reply));
    CHECK(reply.error == HttpError::cancelled);
    CHECK(reply.progress == HttpProgress::head);
}
