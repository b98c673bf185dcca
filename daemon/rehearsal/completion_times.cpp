#include "daemon/rehearsal/completion_times.hpp"

#include "proto/time.hpp"

namespace genspool::daemon {

std::optional<proto::Spread> TimesTable::find(const proto::JobSpec& spec,
                                              const proto::Checked& checked) const {
    std::string_view key = checked.price_key.empty() ? spec.op : checked.price_key;
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
        const std::size_t equals = text.find('=');
        const std::string key = text.substr(0, equals);
        const auto span = equals == std::string::npos
                              ? std::nullopt
                              : proto::parse_duration(std::string_view(text).substr(equals + 1));
        if (!span)
            return proto::Refused{
                "invalid", "times",
                "--times wants KEY=SPAN as in minimax.video_v1=3m, not \"" + text + "\""};
        const std::string op = key.substr(0, key.find('/'));
        if (registry.codec(op) == nullptr)
            return proto::Refused{"invalid", "times", "--times " + text + ": there is no op " + op};
        times.insert_or_assign(key, proto::Spread{*span, *span, *span});
    }
    return TimesTable(std::move(times), "given");
}

}  // namespace genspool::daemon
