#include "proto/minimax/text_pieces.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "proto/utf8.hpp"

using namespace genspool::proto;
using minimax::cut_text;
using Pieces = std::vector<std::string>;

namespace {

std::string joined(const Pieces& pieces) {
    std::string text;
    for (const std::string& piece : pieces)
        text += piece;
    return text;
}

}  // namespace

TEST_CASE("a text is cut behind the last sentence that fits") {
    CHECK(cut_text("One. Two. Three.", 100) == Pieces{"One. Two. Three."});
    CHECK(cut_text("One. Two. Three.", 12) == Pieces{"One. Two. ", "Three."});
    CHECK(cut_text("Is it? \"Yes!\" he said.", 15) == Pieces{"Is it? \"Yes!\" ", "he said."});
    CHECK(cut_text("first line\nsecond line", 15) == Pieces{"first line\n", "second line"});
    CHECK(cut_text("Pi is 3.14 or so. Yes", 18) == Pieces{"Pi is 3.14 or so. ", "Yes"});
    CHECK(cut_text("你好。再见！“好。”他说", 9) == Pieces{"你好。再见！", "“好。”他说"});
    CHECK(cut_text("你好。再见！“好。”他说", 10) == Pieces{"你好。再见！“好。”", "他说"});
}

TEST_CASE("without sentences it is cut between words, and else between characters") {
    CHECK(cut_text("one two three", 9) == Pieces{"one two ", "three"});
    CHECK(cut_text("3.14159265", 4) == Pieces{"3.14", "1592", "65"});
    CHECK(cut_text("你好再见", 3) == Pieces{"你好再", "见"});
    CHECK(cut_text("a\u00E9\u00E9\u00E9b", 2) == Pieces{"a\u00E9", "\u00E9\u00E9", "b"});
}

TEST_CASE("a pause or a remark in brackets stays whole, and no piece begins or ends with a pause") {
    CHECK(cut_text("one two (loud laughs) three", 18) ==
          Pieces{"one two ", "(loud laughs) ", "three"});
    CHECK(cut_text("one two <#1.5#> three four", 20) ==
          Pieces{"one ", "two <#1.5#> three ", "four"});
    CHECK(cut_text("One. Two.<#1.5#>Three.", 18) == Pieces{"One. ", "Two.<#1.5#>Three."});
    CHECK(cut_text("One. Two. <#1.5#> Three.", 19) == Pieces{"One. ", "Two. <#1.5#> Three."});
    CHECK(cut_text("一（笑声）二", 4) == Pieces{"一", "（笑声）", "二"});
    // A bracket that is never closed is a character like others.
    CHECK(cut_text("one (two three", 9) == Pieces{"one (two ", "three"});
}

TEST_CASE("pieces that say nothing are left out, and a text that says nothing has none") {
    CHECK(cut_text("", 10).empty());
    CHECK(cut_text("  \n \u3000", 3).empty());
    CHECK(cut_text("one.            two.", 6) == Pieces{"one.  ", "two."});
}

TEST_CASE("whatever the text, its pieces are short, whole and together all of it") {
    const std::vector<std::string> words{
        "a",     "word ",  ". ", "! ", "。", "（笑）", "(sighs) ", "(", "<#", "#>",
        "<#2#>", "\u00E9", "好", "[",  "]]", "x.y",    "\xFF",     "”", "0 "};
    std::mt19937 engine{20261129};
    for (int round = 0; round < 2'000; ++round) {
        std::string text;
        for (std::size_t n = engine() % 600; n > 0; --n)
            text += words[engine() % words.size()];
        CAPTURE(round);
        const Pieces pieces = cut_text(text, 300);
        CHECK(joined(pieces) == text);
        for (const std::string& piece : pieces) {
            CHECK_FALSE(piece.empty());
            CHECK(code_points(piece) <= 300);
        }
    }
}
