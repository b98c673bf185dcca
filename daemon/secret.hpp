#pragma once

#include <string>
#include <utility>

namespace genspool::daemon {

/// A key that must not be shown: it prints as nothing, compares only for presence, and is
/// overwritten when it is no longer needed. Whoever needs the characters says reveal().
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}
    Secret(const Secret&) = default;
    Secret(Secret&&) noexcept = default;
    Secret& operator=(const Secret&) = default;
    Secret& operator=(Secret&&) noexcept = default;
    ~Secret();

    const std::string& reveal() const { return text_; }
    bool empty() const { return text_.empty(); }

private:
    std::string text_;
};

}  // namespace genspool::daemon
