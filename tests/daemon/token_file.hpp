#pragma once

#include <string>

#include "tests/support/temporary_directory.hpp"

namespace genspool::tests {

/// A token file of this test's own. A token's secret is "secret-of-NAME".
class TokenFile {
public:
    TokenFile();

    const std::string& path() const { return path_; }
    const std::string& text() const { return text_; }
    static std::string secret(const std::string& name) { return "secret-of-" + name; }

    void add(const std::string& name, bool admin = false);
    /// Replaces the whole file by renaming, as the command line does.
    void write(const std::string& text);

private:
    TemporaryDirectory directory_;
    std::string path_;
    std::string text_;
};

}  // namespace genspool::tests
