#include "daemon/batch_notes.hpp"

namespace genspool::daemon {

std::string_view note_of(const queue::BatchView& batch, std::string_view name) {
    for (const auto& [key, value] : batch.notes) {
        if (key == name) return value;
    }
    return {};
}

}  // namespace genspool::daemon
