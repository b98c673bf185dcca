#include "daemon/rehearsal/expected_times.hpp"

#include <algorithm>
#include <utility>

#include "proto/time.hpp"

namespace genspool::daemon {
namespace {

/// One span stands for all three.
std::optional<proto::Spread> read_spread(std::string_view text) {
    std::vector<proto::Duration> spans;
    while (true) {
        const std::size_t slash = text.find('/');
        const auto span = proto::parse_duration(text.substr(0, slash));
        if (!span) return std::nullopt;
        spans.push_back(*span);
        if (slash == std::string_view::npos) break;
        text.remove_prefix(slash + 1);
    }
    if (spans.size() == 1) return proto::Spread{spans[0], spans[0], spans[0]};
    if (spans.size() != 3 || !std::is_sorted(spans.begin(), spans.end())) return std::nullopt;
    return proto::Spread{spans[0], spans[1], spans[2]};
}

/// A key may have "=" in the name of its model, a span has none.
proto::Result<std::pair<std::string, proto::Spread>> read_time(const std::string& option,
                                                               const std::string& text) {
    const std::size_t equals = text.rfind('=');
    const auto spread = equals == std::string::npos
                            ? std::nullopt
                            : read_spread(std::string_view(text).substr(equals + 1));
    if (!spread)
        return proto::Refused{"invalid", "times",
                              option +
                                  " wants KEY=SPAN as in minimax.video_v1=3m, or "
                                  "KEY=QUICK/MEDIAN/SLOW, not \"" +
                                  text + "\""};
    return std::pair(text.substr(0, equals), *spread);
}

}  // namespace

std::optional<proto::Spread> TimesTable::find(const proto::JobSpec& spec,
                                              const proto::Checked& checked) const {
    const std::string& sort = proto::timed_as(checked);
    std::string_view key = sort.empty() ? spec.op : sort;
    while (true) {
        const auto found = times_.find(key);
        if (found != times_.end()) return found->second;
        const std::size_t slash = key.rfind('/');
        if (slash == std::string_view::npos) return std::nullopt;
        key = key.substr(0, slash);
    }
}

TimesTable assumed_times(const proto::Registry& registry) {
    TimesTable::Times times;
    for (const proto::Provider* provider : registry.providers()) {
        for (const proto::UsualTime& usual : provider->usual_times())
            times.emplace(usual.key, usual.time);
    }
    return {std::move(times), "assumed"};
}

proto::Result<TimesTable> given_times(const std::vector<std::string>& wanted,
                                      const proto::Registry& registry) {
    TimesTable::Times times;
    for (const std::string& text : wanted) {
        auto said = read_time("--times", text);
        if (!said) return said.error();
        const std::string op = said->first.substr(0, said->first.find('/'));
        if (registry.codec(op) == nullptr)
            return proto::Refused{"invalid", "times", "--times " + text + ": there is no op " + op};
        times.insert_or_assign(std::move(said->first), said->second);
    }
    return TimesTable(std::move(times), "given");
}

proto::Result<TimesTable> learned_times(const std::vector<std::string>& wanted) {
    TimesTable::Times times;
    for (const std::string& text : wanted) {
        auto said = read_time("--learned", text);
        if (!said) return said.error();
        times.insert_or_assign(std::move(said->first), said->second);
    }
    return TimesTable(std::move(times), "learned");
}

}  // namespace genspool::daemon
