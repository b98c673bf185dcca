#include "cli/table.hpp"

#include <doctest/doctest.h>

using namespace genspool::cli;

TEST_CASE("columns are aligned and nothing trails") {
    Table table({{"ID"}, {"TRY", Table::Align::right}, {"NAME"}});
    table.add({"a", "1", "x"});
    table.add({"bbbb", "12", ""});

    CHECK(table.text(false, 0) ==
          "ID    TRY  NAME\n"
          "a       1  x\n"
          "bbbb   12\n");
}

TEST_CASE("a column that is empty everywhere is left out") {
    Table table({{"ID"}, {"LABEL"}, {"NAME"}, {"WHY"}});
    table.add({"a", "", "x"});

    CHECK(table.text(false, 0) == "ID  NAME\na   x\n");
}

TEST_CASE("the last column is cut to the terminal's width, by characters") {
    Table table({{"ID"}, {"WHY"}});
    table.add({"aa", "größer als alles andere"});

    CHECK(table.text(false, 18) == "ID  WHY\naa  größer als al…\n");
}

TEST_CASE("colours surround a cell and not its padding") {
    Table table({{"S"}, {"N"}});
    table.add({Cell("ok", Paint::good), "1"});

    CHECK(table.text(true, 0) == "\x1b[1mS\x1b[0m   \x1b[1mN\x1b[0m\n\x1b[32mok\x1b[0m  1\n");
}

TEST_CASE("what an upstream wrote cannot steer the terminal") {
    Table table({{"WHY"}});
    table.add(
        {"a\x1b[2J\nb\xC2\x9B"
         "c"});

    CHECK(table.text(false, 0) == "WHY\na [2J b c\n");
}

TEST_CASE("details leave out what has no value") {
    Details details;
    details.add("id", "1");
    details.add("reason", "");
    details.add("created", "now");

    CHECK(details.text(false) == "id       1\ncreated  now\n");
}
