#include "tests/support/temporary_directory.hpp"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace genspool::tests {

TemporaryDirectory::TemporaryDirectory()
    : TemporaryDirectory(std::filesystem::temp_directory_path().string()) {}

TemporaryDirectory::TemporaryDirectory(const std::string& parent)
    : path_(parent + "/genspool-XXXXXX") {
    if (!::mkdtemp(path_.data())) throw std::system_error(errno, std::generic_category(), path_);
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;  // a left-over directory fails no test
    std::filesystem::remove_all(path_, ignored);
}

std::optional<std::string> place_on_another_disk(const std::string& path) {
    const auto device_of = [](const std::string& of) {
        struct stat status{};
        return ::stat(of.c_str(), &status) == 0 ? status.st_dev : dev_t{0};
    };
    for (const char* const other : {"/dev/shm", "/var/tmp", "/tmp"}) {
        const bool usable = ::access(other, W_OK) == 0;
        if (usable && device_of(other) != device_of(path)) return other;
    }
    return std::nullopt;
}

}  // namespace genspool::tests
