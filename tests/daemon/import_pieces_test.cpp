#include "daemon/import_pieces.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace genspool::daemon;

namespace {

using Texts = std::vector<std::string>;

/// What a splitter makes of the bytes when they come in blocks of this size: "NUMBER:TEXT".
template <class Splitter>
Texts split(Splitter& splitter, std::string_view bytes, std::size_t block) {
    Texts texts;
    const auto keep = [&texts](const Piece& piece) {
        const std::string text = piece.too_long ? "too long" : piece.text;
        texts.push_back(std::to_string(piece.number) + ":" + text);
    };
    while (!bytes.empty()) {
        std::string_view part = bytes.substr(0, block);
        bytes.remove_prefix(part.size());
        while (auto piece = splitter.feed(part))
            keep(*piece);
    }
    if constexpr (std::is_same_v<Splitter, LineSplitter>) {
        if (auto piece = splitter.finish()) keep(*piece);
    } else {
        splitter.finish();
    }
    return texts;
}

Texts lines(std::string_view bytes, std::size_t block, std::size_t bytes_max = 100) {
    LineSplitter splitter(bytes_max);
    return split(splitter, bytes, block);
}

struct Elements {
    Texts texts;
    std::string problem;
};

Elements elements(std::string_view bytes, std::size_t block, std::size_t bytes_max = 100) {
    ArraySplitter splitter(bytes_max);
    Elements found;
    found.texts = split(splitter, bytes, block);
    found.problem = splitter.problem().value_or("");
    return found;
}

}  // namespace

TEST_CASE("lines are cut at LF or CRLF, blank ones only counted, the last needs no newline") {
    for (const std::size_t block : {1U, 2U, 3U, 7U, 1000U}) {
        CAPTURE(block);
        CHECK(lines("a\r\n\n  \t\nbc\nd", block) == Texts{"1:a", "4:bc", "5:d"});
        CHECK(lines("a\n", block) == Texts{"1:a"});
        CHECK(lines("", block).empty());
        CHECK(lines("\n\n", block).empty());
    }
}

TEST_CASE("a line over the limit is told by number and does not disturb the next") {
    for (const std::size_t block : {1U, 4U, 1000U}) {
        CAPTURE(block);
        CHECK(lines("12345678\nab\n123456789", block, 5) ==
              Texts{"1:too long", "2:ab", "3:too long"});
    }
}

TEST_CASE("an array's elements keep their bytes") {
    const std::string_view text =
        " [ {\"a\": 1.0,\n \"b\":[1,{}]} ,{\"s\":\"]},\\\"{\"}, 12 , \"x,]\" ]\n";
    for (const std::size_t block : {1U, 2U, 5U, 1000U}) {
        CAPTURE(block);
        const Elements found = elements(text, block);
        CHECK(found.problem.empty());
        CHECK(found.texts == Texts{"1:{\"a\": 1.0,\n \"b\":[1,{}]}", "2:{\"s\":\"]},\\\"{\"}",
                                   "3:12", "4:\"x,]\""});
    }
}

TEST_CASE("one object is one piece, an empty array none") {
    CHECK(elements("{\"a\":{}}\n", 3).texts == Texts{"1:{\"a\":{}}"});
    CHECK(elements("{\"a\":{}}\n", 3).problem.empty());
    CHECK(elements(" [ ] ", 1).texts.empty());
    CHECK(elements(" [ ] ", 1).problem.empty());
}

TEST_CASE("what is neither an object nor an array is refused with a reason") {
    for (const char* text : {"", "  \n", "abc", "12", "[{}", "{\"a\":", "[{},]", "[,{}]", "[{} {}]",
                             "{} {}", "[{}]]", "[}", "[1}]", "{\"a\":\"}"}) {
        CAPTURE(text);
        for (const std::size_t block : {1U, 1000U})
            CHECK_FALSE(elements(text, block).problem.empty());
    }
}

TEST_CASE("an element over the limit is told by its place") {
    CHECK(elements("[{\"a\":\"long long long\"},{}]", 4, 8).texts == Texts{"1:too long", "2:{}"});
}
