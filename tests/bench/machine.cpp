#include "tests/bench/machine.hpp"

#include <sys/statfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <thread>

namespace genspool::bench {
namespace {

/// The value of the first line "KEY : VALUE".
std::string field(const std::string& file, const std::string& key) {
    std::ifstream in(file);
    std::string line;
    while (std::getline(in, line)) {
        const std::size_t colon = line.find(':');
        if (!line.starts_with(key) || colon == std::string::npos) continue;
        const std::size_t at = line.find_first_not_of(" \t", colon + 1);
        return at == std::string::npos ? std::string() : line.substr(at);
    }
    return "unknown";
}

/// The mount that holds `directory`: the longest mount point that begins its path.
std::string file_system(const std::string& directory) {
    std::ifstream in("/proc/self/mounts");
    std::string best = "unknown";
    std::size_t longest = 0;
    std::string line;
    while (std::getline(in, line)) {
        std::istringstream words(line);
        std::string device;
        std::string point;
        std::string type;
        words >> device >> point >> type;
        if (!directory.starts_with(point) || point.size() < longest) continue;
        longest = point.size();
        best = type + " on " + device;
    }
    return best;
}

}  // namespace

std::string machine_facts(const std::string& directory) {
    utsname kernel{};
    ::uname(&kernel);
    std::string facts;
    facts += "CPU     " + field("/proc/cpuinfo", "model name") + ", " +
             std::to_string(std::thread::hardware_concurrency()) + " cores\n";
    facts += "memory  " + field("/proc/meminfo", "MemTotal") + "\n";
    facts += "kernel  " + std::string(kernel.sysname) + " " + kernel.release + "\n";
    facts += "disk    " + file_system(directory) + "\n";
    return facts;
}

}  // namespace genspool::bench
