#include "workers/remote_calls.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <exception>
#include <string>
#include <vector>

#include "proto/minimax/provider.hpp"

namespace asio = boost::asio;
using namespace genspool;
using namespace genspool::workers;

namespace {

/// An upstream that answers every call with these pieces.
class Pieces : public Http {
public:
    asio::awaitable<HttpReply> call(HttpCall request) override {
        last = request;
        HttpReply reply;
        reply.head.status = 200;
        reply.progress = HttpProgress::complete;
        if (request.sink == nullptr) co_return reply;
        HttpHead head = reply.head;
        bool wanted = co_await request.sink->begin(std::move(head));
        for (const std::string& each : pieces) {
            std::string piece = each;
            if (wanted) ++offered;
            if (wanted) wanted = co_await request.sink->write(std::move(piece));
        }
        if (wanted) co_return reply;
        reply.progress = HttpProgress::head;
        reply.error = HttpError::sink;
        co_return reply;
    }

    std::vector<std::string> pieces{"one", "two", "three"};
    HttpCall last;
    int offered = 0;
};

struct World {
    World() {
        account.name = "main";
        account.base_url = "https://upstream.test";
        account.key = "sk-secret";
        account.upstream_account = "42";
    }
    ~World() { spawn("stop", calls.stop()); }

    static void fail(std::string_view, const std::exception_ptr& error) {
        std::rethrow_exception(error);
    }
    void spawn(const std::string& name, asio::awaitable<void> task) {
        tasks.spawn(name, std::move(task));
        io.restart();
        io.poll();
    }
    asio::awaitable<void> read(std::shared_ptr<RemoteDownload> download) {
        const std::optional<std::string> piece = co_await download->next();
        story += piece ? *piece + " " : "end ";
    }
    std::shared_ptr<RemoteDownload> begin() {
        auto place = calls.take_place("alice");
        REQUIRE(place);
        auto download =
            calls.download(std::move(*place), proto::minimax_provider(), account, proto::Call{});
        io.restart();
        io.poll();
        return download;
    }

    asio::io_context io;
    Pieces http;
    RemoteCalls calls{io.get_executor(), http, fail};
    TaskGroup tasks{io.get_executor(), fail};
    Account account;
    std::string story;
};

/// How many more places one may take.
std::size_t free_places(RemoteCalls& calls, const std::string& principal) {
    std::vector<RemoteCalls::Place> taken;
    while (auto place = calls.take_place(principal))
        taken.push_back(std::move(*place));
    return taken.size();
}

}  // namespace

TEST_CASE("a call goes to the account's address with its key, which is blotted out of the answer") {
    World world;
    world.begin();
    CHECK(world.http.last.url == "https://upstream.test?GroupId=42");
    REQUIRE_FALSE(world.http.last.headers.empty());
    CHECK(world.http.last.headers[0].value == "Bearer sk-secret");
    CHECK(world.http.last.secrets == std::vector<std::string>{"sk-secret"});
    CHECK_FALSE(world.http.last.paid);
}

TEST_CASE("the upstream waits for whoever reads: one piece is held, not the whole") {
    World world;
    const auto download = world.begin();
    CHECK(world.http.offered == 1);
    world.spawn("read", world.read(download));
    CHECK(world.http.offered == 2);
    world.spawn("read", world.read(download));
    world.spawn("read", world.read(download));
    world.spawn("read", world.read(download));
    CHECK(world.story == "one two three end ");
    CHECK(download->end().progress == HttpProgress::complete);
}

TEST_CASE("a download that nobody reads any more ends, and gives its place back") {
    World world;
    const auto download = world.begin();
    CHECK(free_places(world.calls, "alice") == 3);
    download->close();
    world.io.restart();
    world.io.poll();
    CHECK(free_places(world.calls, "alice") == 4);
    CHECK(download->end().error == HttpError::sink);
    CHECK(world.http.offered == 1);
}

TEST_CASE("a stop ends the downloads, and begins no other") {
    World world;
    const auto download = world.begin();
    world.spawn("stop", world.calls.stop());
    CHECK(download->end().error == HttpError::sink);
    CHECK_FALSE(world.calls.take_place("alice"));
}

TEST_CASE("there are few places, and nobody has all of them") {
    World world;
    std::vector<RemoteCalls::Place> alice;
    while (auto place = world.calls.take_place("alice"))
        alice.push_back(std::move(*place));
    CHECK(alice.size() == 4);
    CHECK(free_places(world.calls, "bob") == 4);
    std::vector<RemoteCalls::Place> bob;
    while (auto place = world.calls.take_place("bob"))
        bob.push_back(std::move(*place));
    CHECK(free_places(world.calls, "carol") == 0);
    alice.clear();
    CHECK(free_places(world.calls, "carol") == 4);
}
