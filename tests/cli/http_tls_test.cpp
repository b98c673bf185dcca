#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <thread>

#include "cli/http_client.hpp"
#include "tests/support/throwaway_certificates.hpp"

using namespace genspool;
using tests::ThrowawayCertificates;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// Serves one TLS connection on a loopback port, and keeps what was asked.
class TlsOneShot {
public:
    TlsOneShot(const ThrowawayCertificates& certificates, int version_max = 0)
        : context_(certificates.server_context(version_max)),
          acceptor_(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
        thread_ = std::thread([this] { serve(); });
    }
    ~TlsOneShot() { join(); }
    TlsOneShot(const TlsOneShot&) = delete;
    TlsOneShot& operator=(const TlsOneShot&) = delete;

    cli::DaemonAddress address(const std::string& host, const std::string& ca_file) const {
        cli::DaemonAddress address;
        address.host = host;
        address.port = std::to_string(acceptor_.local_endpoint().port());
        address.tls = true;
        address.ca_file = ca_file;
        address.token = "secret";
        return address;
    }
    const std::string& asked() {
        join();
        return asked_;
    }

private:
    void serve() {
        asio::ssl::stream<tcp::socket> stream(acceptor_.accept(), context_);
        boost::system::error_code error;
        stream.handshake(asio::ssl::stream_base::server, error);
        if (error) return;
        asio::read_until(stream, asio::dynamic_buffer(asked_), "\r\n\r\n", error);
        const std::string reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
        asio::write(stream, asio::buffer(reply), error);
    }
    void join() {
        if (thread_.joinable()) thread_.join();
    }

    asio::io_context io_;
    asio::ssl::context context_;
    tcp::acceptor acceptor_;
    std::string asked_;
    std::thread thread_;
};

cli::HttpOutcome get(const cli::DaemonAddress& address) {
    cli::HttpCall call;
    call.target = "/v1/stats";
    return cli::HttpClient(address).call(call);
}

}  // namespace

TEST_CASE("a daemon whose certificate is trusted is talked to") {
    const ThrowawayCertificates certificates("localhost");
    TlsOneShot server(certificates);
    const cli::HttpOutcome outcome = get(server.address("localhost", certificates.ca_file()));
    CAPTURE(outcome.why);
    CHECK(outcome.trouble == cli::HttpTrouble::none);
    CHECK(outcome.reply.body == "{}");
    CHECK(server.asked().find("Authorization: Bearer secret\r\n") != std::string::npos);
}

TEST_CASE("the token goes to nobody whose certificate is of another name or authority, or old") {
    const ThrowawayCertificates certificates("localhost");
    const ThrowawayCertificates others("localhost");
    struct Row {
        std::string host;
        std::string ca_file;
        int version_max;
        std::string why;
    };
    for (const Row& row : {Row{"127.0.0.1", certificates.ca_file(), 0, "mismatch"},
                           Row{"localhost", others.ca_file(), 0, "not trusted"},
                           Row{"localhost", "", 0, "not trusted"},
                           Row{"localhost", certificates.ca_file(), TLS1_1_VERSION, "no TLS"}}) {
        CAPTURE(row.host);
        CAPTURE(row.ca_file);
        TlsOneShot server(certificates, row.version_max);
        const cli::HttpOutcome outcome = get(server.address(row.host, row.ca_file));
        CHECK(outcome.trouble == cli::HttpTrouble::not_connected);
        CHECK(outcome.why.find(row.why) != std::string::npos);
        CHECK(server.asked().empty());
    }
}

TEST_CASE("a file of authorities that cannot be read is told by its name") {
    const ThrowawayCertificates certificates("localhost");
    TlsOneShot server(certificates);
    const cli::HttpOutcome outcome = get(server.address("localhost", "/nonexistent/ca.pem"));
    CHECK(outcome.trouble == cli::HttpTrouble::not_connected);
    CHECK(outcome.why.find("/nonexistent/ca.pem") != std::string::npos);
    CHECK(server.asked().empty());
}
