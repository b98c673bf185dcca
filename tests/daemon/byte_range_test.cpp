#include "daemon/byte_range.hpp"

#include <doctest/doctest.h>

using namespace genspool::daemon;

TEST_CASE("a range is a part of the file, cut at its end") {
    const auto part = [](std::string_view header) { return read_range(header, 100).range; };

    CHECK(part("bytes=0-9") == ByteRange{0, 10});
    CHECK(part("bytes=90-") == ByteRange{90, 10});
    CHECK(part("bytes=90-1000") == ByteRange{90, 10});
    CHECK(part("bytes=-5") == ByteRange{95, 5});
    CHECK(part("bytes=-500") == ByteRange{0, 100});
    CHECK(part("bytes=99-99") == ByteRange{99, 1});
}

TEST_CASE("what is not understood means the whole file") {
    for (const char* const header : {"", "lines=1-2", "bytes=", "bytes=a-b", "bytes=5", "bytes=9-5",
                                     "bytes=0-1,3-4", "bytes=-", "bytes=1-x"}) {
        CAPTURE(header);
        CHECK(read_range(header, 100).kind == RangeKind::whole);
    }
}

TEST_CASE("a range behind the end cannot be satisfied") {
    CHECK(read_range("bytes=100-", 100).kind == RangeKind::unsatisfied);
    CHECK(read_range("bytes=-0", 100).kind == RangeKind::unsatisfied);
    CHECK(read_range("bytes=0-", 0).kind == RangeKind::unsatisfied);
}
