#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

namespace genspool::queue {

/// The rows that were read lately, as they are on disk: a job at work is looked at many times
/// within moments. Of bounded size: when the young half is full it becomes the old one, and what
/// nobody asked for since is forgotten. One thread.
class RowCache {
public:
    /// nullptr: not known here. Good until the next call.
    const std::string* find(std::string_view key);
    /// Remembers what was read; a very long value is not kept.
    void add(std::string_view key, const std::string& value);
    /// The row has changed on disk. What is not known is not taken in: most of what is written is
    /// not read soon.
    void changed(const std::string& key, const std::string& value);
    void removed(const std::string& key);

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view key) const {
            return std::hash<std::string_view>()(key);
        }
    };
    using Rows = std::unordered_map<std::string, std::string, Hash, std::equal_to<>>;

    Rows young_;
    Rows old_;
};

}  // namespace genspool::queue
