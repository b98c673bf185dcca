#include "queue/migrations.hpp"

#include <algorithm>

#include "queue/keys.hpp"

namespace genspool::queue {
namespace {

std::optional<std::uint64_t> stored_format(const Store& store) {
    const auto stored = store.get(keys::meta("format"));
    if (!stored) return std::nullopt;
    if (stored->size() != 8) throw StoreFailed("the database's format cannot be read");
    return keys::get_u64(*stored, 0);
}

void run(Store& store, const Migration& migration) {
    const std::string progress = keys::meta("migration");
    std::optional<std::string> done = store.get(progress).value_or(std::string());
    while (done) {
        std::vector<KeyWrite> writes;
        done = migration.piece(store, *done, writes);
        writes.emplace_back(progress, done);
        if (!done) {
            std::string version;
            keys::put_u64(version, migration.from + 1);
            writes.emplace_back(keys::meta("format"), std::move(version));
        }
        store.commit(writes);
    }
}

}  // namespace

std::span<const Migration> all_migrations() {
    return {};  // format 1 is the first
}

void migrate(Store& store, std::span<const Migration> migrations, std::uint64_t to) {
    const auto found = stored_format(store);
    if (!found) return;
    if (*found > to) {
        throw FormatTooNew("the database has format " + std::to_string(*found) +
                           ", this program knows formats up to " + std::to_string(to));
    }
    for (std::uint64_t version = *found; version < to; ++version) {
        const auto next = std::ranges::find(migrations, version, &Migration::from);
        if (next == migrations.end()) {
            throw StoreFailed("nothing leads on from format " + std::to_string(version));
        }
        run(store, *next);
    }
}

}  // namespace genspool::queue
