#include "cli/named_file.hpp"

#include <array>
#include <fstream>
#include <iterator>

#include "cli/failure.hpp"

namespace genspool::cli {
namespace {

std::string read_input(const Console& console) {
    std::string text;
    std::array<char, 16384> piece{};
    while (const std::size_t size = console.in(piece.data(), piece.size()))
        text.append(piece.data(), size);
    return text;
}

}  // namespace

std::string read_named(const Console& console, const std::string& option, const std::string& name) {
    if (name == "-") return read_input(console);
    std::ifstream file(name, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (!file) throw CommandFailed(Exit::usage, option + " " + name + " cannot be read");
    return text;
}

}  // namespace genspool::cli
