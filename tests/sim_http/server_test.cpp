#include <doctest/doctest.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <fstream>

#include "tests/sim_http/model_client.hpp"
#include "tests/simulator/local_upstream.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace genspool::tests;
namespace sim = genspool::simulator;
namespace http = boost::beast::http;
namespace json = boost::json;

namespace {

/// A blocking connection to the simulator.
class Client {
public:
    explicit Client(std::uint16_t port) : socket_(io_) {
        socket_.connect({boost::asio::ip::make_address("127.0.0.1"), port});
    }

    std::string key = "key";
    std::string content_type;

    void send(http::verb method, const std::string& target, const std::string& body = {}) {
        http::request<http::string_body> request(method, target, 11);
        request.set(http::field::host, "127.0.0.1:" + std::to_string(port()));
        request.set(http::field::authorization, "Bearer " + key);
        if (!content_type.empty()) request.set(http::field::content_type, content_type);
        request.body() = body;
        request.prepare_payload();
        http::write(socket_, request);
    }

    /// The error, if the reply does not come whole; what came of it is in reply().
    boost::system::error_code receive() {
        boost::system::error_code ec;
        parser_.emplace();
        http::read(socket_, buffer_, *parser_, ec);
        return ec;
    }

    const http::response<http::string_body>& reply() { return parser_->get(); }

    json::object call(http::verb method, const std::string& target, const std::string& body = {}) {
        send(method, target, body);
        const auto ec = receive();
        REQUIRE_FALSE(ec);
        return json::parse(reply().body()).as_object();
    }

private:
    std::uint16_t port() { return socket_.remote_endpoint().port(); }

    boost::asio::io_context io_;
    boost::asio::ip::tcp::socket socket_;
    boost::beast::flat_buffer buffer_;
    std::optional<http::response_parser<http::string_body>> parser_;
};

std::string video(const std::string& prompt) {
    return R"({"model":"MiniMax-Hailuo-02","prompt":")" + prompt + "\"}";
}

std::string speech(const std::string& text) {
    return R"({"model":"speech-2.8-hd","voice_setting":{"voice_id":"v"},"text":")" + text + "\"}";
}

const std::string create_path = "/v1/video_generation";

}  // namespace

TEST_CASE("a whole job goes over one connection") {
    const sim::LocalUpstream upstream(instant_options());
    Client client(upstream.port());
    const auto task = text_of(client.call(http::verb::post, create_path, video("x")), "task_id");
    const auto done = client.call(http::verb::get, "/v1/query/video_generation?task_id=" + task);
    const auto file =
        client.call(http::verb::get, "/v1/files/retrieve?file_id=" + text_of(done, "file_id"));
    const auto link = text_of(file.at("file").as_object(), "download_url");
    REQUIRE(link.starts_with(upstream.url()));
    client.send(http::verb::get, link.substr(upstream.url().size()));
    REQUIRE_FALSE(client.receive());
    CHECK(client.reply()[http::field::content_type] == "video/mp4");
    CHECK(client.reply().body().size() == upstream.records().truths().at(0).artifacts.at(0).bytes);
}

TEST_CASE("a reset is a reset on the wire, and the purchase stands") {
    const sim::LocalUpstream upstream(instant_options());
    Client client(upstream.port());
    client.send(http::verb::post, create_path, video("x [[drop]]"));
    CHECK(client.receive() == boost::asio::error::connection_reset);
    CHECK(upstream.records().truths().size() == 1);
}

TEST_CASE("a cut reply ends early under a length that promises more") {
    const sim::LocalUpstream upstream(faulty_options("cut-paid-reply"));
    Client client(upstream.port());
    client.send(http::verb::post, "/v1/t2a_v2", speech("x"));
    CHECK(client.receive() == http::error::partial_message);
    const auto promised = std::stoull(std::string(client.reply()[http::field::content_length]));
    CHECK(client.reply().body().size() < promised);
}

TEST_CASE("a stalled reply is announced, and arrives whole after the hold") {
    const TemporaryDirectory directory;
    sim::ServerOptions options;
    options.cut_signal = directory.path("signal");
    options.hold = std::chrono::milliseconds(1);
    const sim::LocalUpstream upstream(instant_options(), options);
    Client client(upstream.port());
    const auto answer = client.call(http::verb::post, "/v1/t2a_v2", speech("x [[stall:100]]"));
    CHECK(code_of(answer) == 0);
    std::string line;
    std::ifstream file(options.cut_signal);
    REQUIRE(std::getline(file, line));
    const auto signal = json::parse(line).as_object();
    CHECK(signal.at("sent") == 100);
    CHECK(text_of(signal, "sha256") == upstream.records().truths().at(0).sha256);
}

TEST_CASE("a stop does not wait for what is under way") {
    sim::ModelOptions options;
    options.latency = std::chrono::hours(1);
    std::optional<sim::LocalUpstream> upstream(std::in_place, options);
    Client waiting(upstream->port());
    Client idle(upstream->port());
    waiting.send(http::verb::post, "/v1/t2a_v2", speech("x"));
    while (upstream->records().truths().empty())
        std::this_thread::yield();
    upstream.reset();
    CHECK(waiting.receive());
    CHECK(idle.receive());
}

TEST_CASE("a slow download arrives whole") {
    auto options = faulty_options("slow-download");
    options.slow_download = std::chrono::milliseconds(40);
    const sim::LocalUpstream upstream(options);
    Client client(upstream.port());
    const auto answer = client.call(http::verb::post, "/v1/image_generation",
                                    R"({"model":"image-01","prompt":"x"})");
    const std::string link(answer.at("data").at("image_urls").at(0).as_string());
    client.send(http::verb::get, link.substr(upstream.url().size()));
    REQUIRE_FALSE(client.receive());
    CHECK(client.reply().body().size() == upstream.records().truths().at(0).artifacts.at(0).bytes);
}

TEST_CASE("useapi: events arrive one by one, and the last names the video") {
    sim::ModelOptions options;
    options.latency = std::chrono::milliseconds(40);
    const sim::LocalUpstream upstream(options);
    Client client(upstream.port());
    client.key = "user:1-secret";
    client.send(http::verb::post, "/v1/minimax/videos/agent-create",
                R"({"templateId":"501","prompt":"x"})");
    REQUIRE_FALSE(client.receive());
    CHECK(client.reply()[http::field::content_type] == "text/event-stream");
    const auto id = upstream.records().truths().at(0).task;
    CHECK(client.reply().body().find(id) != std::string::npos);
    CHECK(client.call(http::verb::get, "/v1/minimax/videos/" + id).at("status") == 2);
}

TEST_CASE("useapi: odd codes, empty answers and raw bytes go over the wire") {
    const sim::LocalUpstream upstream(instant_options());
    Client client(upstream.port());
    client.key = "user:1-secret";
    client.content_type = "image/png";
    const auto file =
        client.call(http::verb::post, "/v1/minimax/files/?account=301", "not quite a picture");
    CHECK(text_of(file, "fileID").starts_with("user:1-minimax:301-file:"));
    client.content_type = "application/json";
    client.send(http::verb::delete_, "/v1/minimax/accounts/301");
    REQUIRE_FALSE(client.receive());
    CHECK(client.reply().result_int() == 204);
    CHECK(client.reply().count(http::field::content_length) == 0);
    client.call(http::verb::post, "/sim/useapi", R"({"account":"301","error":"login lost"})");
    const auto held = client.call(http::verb::post, "/v1/minimax/videos/create",
                                  R"({"account":"301","prompt":"x"})");
    CHECK(client.reply().result_int() == 596);
    CHECK(held.at("error") == "login lost");
}
