#pragma once

#include <string>
#include <string_view>

namespace genspool::workers {

/// Blots a secret out of what a server says, however the text is cut into pieces: some servers
/// repeat the key they were sent in their complaint about it. The length does not change.
class SecretFilter {
public:
    /// Empty: everything passes as it is. `secret` must outlive this.
    explicit SecretFilter(std::string_view secret) : secret_(secret) {}

    /// A text that is whole.
    void blot(std::string& text) const;

    /// The next piece of a longer text; what may be the secret's beginning is held back.
    std::string pass(std::string piece);
    /// What was held back, once the text has ended.
    std::string rest();

private:
    std::string_view secret_;
    std::string held_;
};

}  // namespace genspool::workers
