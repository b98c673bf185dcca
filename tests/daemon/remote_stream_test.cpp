#include "daemon/remote_stream.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <exception>
#include <stdexcept>

#include "tests/support/run.hpp"
#include "workers/task_group.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

namespace asio = boost::asio;

void fail(std::string_view, const std::exception_ptr& error) {
    std::rethrow_exception(error);
}

/// An upstream that sends these pieces and ends so.
asio::awaitable<void> send(std::shared_ptr<workers::RemoteDownload> download,
                           std::vector<std::string> pieces, workers::HttpReply end) {
    workers::HttpHead head;
    co_await download->begin(std::move(head));
    for (std::string& piece : pieces)
        co_await download->write(std::move(piece));
    download->ended(std::move(end));
}

asio::awaitable<void> read_all(daemon::RemoteStream& stream, std::string& into) {
    while (const auto piece = co_await stream.next())
        into += *piece + "|";
}

asio::awaitable<void> gather_and_read(daemon::RemoteStream& stream, bool& whole,
                                      std::string& into) {
    whole = co_await stream.gather(4);
    co_await read_all(stream, into);
}

workers::HttpReply complete() {
    workers::HttpReply end;
    end.progress = workers::HttpProgress::complete;
    return end;
}

struct World {
    void begin(std::vector<std::string> pieces, workers::HttpReply end) {
        group.spawn("send", send(download, std::move(pieces), std::move(end)));
    }

    asio::io_context io;
    workers::TaskGroup group{io.get_executor(), fail};
    std::shared_ptr<workers::RemoteDownload> download =
        std::make_shared<workers::RemoteDownload>(io.get_executor());
    daemon::RemoteStream stream{download};
    std::string read;
    bool whole = false;
};

}  // namespace

TEST_CASE("what was read ahead comes first, and then the rest") {
    World world;
    world.begin({"abc", "def", "ghi"}, complete());
    run(world.io, gather_and_read(world.stream, world.whole, world.read));
    CHECK_FALSE(world.whole);
    CHECK(world.read == "abcdef|ghi|");
}

TEST_CASE("a short file is whole after its beginning was read") {
    World world;
    world.begin({"abc"}, complete());
    run(world.io, gather_and_read(world.stream, world.whole, world.read));
    CHECK(world.whole);
    CHECK(world.read == "abc|");
}

TEST_CASE("a file that breaks off does not end as if it were complete") {
    World world;
    workers::HttpReply broken;
    broken.progress = workers::HttpProgress::head;
    broken.error = workers::HttpError::reset;
    world.begin({"abc"}, broken);
    CHECK_THROWS_AS(run(world.io, read_all(world.stream, world.read)), std::runtime_error);
    CHECK(world.read == "abc|");
}
