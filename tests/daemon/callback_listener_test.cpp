#include "daemon/callback_listener.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <mutex>
#include <thread>

#include "daemon/log.hpp"
#include "daemon/setup.hpp"
#include "proto/minimax/provider.hpp"
#include "tests/daemon/api_client.hpp"
#include "workers/real_clock.hpp"

using namespace genspool;
using namespace genspool::tests;
using daemon::CallbackListener;

namespace {

/// A queue that knows no job, and keeps what it was asked.
class HintsOnly : public queue::Queue {
public:
    void execute(queue::Command command, queue::OnAnswer on_answer) override {
        const std::lock_guard lock(mutex_);
        const auto& hint = std::get<queue::Hint>(command);
        hints_.push_back(hint.account + " " + hint.task);
        on_answer({queue::Errc::not_found, "no job has this task yet", {}});
    }
    void read(std::function<void(const queue::Reader&)>) override {
        throw std::logic_error("a callback reads nothing");
    }
    void on_commit(std::function<void(proto::EventSeq, bool)>) override {}

    std::vector<std::string> hints() {
        const std::lock_guard lock(mutex_);
        return hints_;
    }

private:
    std::mutex mutex_;
    std::vector<std::string> hints_;
};

/// A listener on a thread of its own, for the accounts "main" and "spare".
class Place {
public:
    explicit Place(daemon::ServerOptions limits = daemon::callback_limits())
        : registry_({&proto::minimax_provider()}),
          clock_(io_.get_executor()),
          line_(io_.get_executor(), queue),
          listener_(io_.get_executor(), clock_, line_, registry_, settings(), limits) {
        daemon::Config config;
        config.callbacks = settings();
        for (const std::string name : {"main", "spare"}) {
            daemon::AccountConfig account;
            account.name = name;
            account.provider = "minimax";
            config.accounts.push_back(account);
        }
        accounts_ = daemon::accounts_of(config, "a secret of thirty-two bytes....");
        listener_.set_accounts(accounts_);
        listener_.start();
        thread_ = std::thread([this] { io_.run(); });
    }
    ~Place() {
        boost::asio::co_spawn(io_, listener_.stop(), boost::asio::use_future).get();
        thread_.join();
    }

    ApiClient client() const { return ApiClient(listener_.port(), ""); }
    std::string secret(const std::string& account = "main") const {
        return accounts_->find(account)->callback_secret;
    }
    ApiReply post(const std::string& path, const std::string& body) const {
        return client().post(path, body);
    }

    HintsOnly queue;

private:
    static daemon::Config::Callbacks settings() {
        return {"127.0.0.1:0", "https://spool.example/callbacks"};
    }

    boost::asio::io_context io_{1};
    proto::Registry registry_;
    workers::RealClock clock_;
    workers::QueueLine line_;
    std::shared_ptr<const workers::Accounts> accounts_;
    CallbackListener listener_;
    std::thread thread_;
};

const std::string update = R"({"task_id":"115334141465231360","status":"success"})";

}  // namespace

TEST_CASE("a challenge is answered at once, and an update becomes a hint and nothing else") {
    Place place;
    auto client = place.client();
    const ApiReply met = client.post("/callbacks/" + place.secret(), R"({"challenge":"k3Jd82"})");
    CHECK(met.status == 200);
    CHECK(met.headers.at("content-type") == "application/json");
    CHECK(met.body == R"({"challenge":"k3Jd82"})");
    CHECK(place.queue.hints().empty());

    for (const std::string& path : {"/callbacks/" + place.secret(), "/" + place.secret() + "?a=b"})
        CHECK(client.post(path, update).body == "{}");
    CHECK(client.post("/" + place.secret("spare"), update).status == 200);
    CHECK(place.queue.hints() == std::vector<std::string>{"main 115334141465231360",
                                                          "main 115334141465231360",
                                                          "spare 115334141465231360"});
}

TEST_CASE("whatever it says, a callback on a good path is answered alike") {
    Place place;
    for (const std::string& body : {std::string(), std::string("{}"), std::string("no json"),
                                    std::string(R"({"task_id":""})"), std::string("\xff\x00", 2)}) {
        CAPTURE(body);
        const ApiReply reply = place.post("/" + place.secret(), body);
        CHECK(reply.status == 200);
        CHECK(reply.body == "{}");
    }
    CHECK(place.queue.hints().empty());
}

TEST_CASE("whoever does not know a path learns nothing and brings about nothing") {
    Place place;
    const std::string secret = place.secret();
    CHECK(secret.size() == 32);
    CHECK(secret != place.secret("spare"));
    std::string upper = secret;
    for (char& c : upper)
        c = static_cast<char>(std::toupper(c));
    for (const std::string& path :
         {std::string("/"), std::string("/callbacks/"), "/" + secret.substr(1), "/" + secret + "0",
          "/" + std::string(32, '0'), "/" + secret + "/", "/?" + secret, "/" + upper,
          std::string("/v1/jobs"), std::string("/healthz"), std::string("/metrics")}) {
        CAPTURE(path);
        const ApiReply reply = place.post(path, update);
        CHECK(reply.status == 404);
        CHECK(reply.body.empty());
        CHECK(place.client().get(path).status == 404);
    }
    const ApiReply asked = place.client().get("/" + secret);
    CHECK(asked.status == 405);
    CHECK(asked.body.empty());
    CHECK(place.queue.hints().empty());
}

TEST_CASE("a body that is too long, or no HTTP at all, is turned away") {
    Place place;
    const std::string path = "/" + place.secret();
    CHECK(place.post(path, std::string(64U << 10U, ' ')).status == 200);
    CHECK(place.post(path, std::string((64U << 10U) + 1, ' ')).status == 413);
    auto long_head = place.client();
    CHECK(long_head.get("/" + std::string(9'000, 'a')).status == 431);
    auto babbler = place.client();
    babbler.send_raw("\x16\x03\x01 hello\r\n\r\n");
    CHECK(babbler.read_reply().status == 400);
    auto cut = place.client();
    cut.send_raw("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{");
    cut.close();
    CHECK(place.queue.hints().empty());
}

TEST_CASE("whoever is slow, or sits there in numbers, keeps no callback out") {
    daemon::ServerOptions limits = daemon::callback_limits();
    CHECK(limits.session.header <= std::chrono::seconds{5});
    CHECK(limits.session.piece <= std::chrono::seconds{5});
    limits.connections_max = 4;
    SUBCASE("many") {
        Place place(limits);
        std::vector<ApiClient> idle;
        for (int n = 0; n < 8; ++n) {
            idle.push_back(place.client());
            CHECK(place.post("/" + place.secret(), update).status == 200);
        }
        CHECK(idle.front().read_some().empty());
    }
    SUBCASE("slow") {
        limits.session.header = std::chrono::seconds{0};
        Place place(limits);
        auto slow = place.client();
        slow.send_raw("POST /");
        CHECK(slow.read_some().empty());
    }
}

TEST_CASE("the secret path of a callback reaches no log") {
    std::vector<std::string> lines;
    std::mutex mutex;
    daemon::set_log_sink([&](daemon::Level, const std::string& line) {
        const std::lock_guard lock(mutex);
        lines.push_back(line);
    });
    std::string secret;
    {
        Place place;
        secret = place.secret();
        place.post("/" + secret, update);
        place.client().get("/" + secret);
        daemon::log(daemon::Level::info, "probe", {{"target", "/callbacks/" + secret}});
    }
    daemon::set_log_sink(nullptr);
    CHECK(lines.size() >= 2);
    for (const std::string& line : lines)
        CHECK(line.find(secret) == std::string::npos);
}
