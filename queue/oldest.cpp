#include "queue/oldest.hpp"

#include "queue/keys.hpp"
#include "queue/reader.hpp"
#include "queue/rows.hpp"
#include "queue/turn.hpp"

namespace genspool::queue {
namespace {

/// So many jobs of batches that cannot be seen are passed by at once; the next look goes on.
constexpr std::size_t rows_a_look = 5'000;

}  // namespace

/// The job of that state that was admitted first, among the next rows of its index.
std::optional<proto::JobSeq> CoreReader::first_in(proto::State state) const {
    const Memory& memory = core_.memory();
    if (memory.by_state[static_cast<std::size_t>(state)] == 0) return std::nullopt;
    std::optional<proto::JobSeq> first;
    proto::JobSeq passed = memory.oldest.of(state);
    std::size_t looked = 0;
    core_.store().scan(keys::state(state, passed), keys::state(state, {UINT64_MAX}),
                       [&](std::string_view key, std::string_view value) {
                           passed.value = keys::get_u64(key, 2);
                           const auto row = decode<IndexRow>(value);
                           if (!row) throw StoreFailed("a corrupt index row");
                           if (memory.visible(row->batch)) first = passed;
                           return !first && ++looked < rows_a_look;
                       });
    memory.oldest.raise(state, passed);
    return first;
}

Oldest CoreReader::oldest() const {
    Oldest oldest;
    for (std::size_t number = 1; number < proto::state_count; ++number) {
        const auto state = static_cast<proto::State>(number);
        if (proto::is_terminal(state)) continue;
        const auto first = first_in(state);
        const auto job = first ? record(*first) : std::nullopt;
        if (job) oldest.at(number) = job->id.at();
    }
    return oldest;
}

}  // namespace genspool::queue
