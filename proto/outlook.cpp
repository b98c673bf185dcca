#include "proto/outlook.hpp"

#include <algorithm>

namespace genspool::proto {
namespace {

/// The most that is told of what is not done.
constexpr std::uint32_t nearly_done = 990;

std::uint32_t share(Duration so_far, Duration whole) {
    if (so_far >= whole) return nearly_done;
    return std::min(nearly_done, static_cast<std::uint32_t>(so_far.count() * 1000 / whole.count()));
}

}  // namespace

Outlook outlook(const JobRecord& record, const CompletionTimes* times,
                std::optional<std::uint32_t> said, Instant now) {
    if (record.state == State::succeeded) return {1000, std::nullopt};
    if (record.state == State::fetching) return {nearly_done, std::nullopt};
    Outlook found;
    if (record.state != State::running) return found;
    const bool known = times != nullptr && times->tell();
    const Duration so_far = std::max(now - record.sent_at, Duration(0));
    if (said) {
        found.permille = std::min(*said, nearly_done);
    } else if (known) {
        // Measured by what nine of ten tasks need, so that it does not go back as time passes.
        found.permille = share(so_far, times->within(90));
    }
    const auto whole = known ? times->likely_after(so_far) : std::nullopt;
    if (whole) found.eta = now + (*whole - so_far);
    return found;
}

}  // namespace genspool::proto
