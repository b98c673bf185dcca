#include "cli/bar.hpp"

#include <algorithm>
#include <cmath>

#include "cli/job_text.hpp"
#include "cli/json_reading.hpp"
#include "cli/words.hpp"

namespace genspool::cli {

std::optional<double> share_done(const boost::json::value& job) {
    const boost::json::value* progress = value_at(job, "progress");
    if (progress == nullptr || !progress->is_number() || is_settled(job)) return std::nullopt;
    return std::clamp(progress->to_number<double>(), 0.0, 1.0);
}

std::string bar(std::optional<double> share, std::size_t cells) {
    if (!share) return {};
    const auto full = static_cast<std::size_t>(std::floor(*share * static_cast<double>(cells)));
    std::string out;
    for (std::size_t i = 0; i < cells; ++i)
        out += i < full ? "█" : "░";
    return out;
}

std::string due(const boost::json::value& job, proto::Instant now) {
    if (is_settled(job)) return {};
    const std::string eta = ahead(text_at(job, "eta"), now);
    return eta == "now" ? "any moment" : eta;
}

}  // namespace genspool::cli
