#include "daemon/http_reader.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <string_view>

using namespace genspool::daemon;

namespace {

void put(HttpReader& reader, std::string_view bytes) {
    const auto room = reader.room();
    REQUIRE(room.size() >= bytes.size());
    std::memcpy(room.data(), bytes.data(), bytes.size());
    reader.arrived(bytes.size());
}

}  // namespace

TEST_CASE("a request comes out the same however its bytes arrive") {
    const std::string_view bytes =
        "POST /v1/jobs?x=1 HTTP/1.1\r\nHost: h\r\nIDEMPOTENCY-KEY: k\r\nContent-Length: "
        "5\r\n\r\nhello";
    for (std::size_t step = 1; step <= bytes.size(); ++step) {
        HttpReader reader(16U << 10U);
        reader.begin(100);
        std::string body;
        bool head = false;
        bool complete = false;
        std::size_t given = 0;
        while (!complete) {
            const HttpStep next = reader.step();
            REQUIRE(next != HttpStep::failed);
            if (next == HttpStep::need_more) {
                REQUIRE(given < bytes.size());
                const std::size_t count = std::min(step, bytes.size() - given);
                put(reader, bytes.substr(given, count));
                given += count;
            }
            if (next == HttpStep::piece) body += reader.take_piece();
            head = head || next == HttpStep::head;
            complete = next == HttpStep::complete;
        }
        CHECK(head);
        CHECK(body == "hello");
        CHECK(reader.request().method == "POST");
        CHECK(reader.request().target == "/v1/jobs?x=1");
        CHECK(reader.request().field(Field::idempotency_key) == "k");
        CHECK(reader.request().keep_alive);
        CHECK(reader.idle());
    }
}

TEST_CASE("a chunked request without a body is whole, a byte at a time") {
    HttpReader reader(16U << 10U);
    reader.begin(100);
    HttpStep next = HttpStep::need_more;
    for (const char byte :
         std::string_view("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")) {
        put(reader, {&byte, 1});
        next = reader.step();
        if (next == HttpStep::head) next = reader.step();
    }
    CHECK(next == HttpStep::complete);
}

TEST_CASE("what arrives too early waits for the next request") {
    HttpReader reader(16U << 10U);
    reader.begin(100);
    put(reader, "GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.0\r\n\r\n");

    CHECK(reader.step() == HttpStep::head);
    CHECK(reader.request().target == "/a");
    CHECK(reader.step() == HttpStep::complete);
    CHECK_FALSE(reader.idle());
    reader.begin(100);
    CHECK(reader.step() == HttpStep::head);
    CHECK(reader.request().target == "/b");
    CHECK_FALSE(reader.request().keep_alive);
    CHECK(reader.step() == HttpStep::complete);
}

TEST_CASE("a body beyond the limit fails with 413, whether its length is told or not") {
    for (const char* const how :
         {"Content-Length: 101\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n65\r\n"}) {
        CAPTURE(how);
        HttpReader reader(16U << 10U);
        reader.begin(100);
        put(reader,
            std::string("POST / HTTP/1.1\r\n") + how + std::string(101, 'x') + "\r\n0\r\n\r\n");
        HttpStep step = reader.step();
        while (step == HttpStep::head || step == HttpStep::piece) {
            if (step == HttpStep::piece) reader.take_piece();
            step = reader.step();
        }
        CHECK(step == HttpStep::failed);
        CHECK(reader.status() == 413);
    }
}

TEST_CASE("a failure stays one") {
    HttpReader reader(16U << 10U);
    reader.begin(100);
    put(reader, "no http\r\n\r\n");

    CHECK(reader.step() == HttpStep::failed);
    CHECK(reader.step() == HttpStep::failed);
    CHECK(reader.status() == 400);
}
