#include "proto/utf8.hpp"

#include <doctest/doctest.h>

using namespace genspool::proto;

TEST_CASE("characters are counted as code points") {
    CHECK(code_points("") == 0);
    CHECK(code_points("abc") == 3);
    CHECK(code_points("漢字é") == 3);
    CHECK(code_points("🎬") == 1);
}

TEST_CASE("control characters are those of ASCII and those of Unicode") {
    for (const std::string_view one : {"\x01", "\n", "\x1F", "\x7F"})
        CHECK(control_length(one) == 1);
    CHECK(control_length(std::string_view("\0", 1)) == 1);
    for (const std::string_view two : {"\xC2\x80", "\xC2\x9B", "\xC2\x9F"})
        CHECK(control_length(two) == 2);
    for (const std::string_view none :
         {"", " ", "~", "\xC2\xA0", "\xC2", "\xC2[", "\x9B", "\xC3\x9B"})
        CHECK(control_length(none) == 0);
}

TEST_CASE("a bounded text is valid and ends between two characters") {
    CHECK(bounded_utf8("漢字", 6) == "漢字");
    CHECK(bounded_utf8("漢字", 5) == "漢");
    CHECK(bounded_utf8("漢字", 2) == "");
    CHECK(bounded_utf8("🎬x", 4) == "🎬");
}

TEST_CASE("bytes that are no UTF-8 are replaced one by one") {
    const std::string mark = "\xEF\xBF\xBD";
    CHECK(bounded_utf8("a\xFF"
                       "b",
                       100) == "a" + mark + "b");
    CHECK(bounded_utf8("\xE6\xBC", 100) == mark + mark);                        // cut off
    CHECK(bounded_utf8("\xC0\xAF", 100) == mark + mark);                        // overlong
    CHECK(bounded_utf8("\xED\xA0\x80", 100) == mark + mark + mark);             // a surrogate
    CHECK(bounded_utf8("\xF4\x90\x80\x80", 100) == mark + mark + mark + mark);  // beyond Unicode
}
