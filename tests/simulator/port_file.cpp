#include "tests/simulator/port_file.hpp"

#include <filesystem>
#include <fstream>

namespace genspool::simulator {

void write_port_file(const std::string& path, std::uint16_t port) {
    const auto unfinished = path + ".tmp";
    std::ofstream out;
    out.exceptions(std::ios::failbit | std::ios::badbit);
    out.open(unfinished, std::ios::trunc);
    out << port << '\n';
    out.close();
    std::filesystem::rename(unfinished, path);
}

}  // namespace genspool::simulator
