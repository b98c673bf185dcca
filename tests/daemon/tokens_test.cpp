#include "daemon/tokens.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <string>

#include "daemon/log.hpp"
#include "tests/daemon/token_file.hpp"
#include "tests/support/sanitized.hpp"

using namespace genspool;
using daemon::Tokens;
using tests::TokenFile;

TEST_CASE("a token has a name and a role, and what is nearly one has none") {
    TokenFile file;
    file.add("desk");
    file.add("boss", true);
    Tokens tokens(file.path());

    const auto desk = tokens.find(TokenFile::secret("desk"));
    REQUIRE(desk);
    CHECK(desk->principal == "token:desk");
    CHECK_FALSE(desk->admin);
    const auto boss = tokens.find(TokenFile::secret("boss"));
    REQUIRE(boss);
    CHECK(boss->admin);
    for (const std::string& wrong : {std::string(), std::string("desk"), TokenFile::secret("des"),
                                     TokenFile::secret("desk") + "x", std::string(64, 'a')})
        CHECK_FALSE(tokens.find(wrong));
}

TEST_CASE("a change of the file counts at once, and a file gone bad lets nobody in") {
    TokenFile file;
    file.add("desk");
    Tokens tokens(file.path());
    file.add("late");
    CHECK(tokens.find(TokenFile::secret("late")));

    file.write("# nobody\n");
    CHECK_FALSE(tokens.find(TokenFile::secret("desk")));
    file.add("desk");
    CHECK(tokens.find(TokenFile::secret("desk")));
    file.write("nonsense\n");
    CHECK_FALSE(tokens.find(TokenFile::secret("desk")));
    file.write("");
    file.add("desk");
    CHECK(tokens.find(TokenFile::secret("desk")));
    std::filesystem::permissions(file.path(), std::filesystem::perms{0666});
    CHECK_FALSE(tokens.find(TokenFile::secret("desk")));
    std::filesystem::remove(file.path());
    CHECK_FALSE(tokens.find(TokenFile::secret("desk")));
}

// A sanitizer needs a descriptor for its own looks at memory.
TEST_CASE("a file that cannot be opened for the moment lets nobody in, and only for that moment" *
          doctest::skip(tests::sanitized)) {
    TokenFile file;
    file.add("desk");
    Tokens tokens(file.path());
    REQUIRE(tokens.find(TokenFile::secret("desk")));
    file.add("late");
    rlimit descriptors{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &descriptors) == 0);
    const rlimit none{0, descriptors.rlim_max};
    std::size_t complaints = 0;
    daemon::set_log_sink([&complaints](daemon::Level, const std::string& line) {
        if (line.starts_with("tokens_unusable")) ++complaints;
    });
    const bool lowered = ::setrlimit(RLIMIT_NOFILE, &none) == 0;
    const bool one_was_in = tokens.find(TokenFile::secret("desk")).has_value();
    const bool next_was_in = tokens.find(TokenFile::secret("late")).has_value();
    const bool restored = ::setrlimit(RLIMIT_NOFILE, &descriptors) == 0;
    daemon::set_log_sink(nullptr);
    REQUIRE(lowered);
    REQUIRE(restored);
    CHECK_FALSE(one_was_in);
    CHECK_FALSE(next_was_in);
    CHECK(complaints == 1);
    CHECK(tokens.find(TokenFile::secret("desk")));
    CHECK(tokens.find(TokenFile::secret("late")));
}

TEST_CASE("a token file that others can touch, or that is none, is refused at the start") {
    TokenFile file;
    file.add("desk");
    CHECK(daemon::token_file_error(file.path()).empty());
    for (const unsigned mode : {0640U, 0400U, 0440U}) {
        std::filesystem::permissions(file.path(), std::filesystem::perms{mode});
        CHECK(daemon::token_file_error(file.path()).empty());
    }
    for (const unsigned mode : {0660U, 0604U, 0602U, 0644U}) {
        CAPTURE(mode);
        std::filesystem::permissions(file.path(), std::filesystem::perms{mode});
        CHECK_FALSE(daemon::token_file_error(file.path()).empty());
        CHECK_THROWS_AS(Tokens(file.path()), std::runtime_error);
    }
    std::filesystem::permissions(file.path(), std::filesystem::perms{0600});
    if (::geteuid() == 0) {
        REQUIRE(::chown(file.path().c_str(), 65'534, 0) == 0);
        CHECK(daemon::token_file_error(file.path()).find("belongs neither") != std::string::npos);
    }
    CHECK_FALSE(daemon::token_file_error("/nonexistent/token").empty());
    CHECK_FALSE(daemon::token_file_error("/tmp").empty());
}
