#include "workers/http_client.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/raw_server.hpp"

namespace asio = boost::asio;
using genspool::tests::RawConnection;
using genspool::tests::RawServer;
using namespace genspool::workers;
using namespace std::chrono_literals;

namespace {

using Requests = std::vector<std::string>;
using Replies = std::vector<HttpReply>;

std::string ok(const std::string& body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

struct World {
    explicit World(RawServer::Handler handler) : server(io, std::move(handler)) {}

    asio::io_context io;
    RawServer server;
    HttpClient client{io.get_executor(), HttpClientOptions()};

    HttpCall get(const std::string& resource = "/") const {
        HttpCall call;
        call.url = server.url(resource);
        return call;
    }

    HttpCall post(const std::string& body) const {
        HttpCall call = get();
        call.method = "POST";
        call.body = body;
        return call;
    }

    /// Makes the calls one after the other.
    Replies make(std::vector<HttpCall> calls) {
        Replies replies;
        server.run(make_all(client, std::move(calls), replies));
        return replies;
    }

    HttpReply make_one(HttpCall call) { return make({std::move(call)}).front(); }

    static asio::awaitable<void> make_all(HttpClient& client, std::vector<HttpCall> calls,
                                          Replies& replies) {
        for (HttpCall& call : calls) {
            auto reply = co_await client.call(std::move(call));
            replies.push_back(std::move(reply));
        }
    }
};

/// Answers every request with its own number, and keeps the connection.
asio::awaitable<void> answer(RawConnection& connection, Requests& requests) {
    while (true) {
        std::string request = co_await connection.read_request();
        if (request.empty()) co_return;
        requests.push_back(std::move(request));
        co_await connection.send(ok(std::to_string(requests.size())));
    }
}

/// Answers one request, and hangs up without a word when the next has come.
asio::awaitable<void> answer_once(RawConnection& connection, Requests& requests) {
    for (int count = 0; count < 2; ++count) {
        std::string request = co_await connection.read_request();
        if (request.empty()) co_return;
        requests.push_back(std::move(request));
        if (count == 0) co_await connection.send(ok("first"));
    }
}

asio::awaitable<void> say(RawConnection& connection, std::string bytes) {
    co_await connection.read_request();
    co_await connection.send(std::move(bytes));
}

asio::awaitable<void> say_and_stall(RawConnection& connection, std::string bytes) {
    co_await connection.read_request();
    co_await connection.send(std::move(bytes));
    co_await connection.stall();
}

RawServer::Handler saying(std::string bytes) {
    return [bytes](RawConnection& connection) { return say(connection, bytes); };
}

RawServer::Handler stalling(std::string bytes) {
    return [bytes](RawConnection& connection) { return say_and_stall(connection, bytes); };
}

RawServer::Handler answering(Requests& requests) {
    return [&requests](RawConnection& connection) { return answer(connection, requests); };
}

asio::awaitable<void> reset(RawConnection& connection) {
    co_await connection.read_request();
    connection.reset();
}

asio::awaitable<void> refuse_early(RawConnection& connection) {
    co_await connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
    co_await connection.stall();
}

/// Cancels the caller once its request has come.
asio::awaitable<void> cancel(RawConnection& connection, TaskGroup& callers) {
    co_await connection.read_request();
    callers.cancel_all();
    co_await connection.stall();
}

class Collector : public BodySink {
public:
    explicit Collector(bool wanted, std::size_t bytes_max) : wanted_(wanted), max_(bytes_max) {}

    asio::awaitable<bool> begin(HttpHead head) override {
        status = head.status;
        co_return wanted_;
    }

    asio::awaitable<bool> write(std::string piece) override {
        bytes += piece;
        co_return bytes.size() <= max_;
    }

    int status = 0;
    std::string bytes;

private:
    bool wanted_;
    std::size_t max_;
};

}  // namespace

TEST_CASE("a call brings back status, headers and body, and the connection is kept") {
    Requests requests;
    World world(answering(requests));

    const Replies replies = world.make({world.get("/a?b=c"), world.post("body")});

    CHECK(replies[0].progress == HttpProgress::complete);
    CHECK(replies[0].error == HttpError::none);
    CHECK(replies[0].error_text.empty());
    CHECK(replies[0].head.status == 200);
    CHECK(replies[0].head.header("content-LENGTH") == "1");
    CHECK(replies[1].body == "2");
    CHECK(world.server.connections() == 1);
    CHECK(world.client.idle_connections() == 1);
    CHECK(requests[0].starts_with("GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:"));
    CHECK(requests[0].find("Accept-Encoding") == std::string::npos);
    CHECK(requests[1].ends_with("\r\n\r\nbody"));
}

TEST_CASE("redirects are returned, not followed") {
    World world(saying("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"));
    const HttpReply reply = world.make_one(world.get());
    CHECK(reply.head.status == 302);
    CHECK(reply.head.header("Location") == "/b");
    CHECK(world.server.connections() == 1);
}

TEST_CASE("a paid request may follow a fresh answer on its connection") {
    Requests requests;
    World world(answering(requests));
    HttpCall paid = world.post("buy");
    paid.paid = true;

    const Replies replies = world.make({paid, paid});

    CHECK(replies[1].progress == HttpProgress::complete);
    CHECK(requests.size() == 2);
    CHECK(world.server.connections() == 1);
}

TEST_CASE("a paid request that dies on a kept connection is not written again") {
    Requests requests;
    World world([&requests](RawConnection& c) { return answer_once(c, requests); });
    HttpCall paid = world.get("/buy");
    paid.paid = true;

    const Replies replies = world.make({world.get(), paid});

    CHECK(replies[1].progress == HttpProgress::sent);
    CHECK(replies[1].error == HttpError::reset);
    CHECK(requests.size() == 2);
    CHECK(world.server.connections() == 1);
}

TEST_CASE("a free GET that dies on a kept connection is repeated once on a fresh one") {
    Requests requests;
    World world([&requests](RawConnection& c) { return answer_once(c, requests); });

    const Replies replies = world.make({world.get(), world.get("/again")});

    CHECK(replies[1].progress == HttpProgress::complete);
    CHECK(replies[1].body == "first");
    CHECK(requests.size() == 3);
    CHECK(world.server.connections() == 2);
}

TEST_CASE("a free POST that dies on a kept connection is not written again") {
    Requests requests;
    World world([&requests](RawConnection& c) { return answer_once(c, requests); });

    const Replies replies = world.make({world.get(), world.post("upload")});

    CHECK(replies[1].error == HttpError::reset);
    CHECK(requests.size() == 2);
}

TEST_CASE("a connection that its server has closed is not used again") {
    World world(saying(ok("bye")));
    const Replies replies = world.make({world.post("1"), world.post("2"), world.post("3")});
    for (const HttpReply& reply : replies)
        CHECK(reply.progress == HttpProgress::complete);
    CHECK(world.server.connections() == 3);
}

TEST_CASE("a connection that ends before the reply leaves the request sent") {
    for (const RawServer::Handler& handler : {saying(""), RawServer::Handler(reset)}) {
        World world(handler);
        const HttpReply reply = world.make_one(world.post("x"));
        CHECK(reply.progress == HttpProgress::sent);
        CHECK(reply.error == HttpError::reset);
        CHECK_FALSE(reply.error_text.empty());
        CHECK(world.client.idle_connections() == 0);
    }
}

TEST_CASE("half a head is no head, half a body is no reply") {
    World half_head(saying("HTTP/1.1 200 OK\r\nContent-"));
    const HttpReply first = half_head.make_one(half_head.get());
    CHECK(first.progress == HttpProgress::sent);
    CHECK(first.error == HttpError::reset);

    World half_body(saying("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"));
    const HttpReply second = half_body.make_one(half_body.get());
    CHECK(second.progress == HttpProgress::head);
    CHECK(second.error == HttpError::reset);
    CHECK(second.head.status == 200);
    CHECK(second.body.empty());
}

TEST_CASE("a reply that is no HTTP is a protocol error") {
    World world(saying("220 mail.example ESMTP\r\n"));
    const HttpReply reply = world.make_one(world.get());
    CHECK(reply.progress == HttpProgress::sent);
    CHECK(reply.error == HttpError::protocol);
}

TEST_CASE("a body longer than allowed ends the call, chunked or not") {
    const std::string body(5000, 'x');
    for (const std::string& text :
         {ok(body), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n" + body +
                        "\r\n0\r\n\r\n"}) {
        World world(saying(text));
        HttpCall call = world.get();
        call.reply_bytes_max = 100;
        const HttpReply reply = world.make_one(call);
        CHECK(reply.error == HttpError::too_large);
        CHECK(reply.progress == HttpProgress::head);

        World enough(saying(text));
        HttpCall longer = enough.get();
        longer.reply_bytes_max = 5000;
        CHECK(enough.make_one(longer).body == body);
    }
}

TEST_CASE("each phase has an end") {
    SUBCASE("until the first byte") {
        World world(stalling(""));
        HttpCall call = world.post("x");
        call.deadlines.first_byte = 20ms;
        const HttpReply reply = world.make_one(call);
        CHECK(reply.error == HttpError::timeout);
        CHECK(reply.progress == HttpProgress::sent);
    }
    SUBCASE("between two pieces") {
        World world(stalling("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"));
        HttpCall call = world.get();
        call.deadlines.idle = 20ms;
        const HttpReply reply = world.make_one(call);
        CHECK(reply.error == HttpError::timeout);
        CHECK(reply.progress == HttpProgress::head);
        CHECK(world.client.idle_connections() == 0);
    }
    SUBCASE("while sending") {
        // The server reads nothing: more than the kernel's buffers cannot be sent.
        World silent([](RawConnection& connection) { return connection.ignore(); });
        HttpCall call = silent.post(std::string(64U << 20U, 'x'));
        call.deadlines.send = 50ms;
        const HttpReply reply = silent.make_one(call);
        CHECK(reply.error == HttpError::timeout);
        CHECK(reply.progress == HttpProgress::sent);
    }
    SUBCASE("in all") {
        World world(stalling(""));
        HttpCall call = world.get();
        call.deadlines.total = 20ms;
        CHECK(world.make_one(call).error == HttpError::timeout);
    }
}

TEST_CASE("an answer that comes before the whole request was read is not lost") {
    World world(refuse_early);
    const HttpReply reply = world.make_one(world.post(std::string(1U << 20U, 'x')));
    CHECK(reply.progress == HttpProgress::complete);
    CHECK(reply.head.status == 413);
}

TEST_CASE("a server that repeats the key it was sent is not heard saying it") {
    const std::string said = "HTTP/1.1 401 No\r\nX-Said: key-4711\r\nContent-Length: 17\r\n\r\n";
    World world(saying(said + "your key-4711 bad"));
    HttpCall call = world.get();
    call.secrets = {"key-4711"};
    const HttpReply reply = world.make_one(call);
    CHECK(reply.body == "your ******** bad");
    CHECK(reply.head.header("X-Said") == "********");

    Collector taken(true, 1'000);
    World second(saying(said + "your key-4711 bad"));
    call = second.get();
    call.secrets = {"key-4711"};
    call.sink = &taken;
    second.make_one(call);
    CHECK(taken.bytes == "your ******** bad");
}

TEST_CASE("a sink takes the body, or refuses it, or has enough of it") {
    const std::string body(300'000, 'x');
    Collector eager(true, 1'000'000);
    World first(saying(ok(body)));
    HttpCall call = first.get();
    call.sink = &eager;
    const HttpReply taken = first.make_one(call);
    CHECK(taken.progress == HttpProgress::complete);
    CHECK(taken.body.empty());
    CHECK(eager.status == 200);
    CHECK(eager.bytes == body);

    Collector unwilling(false, 0);
    World second(saying(ok(body)));
    call = second.get();
    call.sink = &unwilling;
    const HttpReply refused = second.make_one(call);
    CHECK(refused.error == HttpError::sink);
    CHECK(refused.progress == HttpProgress::head);
    CHECK(refused.head.status == 200);
    CHECK(unwilling.bytes.empty());

    Collector full(true, 10);
    World third(saying(ok(body)));
    call = third.get();
    call.sink = &full;
    CHECK(third.make_one(call).error == HttpError::sink);
    CHECK(third.client.idle_connections() == 0);
}

TEST_CASE("nothing is sent where it cannot be, and the call says why") {
    Requests requests;
    World world(answering(requests));
    HttpCall closed = world.get();
    {
        asio::ip::tcp::acceptor gone(world.io, {asio::ip::address_v4::loopback(), 0});
        closed.url = "http://127.0.0.1:" + std::to_string(gone.local_endpoint().port()) + "/";
    }
    HttpCall nowhere = world.get();
    nowhere.url = "not a url";
    HttpCall nameless = world.get();
    nameless.url = "http://name.invalid/";
    HttpCall inside = world.get();
    inside.public_hosts_only = true;
    HttpCall local_name = world.get();
    local_name.url = world.server.url("/", "localhost");
    local_name.public_hosts_only = true;
    HttpCall broken = world.get();
    broken.headers = {{"Authorization", "secret\nsecret"}};

    const Replies replies = world.make({closed, nowhere, nameless, inside, local_name, broken});

    const std::vector<HttpError> expected = {HttpError::connect,      HttpError::bad_url,
                                             HttpError::resolve,      HttpError::refused_host,
                                             HttpError::refused_host, HttpError::protocol};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CAPTURE(replies[i].error_text);
        CHECK(replies[i].error == expected[i]);
        CHECK(replies[i].progress == HttpProgress::not_sent);
        CHECK(replies[i].error_text.find("secret") == std::string::npos);
    }
    CHECK(requests.empty());
}

TEST_CASE(
    "a connection that was made to a private address serves no call that wants a public one") {
    Requests requests;
    World world(answering(requests));
    HttpCall trusted = world.get();
    HttpCall untrusted = world.get();
    untrusted.public_hosts_only = true;

    const Replies replies = world.make({trusted, untrusted});

    CHECK(replies[0].progress == HttpProgress::complete);
    CHECK(replies[1].error == HttpError::refused_host);
    CHECK(requests.size() == 1);
}

TEST_CASE("a name is looked up, and its addresses are tried in turn") {
    Requests requests;
    World world(answering(requests));
    HttpCall call = world.get();
    call.url = world.server.url("/", "localhost");
    CHECK(world.make_one(call).progress == HttpProgress::complete);
}

TEST_CASE("a cancelled call ends at once and says how far it came") {
    asio::io_context io;
    HttpClient client(io.get_executor(), HttpClientOptions());
    TaskGroup group(io.get_executor(), [](std::string_view, std::exception_ptr error) {
        std::rethrow_exception(std::move(error));
    });
    Replies replies;
    RawServer server(io, [&group](RawConnection& connection) { return cancel(connection, group); });
    HttpCall call;
    call.url = server.url("/");
    // The second call is begun by a coroutine that is cancelled already.
    std::vector<HttpCall> calls = {call, call};
    group.spawn("caller", World::make_all(client, std::move(calls), replies));

    server.run(group.join());

    REQUIRE(replies.size() == 2);
    CHECK(replies[0].error == HttpError::cancelled);
    CHECK(replies[0].progress == HttpProgress::sent);
    CHECK(replies[1].error == HttpError::cancelled);
    CHECK(replies[1].progress == HttpProgress::not_sent);
    CHECK(server.connections() == 1);
}
