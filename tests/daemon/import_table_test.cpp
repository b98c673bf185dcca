// A dropped table: its rows become jobs.
#include "daemon/import_table.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace genspool::daemon;

namespace {

using Texts = std::vector<std::string>;

/// What comes of a table: each row's job, or "line N: " and what is wrong with it.
Texts cut(std::string_view table, std::size_t bytes_max = 500) {
    TableSplitter splitter(bytes_max);
    Texts told;
    const auto tell = [&told](const Piece& piece) {
        const std::string line = "line " + std::to_string(piece.number) + ": ";
        if (piece.too_long)
            told.push_back(line + "too long");
        else
            told.push_back(piece.fault.empty() ? piece.text : line + piece.fault);
    };
    while (const auto piece = splitter.feed(table))
        tell(*piece);
    if (const auto piece = splitter.finish()) tell(*piece);
    if (splitter.problem()) told.push_back(*splitter.problem());
    return told;
}

}  // namespace

TEST_CASE("a column is a place in the request, or says something of the job") {
    CHECK(
        cut("kind,custom_id,label.film,output,job.priority,prompt,duration,voice_setting.voice_id\n"
            "video,shot-1,reel-3,{id}.mp4,9,a kite,6,77\n") ==
        Texts{R"({"request":{"prompt":"a kite","duration":6,"voice_setting":{"voice_id":"77"}},)"
              R"("kind":"video","custom_id":"shot-1","labels":{"film":"reel-3"},)"
              R"("output":"{id}.mp4","priority":9})"});
    CHECK(cut("kind,prompt,seed,first_frame_image.$file\nvideo,1984,,frames/a.png\n") ==
          Texts{R"({"request":{"prompt":"1984","first_frame_image":{"$file":"frames/a.png"}},)"
                R"("kind":"video"})"});
    CHECK(cut("image_file,n\n\"{\"\"$file\"\":\"\"a.png\"\"}\",\"\"\"7\"\"\"\n") ==
          Texts{R"({"request":{"image_file":{"$file":"a.png"},"n":"7"}})"});
}

TEST_CASE("values are quoted where they must be, over lines and with quotes in them") {
    CHECK(cut("a,b\r\n\"one, \"\"two\"\"\nthree\",x\r\n\r\n5\" wide,y") ==
          Texts{R"({"request":{"a":"one, \"two\"\nthree","b":"x"}})",
                R"({"request":{"a":"5\" wide","b":"y"}})"});
    CHECK(cut("a;b\nx,1;2\n") == Texts{R"({"request":{"a":"x,1","b":2}})"});
    CHECK(cut("a\tb\nx\ty\n") == Texts{R"({"request":{"a":"x","b":"y"}})"});
    CHECK(cut(" a , b\nx,y\n") == Texts{R"({"request":{"a":"x","b":"y"}})"});
}

TEST_CASE("a row that says nothing sensible is told by its line, and the others go on") {
    CHECK(cut("a,b\n1,2,3\n\"x\"y,1\n\n4\n\"open") ==
          Texts{"line 2: it has 3 values for 2 columns",
                "line 3: text follows the closing quote of value 1", R"({"request":{"a":4}})",
                "line 6: a quote is not closed"});
    CHECK(cut("a\n" + std::string(60, 'x') + "\nb\n", 50) ==
          Texts{"line 2: too long", R"({"request":{"a":"b"}})"});
}

TEST_CASE("a first row that names no columns is a problem of the whole file") {
    CHECK(cut("") == Texts{"there is no row of columns in it"});
    CHECK(cut("a,,b\n1,2,3\n") == Texts{"column 2 has no name"});
    CHECK(cut("a,b,a\n") == Texts{"column 3, a, stands there twice"});
    CHECK(cut("a,a.b\n") == Texts{"column a.b: a is not an object"});
    CHECK(cut("a[1]\n") == Texts{"column a[1]: item 1 would be behind a gap: the next is 0"});
    CHECK(cut("\"a\n") == Texts{"its first row: a quote is not closed"});
    CHECK(cut(std::string(60, 'a') + "\n", 50) == Texts{"its first row is too long"});
}
