#include "tests/simulation/run_file.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <type_traits>

#include "proto/lifecycle.hpp"

namespace genspool::simulation {
namespace {

/// What the numbers mean: rows and columns of the table by their place, as this build knows them.
std::string heading() {
    std::string text = "genspool-simulate 1";
    for (const proto::Transition& row : proto::transitions) {
        text += ' ';
        text += proto::to_string(row.from);
        text += '+';
        text += proto::to_string(row.on);
    }
    for (const std::string_view fault : fault_names)
        text += ' ' + std::string(fault);
    return text + '\n';
}

}  // namespace

LongRun read_long_run(const std::string& path) {
    static_assert(std::is_trivially_copyable_v<LongRun>);
    LongRun run;
    std::ifstream file(path, std::ios::binary);
    if (!file) return run;
    std::string line;
    std::getline(file, line);
    if (line + '\n' != heading()) throw std::runtime_error(path + " is another build's");
    file.read(reinterpret_cast<char*>(&run), sizeof run);
    if (!file || file.peek() != std::char_traits<char>::eof())
        throw std::runtime_error(path + " is damaged");
    return run;
}

void write_long_run(const std::string& path, const LongRun& run) {
    const std::string part = path + ".part";
    std::ofstream file(part, std::ios::binary);
    file << heading();
    file.write(reinterpret_cast<const char*>(&run), sizeof run);
    file.close();
    if (!file) throw std::runtime_error(part + " cannot be written");
    std::filesystem::rename(part, path);
}

}  // namespace genspool::simulation
