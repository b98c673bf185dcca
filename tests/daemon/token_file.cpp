#include "tests/daemon/token_file.hpp"

#include <filesystem>
#include <fstream>

#include "proto/token_file.hpp"
#include "workers/digest.hpp"

namespace genspool::tests {

TokenFile::TokenFile() : path_(directory_.path("token")) {
    write("# tokens\n");
}

void TokenFile::add(const std::string& name, bool admin) {
    const proto::TokenEntry entry{name, admin, workers::sha256_hex(secret(name))};
    write(text_ + proto::format_token_line(entry) + "\n");
}

void TokenFile::write(const std::string& text) {
    text_ = text;
    const std::string passing = path_ + ".new";
    std::ofstream(passing) << text;
    std::filesystem::permissions(passing, std::filesystem::perms{0600});
    std::filesystem::rename(passing, path_);
}

}  // namespace genspool::tests
