#include <doctest/doctest.h>
#include <sys/stat.h>

#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "cli/sha256.hpp"
#include "cli/token_store.hpp"
#include "tests/cli/stub_daemon.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

std::string text_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

mode_t mode_of(const std::string& path) {
    struct stat status{};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 0777U;
}

/// `genspool token ARGUMENTS…`, which needs no daemon.
Ran token(const TemporaryDirectory& directory, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "token");
    arguments.insert(arguments.end(), {"--file", directory.path("token")});
    return run_cli("/nowhere", std::move(arguments));
}

std::string without_line_end(std::string text) {
    REQUIRE(text.ends_with('\n'));
    text.pop_back();
    return text;
}

}  // namespace

TEST_CASE("a new token is printed once, and kept as its hash alone") {
    const TemporaryDirectory directory;
    const Ran ran = token(directory, {"add", "desk"});
    REQUIRE(ran.exit == 0);
    const std::string secret = without_line_end(ran.out);
    CHECK(secret.starts_with("genspool_"));
    CHECK(secret.size() == 9 + 64);
    CHECK(ran.err.find(secret) == std::string::npos);
    const std::string kept = text_of(directory.path("token"));
    CHECK(kept == "desk owner sha256:" + cli::sha256_of(secret) + "\n");
    CHECK((mode_of(directory.path("token")) & 027U) == 0);
    CHECK(token(directory, {"add", "boss", "--admin"}).exit == 0);
    const Ran listed = token(directory, {"ls"});
    CHECK(listed.out == "NAME  ROLE\ndesk  owner\nboss  admin\n");
    CHECK(token(directory, {"ls", "--json"}).out ==
          R"([{"name":"desk","role":"owner"},{"name":"boss","role":"admin"}])"
          "\n");
    const auto told = boost::json::parse(token(directory, {"add", "third", "--json"}).out);
    CHECK(told.at("role").as_string() == "owner");
    CHECK(text_of(directory.path("token"))
              .find(cli::sha256_of(std::string(told.at("token").as_string()))) !=
          std::string::npos);
}

TEST_CASE("no two tokens are the same, and the hash is the one everybody knows") {
    CHECK(cli::new_token() != cli::new_token());
    CHECK(cli::sha256_of("abc") ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("rm takes one token away and leaves the rest, comments too") {
    const TemporaryDirectory directory;
    const std::string file = directory.path("token");
    const std::string hash(64, 'a');
    std::ofstream(file) << "# who\na owner sha256:" << hash << "\nab owner sha256:" << hash;
    ::chmod(file.c_str(), 0640);
    CHECK(token(directory, {"rm", "a"}).exit == 0);
    CHECK(text_of(file) == "# who\nab owner sha256:" + hash);
    CHECK(mode_of(file) == 0640);
    CHECK(token(directory, {"rm", "a"}).exit == 3);
    CHECK(token(directory, {"add", "a"}).exit == 0);
    CHECK(text_of(file).starts_with("# who\nab owner sha256:" + hash + "\na owner "));
    CHECK_FALSE(std::filesystem::exists(file + ".new"));
}

TEST_CASE("what cannot be meant changes nothing") {
    const TemporaryDirectory directory;
    REQUIRE(token(directory, {"add", "a"}).exit == 0);
    const std::string before = text_of(directory.path("token"));
    for (const std::vector<std::string>& arguments :
         std::vector<std::vector<std::string>>{{"add", "a"},
                                               {"add", "a b"},
                                               {"add", "uid:0"},
                                               {"add"},
                                               {"rm"},
                                               {"ls", "a"},
                                               {"rm", "a", "--admin"},
                                               {"show", "a"},
                                               {}}) {
        CHECK(token(directory, arguments).exit == 2);
    }
    CHECK(text_of(directory.path("token")) == before);

    std::ofstream(directory.path("token")) << "genspool_5ec2e7\n";
    const Ran spoiled = token(directory, {"add", "b"});
    CHECK(spoiled.exit == 1);
    CHECK(spoiled.err.find("5ec2e7") == std::string::npos);
    CHECK(text_of(directory.path("token")) == "genspool_5ec2e7\n");
    CHECK(run_cli("/nowhere", {"token", "ls", "--file", "/nonexistent/token"}).exit == 1);
    CHECK(run_cli("/nowhere", {"token", "add", "x", "--file", "/nonexistent/token"}).exit == 1);
}

TEST_CASE("a link to the token file stays a link") {
    const TemporaryDirectory directory;
    std::ofstream(directory.path("real")) << "";
    std::filesystem::create_symlink(directory.path("real"), directory.path("token"));
    CHECK(token(directory, {"add", "a"}).exit == 0);
    CHECK(std::filesystem::is_symlink(directory.path("token")));
    CHECK(text_of(directory.path("real")).starts_with("a owner "));
}

TEST_CASE("of tokens added at the same time none is lost") {
    const TemporaryDirectory directory;
    const std::string file = directory.path("token");
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&file, i] {
            cli::change_tokens(file, [i](const std::string& text) {
                const proto::TokenEntry entry{"t" + std::to_string(i), false, std::string(64, 'a')};
                return text + proto::format_token_line(entry) + "\n";
            });
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    CHECK(cli::read_tokens(file).size() == 8);
}
