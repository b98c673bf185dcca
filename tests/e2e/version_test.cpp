#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <regex>
#include <string>

#include "tests/programs/run_program.hpp"

using namespace genspool::tests;

TEST_CASE("each program says of which sources it was built, and what is linked") {
    for (const std::string name : {"genspool", "genspoold", "genspool-sim"}) {
        CAPTURE(name);
        const ProgramRun plain = run_program({name, "--version"});
        CHECK(plain.code == 0);
        const ProgramRun run = run_program({name, "--version", "--json"});
        REQUIRE(run.code == 0);
        CHECK(run_program({name, "--json", "--version"}).out == run.out);
        const auto said = boost::json::parse(run.out);
        const auto text = [&said](const char* key) {
            return std::string(said.at(key).as_string());
        };
        CHECK(text("program") == name);
        CHECK(plain.out == name + " " + text("version") + "\n");
        CHECK(std::regex_match(text("commit"), std::regex("unknown|[0-9a-f]{12,40}(-dirty)?")));
        CHECK_FALSE(text("build_type").empty());
        CHECK(std::regex_match(text("compiler"), std::regex("[A-Za-z]+ [0-9.]+")));
        for (const auto& library : said.at("libraries").as_object()) {
            CAPTURE(std::string(library.key()));
            CHECK(std::regex_match(std::string(library.value().as_string()),
                                   std::regex("[0-9]+(\\.[0-9]+)*")));
        }
        CHECK(said.at("libraries").as_object().contains("boost"));
        CHECK(said.as_object().contains("database_format") == (name == "genspoold"));
    }
}
