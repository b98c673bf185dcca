#include "tests/daemon/running_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <stdexcept>
#include <utility>
#include <vector>

#include "daemon/body.hpp"
#include "daemon/event_stream.hpp"
#include "tests/support/await.hpp"

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
    asio::awaitable<std::optional<std::string>> next() override {
        std::optional<std::string> piece(std::string(256U << 10U, 'x'));
        co_return piece;
    }
};

/// Counts what is asked of another one, and notes its end.
class RunningServer::WatchedStream : public daemon::PieceSource {
public:
    WatchedStream(RunningServer& server, std::unique_ptr<daemon::PieceSource> inner)
        : server_(server), inner_(std::move(inner)) {}
    ~WatchedStream() override { ++server_.cut_off_; }

    asio::awaitable<std::optional<std::string>> next() override {
        ++server_.pieces_made_;
        return inner_->next();
    }

private:
    RunningServer& server_;
    std::unique_ptr<daemon::PieceSource> inner_;
};

RunningServer::RunningServer(daemon::ServerOptions options, bool tcp,
                             const ThrowawayCertificates* certificates)
    : path_(directory_.path("api.sock")),
      feed_(io_.get_executor(), {0}),
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
        tcp_ = std::make_unique<daemon::TcpListener>(io_.get_executor(), http, "a secret", clock_);
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
    asio::post(io_, [this] { feed_.close(); });
    return asio::co_spawn(io_, server_->stop(), asio::use_future);
}

void RunningServer::cut_short() {
    asio::post(io_, [this] { server_->cut_short(); });
}

void RunningServer::await_cut_off(int streams) {
    await("streams to be cut off", [&] { return cut_off_ >= streams; });
}

void RunningServer::await_kept(std::uint64_t bytes) {
    await("bodies to be held", [&] { return kept_ >= bytes; });
}

daemon::Reply RunningServer::show_events(const daemon::Request& request) {
    if (!queue_) {
        queue_ = std::make_unique<WatchedQueue>(feed_);
        for (std::uint64_t event = 0; event < events_there_are; ++event)
            queue_->admit();
    }
    daemon::EventSelection selection;
    const std::string& last = request.field(daemon::Field::last_event_id);
    if (!last.empty()) selection.after.value = std::stoull(last);
    daemon::Reply reply(200);
    reply.stream = std::make_unique<WatchedStream>(
        *this, std::make_unique<daemon::EventStream>(*queue_, feed_, selection));
    return reply;
}

asio::awaitable<daemon::Reply> RunningServer::keep(daemon::Request& request) {
    std::uint64_t held = 0;
    daemon::BodyState state = daemon::BodyState::piece;
    while (state == daemon::BodyState::piece) {
        const daemon::BodyPiece piece = co_await request.body->next();
        state = piece.state;
        held += piece.bytes.size();
        kept_ += piece.bytes.size();
        request.body->holds(held);
    }
    kept_ -= held;
    if (state == daemon::BodyState::end) co_return daemon::Reply(200, "{}");
    co_return daemon::to_reply(daemon::body_problem(state));
}

asio::awaitable<daemon::Reply> RunningServer::answer(daemon::Request& request) {
    daemon::Reply reply(200, "{}");
    if (request.target == "/broken") {
        reply.stream = std::make_unique<BrokenStream>();
        reply.stream_bytes = 8;
        co_return reply;
    }
    if (request.target == "/endless") {
        reply.stream = std::make_unique<WatchedStream>(*this, std::make_unique<EndlessStream>());
        co_return reply;
    }
    if (request.target == "/events") co_return show_events(request);
    if (request.target == "/keep") {
        daemon::Reply kept = co_await keep(request);
        co_return kept;
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
