#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rocksdb {
class Env;
}

namespace genspool::queue {

/// The disk gave an error that leaves what is on it uncertain. The process ends on it (exit 75).
class StoreFailed : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The database was written by a newer version. The process ends on it (exit 78).
class FormatTooNew : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// One write of a commit: a value, or nullopt to delete the key.
using KeyWrite = std::pair<std::string, std::optional<std::string>>;

struct StoreOptions {
    std::string path;
    rocksdb::Env* env = nullptr;  ///< null: the real disk. Must outlive the store
    bool in_memory = false;       ///< no disk at all: what is committed goes with the store
    bool background = true;       ///< false: no background job ever starts (simulation)
    /// Each start writes a table, which without background jobs nobody merges with the others: more
    /// than so many are merged at the next start; 0: never.
    std::size_t tables_max = 0;
    bool read_only = false;  ///< for verify on a directory nobody has open
    std::size_t write_buffer_bytes = 16U << 20U;
};

/// The database: ordered keys, atomic synced commits. Failures throw StoreFailed.
/// One thread at a time.
class Store {
public:
    explicit Store(const StoreOptions& options);
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    std::optional<std::string> get(std::string_view key) const;

    /// Calls `row` for each key in [first, last) in order until it returns false.
    void scan(std::string_view first, std::string_view last,
              const std::function<bool(std::string_view key, std::string_view value)>& row) const;
    /// The same from the greatest key below `last` down to `first`.
    void scan_back(
        std::string_view first, std::string_view last,
        const std::function<bool(std::string_view key, std::string_view value)>& row) const;

    /// All of it or nothing, on disk when this returns.
    void commit(const std::vector<KeyWrite>& writes);

    /// Makes `directory`, which must not exist, a database of its own: all commits up to some
    /// moment during the call. Links files where it can. Any thread, beside all other calls.
    void copy_to(const std::string& directory) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace genspool::queue
