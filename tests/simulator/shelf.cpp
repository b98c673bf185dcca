#include "tests/simulator/shelf.hpp"

#include "tests/simulator/digest.hpp"

namespace genspool::simulator {

std::string ShelfItem::filename() const {
    return std::to_string(file_id) + std::string(extension(kind));
}

Shelf::Shelf(std::uint64_t seed) : secret_("secret " + std::to_string(seed)) {}

ShelfItem& Shelf::put(ShelfItem item) {
    constexpr std::int64_t first_id = (std::int64_t{1} << 53U) + 1;
    item.file_id = first_id + 2 * static_cast<std::int64_t>(items_.size());
    const auto bytes = item.bytes();
    item.made.sha256 = sha256_hex(bytes);
    item.made.bytes = bytes.size();
    const auto file_id = item.file_id;
    return items_.emplace(file_id, std::move(item)).first->second;
}

const ShelfItem* Shelf::find(std::int64_t file_id) const {
    const auto found = items_.find(file_id);
    return found == items_.end() || found->second.deleted ? nullptr : &found->second;
}

std::string Shelf::link(const ShelfItem& item, std::string_view host,
                        proto::Instant expires) const {
    const auto until = std::to_string(expires.time_since_epoch().count());
    return "http://" + std::string(host) + "/cdn/" + item.filename() + "?expires=" + until +
           "&signature=" + signature(item.file_id, until);
}

std::string Shelf::signature(std::int64_t file_id, std::string_view expires) const {
    std::string text = secret_ + "/" + std::to_string(file_id) + "/";
    text += expires;
    return sha256_hex(text).substr(0, 32);
}

}  // namespace genspool::simulator
