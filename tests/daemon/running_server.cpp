#include "tests/daemon/running_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <stdexcept>
#include <utility>
#include <vector>

namespace genspool::tests {

namespace asio = boost::asio;

namespace {

/// A file that is cut short while it is read.
class BrokenStream : public daemon::PieceSource {
public:
    asio::awaitable<std::optional<std::string>> next() override {
        if (given_) throw std::runtime_error("shorter than it was");
        given_ = true;
        std::optional<std::string> piece("half");
        co_return piece;
    }

private:
    bool given_ = false;
};

}  // namespace

class RunningServer::EndlessStream : public daemon::PieceSource {
public:
    explicit EndlessStream(RunningServer& server) : server_(server) {}
    ~EndlessStream() override { server_.cut_off_.set_value(); }

    asio::awaitable<std::optional<std::string>> next() override {
        ++server_.pieces_made_;
        std::optional<std::string> piece(std::string(256U << 10U, 'x'));
        co_return piece;
    }

private:
    RunningServer& server_;
};

RunningServer::RunningServer(daemon::ServerOptions options, bool tcp,
                             const ThrowawayCertificates* certificates)
    : path_(directory_.path("api.sock")),
      clock_(io_.get_executor()),
      listener_(io_.get_executor(), path_) {
    std::vector<daemon::Door> doors = {listener_.door()};
    if (tcp) {
        daemon::Config::Http http;
        http.listen = "127.0.0.1:0";
        http.token_file = tokens_.path();
        if (certificates != nullptr) {
            http.tls_cert = certificates->cert_file();
            http.tls_key = certificates->key_file();
        }
        tcp_ = std::make_unique<daemon::TcpListener>(io_.get_executor(), http);
        doors.push_back(tcp_->door());
    }
    server_ = std::make_unique<daemon::Server>(
        io_.get_executor(), clock_, doors, options,
        [this](daemon::Request& request) { return answer(request); });
    server_->start();
    thread_ = std::thread([this] { io_.run(); });
}

RunningServer::~RunningServer() {
    thread_.join();
}

std::future<void> RunningServer::stop() {
    return asio::co_spawn(io_, server_->stop(), asio::use_future);
}

void RunningServer::cut_short() {
    asio::post(io_, [this] { server_->cut_short(); });
}

asio::awaitable<daemon::Reply> RunningServer::answer(daemon::Request& request) {
    daemon::Reply reply(200, "{}");
    if (request.target == "/broken") {
        reply.stream = std::make_unique<BrokenStream>();
        reply.stream_bytes = 8;
        co_return reply;
    }
    if (request.target == "/endless") {
        reply.stream = std::make_unique<EndlessStream>(*this);
        co_return reply;
    }
    daemon::BodyState state = daemon::BodyState::piece;
    while (state == daemon::BodyState::piece) {
        const daemon::BodyPiece piece = co_await request.body->next();
        state = piece.state;
    }
    if (state == daemon::BodyState::broken) ++bodies_broken_;
    co_return reply;
}

}  // namespace genspool::tests
