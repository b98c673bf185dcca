#include "queue/row_cache.hpp"

#include <functional>
#include <utility>

namespace genspool::queue {
namespace {

constexpr std::size_t half_rows_max = 2'048;
constexpr std::size_t value_bytes_max = 2'048;

}  // namespace

const std::string* RowCache::find(std::string_view key) {
    if (const auto found = young_.find(key); found != young_.end()) return &found->second;
    const auto found = old_.find(key);
    if (found == old_.end()) return nullptr;
    const std::string value = std::move(found->second);
    old_.erase(found);
    add(key, value);
    return &young_.find(key)->second;
}

void RowCache::add(std::string_view key, const std::string& value) {
    if (value.size() > value_bytes_max) return;
    if (young_.size() >= half_rows_max) {
        old_ = std::move(young_);
        young_.clear();
    }
    young_.insert_or_assign(std::string(key), value);
}

void RowCache::changed(const std::string& key, const std::string& value) {
    for (Rows* rows : {&young_, &old_}) {
        const auto found = rows->find(key);
        if (found == rows->end()) continue;
        if (value.size() > value_bytes_max) {
            rows->erase(found);
        } else {
            found->second = value;
        }
    }
}

void RowCache::removed(const std::string& key) {
    young_.erase(key);
    old_.erase(key);
}

}  // namespace genspool::queue
