#include "cli/http_client.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <thread>

#include "cli/failure.hpp"
#include "tests/cli/stub_daemon.hpp"

using namespace genspool;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// Serves one connection on a loopback port: keeps the request's head and answers with `reply`.
class OneShot {
public:
    explicit OneShot(std::string reply)
        : acceptor_(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
        thread_ = std::thread([this, reply = std::move(reply)] {
            tcp::socket socket = acceptor_.accept();
            asio::read_until(socket, asio::dynamic_buffer(head_), "\r\n\r\n");
            asio::write(socket, asio::buffer(reply));
        });
    }
    ~OneShot() {
        if (thread_.joinable()) thread_.join();
    }
    OneShot(const OneShot&) = delete;
    OneShot& operator=(const OneShot&) = delete;

    std::string port() const { return std::to_string(acceptor_.local_endpoint().port()); }
    const std::string& head() {
        thread_.join();
        return head_;
    }

private:
    asio::io_context io_;
    tcp::acceptor acceptor_;
    std::string head_;
    std::thread thread_;
};

cli::HttpOutcome get(const cli::DaemonAddress& address) {
    cli::HttpCall call;
    call.target = "/v1/stats";
    return cli::HttpClient(address).call(call);
}

}  // namespace

TEST_CASE("over TCP the token goes along") {
    OneShot server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    cli::DaemonAddress address;
    address.host = "localhost";
    address.port = server.port();
    address.token = "secret";

    const cli::HttpOutcome outcome = get(address);

    CHECK(outcome.trouble == cli::HttpTrouble::none);
    CHECK(outcome.reply.body == "{}");
    const std::string head = server.head();
    CHECK(head.starts_with("GET /v1/stats HTTP/1.1\r\n"));
    CHECK(head.find("\r\nHost: localhost:" + address.port + "\r\n") != std::string::npos);
    CHECK(head.find("\r\nAuthorization: Bearer secret\r\n") != std::string::npos);
}

TEST_CASE("a body in chunks is put together") {
    OneShot server(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    cli::DaemonAddress address;
    address.host = "127.0.0.1";
    address.port = server.port();
    CHECK(get(address).reply.body == "abcde");
}

TEST_CASE("an answer that is no HTTP, or only a part of one, is lost") {
    for (const char* const reply : {"SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-",
                                    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", ""}) {
        CAPTURE(reply);
        OneShot server(reply);
        cli::DaemonAddress address;
        address.host = "127.0.0.1";
        address.port = server.port();
        CHECK(get(address).trouble == cli::HttpTrouble::lost);
    }
}

TEST_CASE("a server that keeps silent is given up") {
    asio::io_context io;
    tcp::acceptor silent(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    cli::DaemonAddress address;
    address.host = "127.0.0.1";
    address.port = std::to_string(silent.local_endpoint().port());
    cli::HttpCall call;
    call.target = "/";
    call.silence = std::chrono::seconds(1);
    CHECK(cli::HttpClient(address).call(call).trouble == cli::HttpTrouble::lost);
}

TEST_CASE("a sink may have enough") {
    const tests::StubDaemon daemon(
        [](const tests::StubRequest&) { return tests::StubReply{200, std::string(500'000, 'x')}; });
    cli::DaemonAddress address;
    address.socket_path = daemon.socket();
    cli::HttpCall call;
    call.target = "/";
    std::size_t taken = 0;
    call.sink = [&taken](std::string_view bytes) {
        taken += bytes.size();
        return false;
    };
    CHECK(cli::HttpClient(address).call(call).trouble == cli::HttpTrouble::none);
    CHECK(taken > 0);
    CHECK(taken < 500'000);
}

TEST_CASE("a header that would begin another one is not sent") {
    const tests::StubDaemon daemon([](const tests::StubRequest&) { return tests::StubReply{}; });
    cli::DaemonAddress address;
    address.socket_path = daemon.socket();
    for (const std::string& value :
         {std::string("k\r\nX-Evil: 1"), std::string("k\n"), std::string("a\0b", 3)}) {
        cli::HttpCall call;
        call.headers.emplace_back("Idempotency-Key", value);
        CHECK_THROWS_AS(cli::HttpClient(address).call(call), cli::CommandFailed);
    }
    cli::HttpCall call;
    call.target = "/v1/jobs HTTP/1.1\r\nX-Evil: 1";
    CHECK_THROWS_AS(cli::HttpClient(address).call(call), cli::CommandFailed);
    CHECK(daemon.requests().empty());
}
