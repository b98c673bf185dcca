#include "proto/token_file.hpp"

#include <doctest/doctest.h>

using namespace genspool::proto;

namespace {

const std::string digest(64, 'a');

}  // namespace

TEST_CASE("an entry comes back as it was written, whatever blanks and comments surround it") {
    const TokenEntry owner{"reel-desk", false, digest};
    const TokenEntry admin{"ops.1_a", true, std::string(64, '0')};
    CHECK(format_token_line(owner) == "reel-desk owner sha256:" + digest);
    const auto file = parse_token_file("# tokens\n\n" + format_token_line(owner) + "\r\n  \t\n  " +
                                       format_token_line(admin) + "  ");
    REQUIRE(file.has_value());
    CHECK(*file == std::vector<TokenEntry>{owner, admin});
    CHECK(parse_token_file("")->empty());
}

TEST_CASE("a line that is no entry spoils the file, and is named without being quoted") {
    const std::string good = "a owner sha256:" + digest;
    const std::vector<std::string> bad_lines = {"genspool_5ec2e7",
                                                "a owner",
                                                "a owner sha256:" + digest + " more",
                                                "a root sha256:" + digest,
                                                "uid:0 admin sha256:" + digest,
                                                "a/b owner sha256:" + digest,
                                                std::string(65, 'n') + " owner sha256:" + digest,
                                                "a owner " + digest,
                                                "a owner sha256:" + digest.substr(1),
                                                "a owner sha256:" + digest.substr(1) + "G",
                                                "a owner md5:" + digest};
    for (const std::string& bad : bad_lines) {
        CAPTURE(bad);
        const auto file = parse_token_file("# tokens\n" + bad + "\n");
        REQUIRE_FALSE(file.has_value());
        CHECK(file.error().message.starts_with("line 2 "));
        CHECK(file.error().message.find("5ec2e7") == std::string::npos);
    }
    const auto twice = parse_token_file(good + "\n" + good + "\n");
    REQUIRE_FALSE(twice.has_value());
    CHECK(twice.error().message == "line 2 has the name of a token above");
}
