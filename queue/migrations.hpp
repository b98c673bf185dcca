#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "queue/rocksdb_store.hpp"

/// How an older database becomes one of today's, format by format. Each step goes in bounded
/// pieces, and how far it has come is committed with each piece, so that a crash costs nothing.
namespace genspool::queue {

/// Leads from one format to the next.
struct Migration {
    std::uint64_t from = 0;

    /// Plans the next piece of it, reading no more than some thousand rows. `done` is what the last
    /// piece answered, empty at the beginning. Answers how far this one comes, in words of its own
    /// that are not empty; nullopt: that was all, what it wrote included.
    std::function<std::optional<std::string>(const Store& store, const std::string& done,
                                             std::vector<KeyWrite>& writes)>
        piece;
};

/// Every step from the first format to today's, in order.
std::span<const Migration> all_migrations();

/// Brings a database to format `to`; a new one is left alone. Throws FormatTooNew with both
/// versions, and StoreFailed where the format cannot be read or no step leads on.
void migrate(Store& store, std::span<const Migration> migrations, std::uint64_t to);

}  // namespace genspool::queue
