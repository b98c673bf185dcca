#include "tests/simulator/sale.hpp"

namespace genspool::simulator {

ShelfItem& produce(World& world, const Sale& sale, MediaKind kind) {
    ShelfItem item;
    item.kind = kind;
    item.mark = "made by genspool-sim, seed " + std::to_string(world.options.seed) + ", number " +
                std::to_string(world.next_number());
    item.bytes_min = kind == MediaKind::mp4 ? world.options.video_bytes : 0;
    item.account = sale.call.account;
    item.forbidden = sale.markers.forbid_download;
    item.made_at = sale.call.now;
    return world.shelf.put(std::move(item));
}

std::string day_link(const World& world, const Sale& sale, const ShelfItem& item) {
    return world.shelf.link(item, sale.call.request.host, sale.call.now + std::chrono::hours(24));
}

}  // namespace genspool::simulator
