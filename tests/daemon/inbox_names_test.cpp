#include "daemon/inbox_names.hpp"

#include <doctest/doctest.h>

using namespace genspool::daemon;

TEST_CASE("names that somebody is not done with are ignored") {
    for (const char* name : {".films.jsonl", "films.jsonl.part", "films.tmp", "films.jsonl~", ""}) {
        CAPTURE(name);
        CHECK(name_kind(name) == NameKind::ignored);
    }
}

TEST_CASE("the ending says what a file is") {
    CHECK(name_kind("films.jsonl") == NameKind::jsonl);
    CHECK(name_kind("a.b.json") == NameKind::json);
    CHECK(name_kind("films.csv") == NameKind::csv);
    CHECK(name_kind("voice.txt") == NameKind::txt);
    CHECK(name_kind("films") == NameKind::other);
    CHECK(name_kind("films.jsonl.gz") == NameKind::other);
}

TEST_CASE("a taken name gets its number before the ending") {
    CHECK(numbered_name("films.jsonl", 1) == "films.jsonl");
    CHECK(numbered_name("films.jsonl", 2) == "films~2.jsonl");
    CHECK(numbered_name("films", 3) == "films~3");
    CHECK(stem_of("a.b.jsonl") == "a.b");
    CHECK(ending_of("a.b.jsonl") == ".jsonl");
}

TEST_CASE("names that cannot be carried on are told why") {
    CHECK_FALSE(name_problem("Film é 1.jsonl").has_value());
    CHECK(name_problem("a\nb.jsonl").has_value());
    CHECK(name_problem("\xff.jsonl").has_value());
    CHECK(name_problem(std::string(230, 'a') + ".jsonl").has_value());
}
