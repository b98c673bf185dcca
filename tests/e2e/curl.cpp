#include "tests/e2e/curl.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/support/process.hpp"

namespace genspool::tests {

std::string curl(const TemporaryDirectory& directory, std::vector<std::string> arguments) {
    const std::string out = directory.path("curl-out");
    std::filesystem::remove(out);
    ProcessOptions options;
    options.command = {"/usr/bin/env", "curl", "-sS", "--fail-with-body"};
    options.command.insert(options.command.end(), arguments.begin(), arguments.end());
    options.output = out;
    const int code = Process(options).wait();
    std::ifstream file(out, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    CAPTURE(text);
    REQUIRE(code == 0);
    return text;
}

}  // namespace genspool::tests
