#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include <string>

#include "tests/support/raw_server.hpp"
#include "tests/support/throwaway_certificates.hpp"
#include "workers/http_client.hpp"

namespace asio = boost::asio;
using genspool::tests::RawConnection;
using genspool::tests::RawServer;
using genspool::tests::ThrowawayCertificates;
using namespace genspool::workers;
using namespace std::chrono_literals;

namespace {

asio::awaitable<void> answer(RawConnection& connection) {
    while (true) {
        const std::string request = co_await connection.read_request();
        if (request.empty()) co_return;
        co_await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret");
    }
}

/// The same, and a second reply that nobody asked for comes along with the first.
asio::awaitable<void> answer_and_babble(RawConnection& connection) {
    while (true) {
        const std::string request = co_await connection.read_request();
        if (request.empty()) co_return;
        co_await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret");
        co_await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstale");
    }
}

asio::awaitable<void> answer_without_end(RawConnection& connection) {
    co_await connection.read_request();
    co_await connection.send("HTTP/1.1 200 OK\r\n\r\nhalf of it");
}

asio::awaitable<void> stall(RawConnection& connection) {
    co_await connection.stall();
}

asio::awaitable<void> make_twice(HttpClient& client, HttpCall call, HttpReply& last) {
    HttpCall again = call;
    last = co_await client.call(std::move(call));
    if (last.error == HttpError::none) last = co_await client.call(std::move(again));
}

struct World {
    World(RawServer::Handler handler, int version_max, bool trusting)
        : context(certificates.server_context(version_max)),
          server(io, std::move(handler), &context),
          client(io.get_executor(), options(trusting)) {}

    HttpClientOptions options(bool trusting) const {
        HttpClientOptions chosen;
        if (trusting) chosen.extra_ca_file = certificates.ca_file();
        return chosen;
    }

    HttpReply make_twice(const std::string& host, bool paid = false) {
        HttpCall call;
        call.url = server.url("/", host);
        call.paid = paid;
        HttpReply last;
        server.run(::make_twice(client, call, last));
        return last;
    }

    ThrowawayCertificates certificates{"localhost"};
    asio::io_context io;
    asio::ssl::context context;
    RawServer server;
    HttpClient client;
};

}  // namespace

TEST_CASE("a server with a trusted certificate for its name is talked to, and kept") {
    World world(answer, 0, true);
    const HttpReply reply = world.make_twice("localhost");
    CAPTURE(reply.error_text);
    CHECK(reply.progress == HttpProgress::complete);
    CHECK(reply.body == "secret");
    CHECK(world.server.connections() == 1);
}

TEST_CASE("a paid request over TLS has a connection of its own: nothing stale can answer it") {
    World world(answer_and_babble, 0, true);
    const HttpReply reply = world.make_twice("localhost", true);
    CHECK(reply.progress == HttpProgress::complete);
    CHECK(reply.body == "secret");
    CHECK(world.server.connections() == 2);
}

TEST_CASE("a certificate for another name is refused before anything is sent") {
    World world(answer, 0, true);
    const HttpReply reply = world.make_twice("127.0.0.1");
    CHECK(reply.error == HttpError::tls);
    CHECK(reply.progress == HttpProgress::not_sent);
    CHECK(reply.error_text.find("mismatch") != std::string::npos);
}

TEST_CASE("a certificate of an unknown authority is refused") {
    World world(answer, 0, false);
    const HttpReply reply = world.make_twice("localhost");
    CHECK(reply.error == HttpError::tls);
    CHECK(reply.progress == HttpProgress::not_sent);
}

TEST_CASE("TLS 1.2 is spoken, TLS 1.1 is not") {
    World newer(answer, TLS1_2_VERSION, true);
    CHECK(newer.make_twice("localhost").progress == HttpProgress::complete);
    World older(answer, TLS1_1_VERSION, true);
    CHECK(older.make_twice("localhost").error == HttpError::tls);
}

TEST_CASE("a body without a length that ends without TLS saying so is cut, not complete") {
    World world(answer_without_end, 0, true);
    const HttpReply reply = world.make_twice("localhost");
    CHECK(reply.error == HttpError::reset);
    CHECK(reply.progress == HttpProgress::head);
}

TEST_CASE(
    "a server that does not answer the handshake costs the connect deadline, and nothing is sent") {
    asio::io_context io;
    RawServer server(io, stall);
    HttpClient client(io.get_executor(), HttpClientOptions());
    HttpCall call;
    call.url = "https" + server.url("/").substr(4);
    call.deadlines.connect = 30ms;
    HttpReply reply;

    server.run(make_twice(client, call, reply));

    CHECK(reply.error == HttpError::timeout);
    CHECK(reply.progress == HttpProgress::not_sent);
}

TEST_CASE("a trust file that cannot be read is an error at once") {
    asio::io_context io;
    HttpClientOptions options;
    options.extra_ca_file = "/nonexistent/ca.pem";
    CHECK_THROWS(HttpClient(io.get_executor(), options));
}
