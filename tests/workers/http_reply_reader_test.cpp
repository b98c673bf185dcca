#include "workers/http_reply_reader.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string_view>

using namespace genspool::workers;

namespace {

/// Feeds `bytes` in steps of `step`, as a slow network would.
void feed(HttpReplyReader& reader, std::string_view bytes, std::size_t step) {
    while (!bytes.empty() && !reader.done() && !reader.failure()) {
        const auto room = reader.room();
        const std::size_t count = std::min({step, bytes.size(), room.size()});
        std::copy_n(bytes.begin(), count, static_cast<char*>(room.data()));
        reader.received(count);
        bytes.remove_prefix(count);
    }
}

constexpr std::string_view chunked =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\n\r\n"
    "5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: t\r\n\r\n";

}  // namespace

TEST_CASE("a reply comes out the same in whatever pieces it comes in") {
    for (const std::size_t step : {1U, 2U, 3U, 7U, 1000U}) {
        CAPTURE(step);
        HttpReplyReader reader(false, 1000);
        feed(reader, chunked, step);
        REQUIRE(reader.done());
        const HttpHead head = reader.take_head();
        CHECK(head.status == 200);
        CHECK(head.header("x-a") == "1");
        CHECK(head.headers.size() == 2);
        CHECK(reader.take_body() == "hello world");
        CHECK(reader.keeps_connection());
    }
}

TEST_CASE("a chunked reply without a body is whole, a byte at a time") {
    HttpReplyReader reader(false, 1000);
    feed(reader, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 1);
    REQUIRE(reader.done());
    CHECK(reader.take_body().empty());
}

TEST_CASE("interim replies are skipped, but not without end") {
    const std::string interim = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
    HttpReplyReader reader(false, 1000);
    feed(reader, interim + interim + "HTTP/1.1 201 Made\r\nContent-Length: 2\r\n\r\nok", 5);
    REQUIRE(reader.done());
    const HttpHead head = reader.take_head();
    CHECK(head.status == 201);
    CHECK(head.headers.size() == 1);

    HttpReplyReader endless(false, 1000);
    for (int i = 0; i < 100; ++i)
        feed(endless, interim, 1000);
    CHECK(endless.failure().error == HttpError::protocol);
}

TEST_CASE("a body longer than allowed is refused, whether its length is declared or not") {
    const std::string long_body(200, 'x');
    for (const std::string& text :
         {"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n" + long_body,
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nc8\r\n" + long_body,
          "HTTP/1.1 200 OK\r\n\r\n" + long_body}) {
        CAPTURE(text);
        HttpReplyReader reader(false, 100);
        feed(reader, text, 64);
        CHECK(reader.failure().error == HttpError::too_large);
        CHECK(reader.head_known());
        CHECK(reader.take_head().status == 200);
        CHECK_FALSE(reader.keeps_connection());
    }
}

TEST_CASE("a body without a length ends with its connection, any other must not") {
    HttpReplyReader open_end(false, 100);
    feed(open_end, "HTTP/1.0 200 OK\r\n\r\nuntil the end", 4);
    CHECK_FALSE(open_end.done());
    open_end.ended();
    CHECK(open_end.done());
    CHECK(open_end.take_body() == "until the end");
    CHECK_FALSE(open_end.keeps_connection());

    HttpReplyReader cut(false, 100);
    feed(cut, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", 4);
    cut.ended();
    CHECK(cut.failure().error == HttpError::reset);

    HttpReplyReader silent(false, 100);
    silent.ended();
    CHECK(silent.failure().error == HttpError::reset);
}

TEST_CASE("nonsense, endless heads and contradicting lengths are no HTTP") {
    const std::string long_line(70'000, 'a');
    for (const std::string& text :
         {std::string("SSH-2.0-OpenSSH_9.2\r\n\r\n"), std::string("HTTP/1.1 050 Odd\r\n\r\n"),
          "HTTP/1.1 200 OK\r\nX: " + long_line,
          std::string("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"),
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;" + long_line + long_line}) {
        HttpReplyReader reader(false, 1000);
        feed(reader, text, 4096);
        CHECK(reader.failure().error == HttpError::protocol);
    }
}

TEST_CASE("the reply to HEAD has no body whatever it says") {
    HttpReplyReader reader(true, 100);
    feed(reader, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", 10);
    CHECK(reader.done());
    CHECK(reader.keeps_connection());
}

TEST_CASE("bytes behind a reply, or the server's wish, end the connection") {
    HttpReplyReader more(false, 100);
    feed(more, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n", 1000);
    CHECK(more.done());
    CHECK_FALSE(more.keeps_connection());

    HttpReplyReader close(false, 100);
    feed(close, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", 1000);
    CHECK(close.done());
    CHECK_FALSE(close.keeps_connection());
}
