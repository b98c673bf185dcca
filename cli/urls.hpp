#pragma once

#include <string>
#include <string_view>

namespace genspool::cli {

/// Percent-encoded, for one segment of a path or one value of a query.
std::string encoded(std::string_view text);

/// A path with its query, built one parameter at a time.
class Target {
public:
    explicit Target(std::string path) : text_(std::move(path)) {}

    /// Adds `name=value`. An empty value adds nothing.
    Target& add(std::string_view name, std::string_view value);

    const std::string& text() const { return text_; }

private:
    std::string text_;
    bool begun_ = false;
};

/// "/v1/jobs/ID" and what is below it.
std::string job_path(std::string_view id, std::string_view below = "");
std::string batch_path(std::string_view id, std::string_view below = "");

}  // namespace genspool::cli
