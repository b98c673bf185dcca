#include "queue/notes.hpp"

#include "queue/keys.hpp"

namespace genspool::queue {

std::vector<std::pair<std::string, std::string>> read_notes(const Store& store,
                                                            proto::BatchSeq batch) {
    std::vector<std::pair<std::string, std::string>> notes;
    const std::string first = keys::note(batch, {});
    store.scan(first, keys::note({batch.value + 1}, {}),
               [&](std::string_view key, std::string_view value) {
                   notes.emplace_back(key.substr(first.size()), value);
                   return true;
               });
    return notes;
}

}  // namespace genspool::queue
