#include "tests/simulator/slot_class.hpp"

#include <algorithm>

namespace genspool::simulator {

std::string_view to_string(SlotClass slot) {
    return slot_class_names[static_cast<std::size_t>(slot)];
}

std::optional<SlotClass> parse_slot_class(std::string_view name) {
    const auto* found = std::find(slot_class_names.begin(), slot_class_names.end(), name);
    if (found == slot_class_names.end()) return std::nullopt;
    return static_cast<SlotClass>(found - slot_class_names.begin());
}

}  // namespace genspool::simulator
