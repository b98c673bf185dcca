#pragma once

#include <span>
#include <string>
#include <string_view>

namespace genspool::workers {

/// Blots secrets out of what a server says, however the text is cut into pieces: some servers
/// repeat the key they were sent in their complaint about it. The length does not change.
class SecretFilter {
public:
    /// None, or empty ones: everything passes as it is. `secrets` must outlive this.
    explicit SecretFilter(std::span<const std::string> secrets) : secrets_(secrets) {}

    /// A text that is whole.
    void blot(std::string& text) const;

    /// The next piece of a longer text; what may be a secret's beginning is held back.
    std::string pass(std::string piece);
    /// What was held back, once the text has ended.
    std::string rest();

private:
    std::span<const std::string> secrets_;
    std::string held_;
};

}  // namespace genspool::workers
