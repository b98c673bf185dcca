#include "tests/cli/stub_daemon.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <mutex>
#include <thread>

#include "cli/program.hpp"

namespace genspool::tests {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Stream = asio::local::stream_protocol;

class StubDaemon::Server {
public:
    Server(const std::string& path, Handler handler)
        : handler_(std::move(handler)), acceptor_(io_, Stream::endpoint(path)) {
        accept();
        thread_ = std::thread([this] { io_.run(); });
    }
    ~Server() {
        io_.stop();
        thread_.join();
    }

    std::vector<StubRequest> requests() {
        const std::lock_guard lock(mutex_);
        return requests_;
    }

private:
    void accept() {
        acceptor_.async_accept([this](boost::system::error_code error, Stream::socket socket) {
            if (error) return;
            serve(socket);
            accept();
        });
    }

    void serve(Stream::socket& socket) {
        boost::system::error_code error;
        boost::beast::flat_buffer buffer;
        http::request<http::string_body> read;
        http::read(socket, buffer, read, error);
        if (error) return;
        StubRequest request;
        request.method = std::string(read.method_string());
        request.target = std::string(read.target());
        request.body = read.body();
        for (const auto& field : read) {
            std::string name(field.name_string());
            std::ranges::transform(name, name.begin(), [](char c) {
                return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
            });
            request.headers[name] = std::string(field.value());
        }
        {
            const std::lock_guard lock(mutex_);
            requests_.push_back(request);
        }
        const StubReply reply = handler_(request);
        if (reply.drop) return;
        const std::string text = "HTTP/1.1 " + std::to_string(reply.status) +
                                 " X\r\nContent-Type: " + reply.content_type +
                                 "\r\nContent-Length: " + std::to_string(reply.body.size()) +
                                 "\r\n\r\n" + reply.body.substr(0, reply.cut);
        asio::write(socket, asio::buffer(text), error);
    }

    Handler handler_;
    asio::io_context io_;
    Stream::acceptor acceptor_;
    std::mutex mutex_;
    std::vector<StubRequest> requests_;
    std::thread thread_;
};

StubDaemon::StubDaemon(Handler handler)
    : socket_(directory_.path("genspool.sock")),
      server_(std::make_unique<Server>(socket_, std::move(handler))) {}

StubDaemon::~StubDaemon() = default;

std::vector<StubRequest> StubDaemon::requests() const {
    return server_->requests();
}

std::vector<std::string> StubDaemon::lines() const {
    std::vector<std::string> lines;
    for (const StubRequest& request : requests())
        lines.push_back(request.line());
    return lines;
}

Ran run_cli(const StubDaemon& daemon, std::vector<std::string> arguments, RunOptions options) {
    return run_cli(daemon.socket(), std::move(arguments), std::move(options));
}

Ran run_cli(const std::string& socket, std::vector<std::string> arguments, RunOptions options) {
    Ran ran;
    cli::Console console;
    console.out = [&ran](std::string_view text) { ran.out += text; };
    console.err = [&ran](std::string_view text) { ran.err += text; };
    console.in = [&options](char* into, std::size_t size) {
        const std::size_t taken = options.input.copy(into, size);
        options.input.erase(0, taken);
        return taken;
    };
    console.out_terminal = console.err_terminal = options.terminal;
    console.in_terminal = options.asks;
    console.redraws = options.redraws;
    if (options.redraws) console.size = [] { return cli::TerminalSize{100, 20}; };
    console.columns = options.terminal ? 100 : 0;
    cli::Environment environment;
    environment.socket = socket;
    ran.exit = cli::run_program(std::move(arguments), environment, console,
                                std::chrono::seconds(options.away_max_s));
    return ran;
}

}  // namespace genspool::tests
