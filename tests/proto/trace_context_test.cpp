#include <doctest/doctest.h>

#include <string>

#include "proto/trace_context.hpp"

using genspool::proto::read_traceparent;

namespace {

const std::string good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

std::string with(std::size_t at, char c) {
    std::string text = good;
    text[at] = c;
    return text;
}

}  // namespace

TEST_CASE("a trace context is kept as it was sent") {
    CHECK(read_traceparent(good) == good);
    CHECK(read_traceparent(with(54, '0')) == with(54, '0'));
    CHECK(read_traceparent(with(53, 'f')) == good);
    CHECK(read_traceparent(with(54, 'e')) == with(54, '0'));
    CHECK(read_traceparent(with(54, 'b')) == good);
}

TEST_CASE("of a later version of it the known part is kept") {
    CHECK(read_traceparent("cc" + good.substr(2)) == good);
    CHECK(read_traceparent("cc" + good.substr(2) + "-what-comes") == good);
}

TEST_CASE("what is no trace context counts as none") {
    for (const std::string& text :
         {std::string(), std::string("00"), good + "-x", "ff" + good.substr(2), good + "0",
          "cc" + good.substr(2) + "x", with(2, '_'), with(35, '_'), with(52, '_'), with(10, 'F'),
          with(40, 'g'), with(54, 'x'), with(0, 'x'),
          "00-" + std::string(32, '0') + "-00f067aa0ba902b7-01",
          "00-4bf92f3577b34da6a3ce929d0e0e4736-" + std::string(16, '0') + "-01"}) {
        CAPTURE(text);
        CHECK(read_traceparent(text).empty());
    }
}
