#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/codec.hpp"
#include "proto/result.hpp"

namespace genspool::daemon {

/// How long the upstream takes from a paid request to its last word, by what is asked of it.
class ExpectedTimes {
public:
    virtual ~ExpectedTimes() = default;

    /// nullopt: nothing is known of such a job here.
    virtual std::optional<proto::Spread> find(const proto::JobSpec& spec,
                                              const proto::Checked& checked) const = 0;
    /// Where they come from, in one word for people: "given", "learned", "assumed".
    virtual std::string_view source() const = 0;
};

/// Times by sort of task (proto::timed_as), which mostly is the key of its price:
/// "minimax.video_v1/MiniMax-Hailuo-02/1080P/6", or its beginning up to a slash. The longest that
/// fits counts.
class TimesTable : public ExpectedTimes {
public:
    using Times = std::map<std::string, proto::Spread, std::less<>>;

    TimesTable(Times times, std::string_view source) : times_(std::move(times)), source_(source) {}

    std::optional<proto::Spread> find(const proto::JobSpec& spec,
                                      const proto::Checked& checked) const override;
    std::string_view source() const override { return source_; }

private:
    Times times_;
    std::string_view source_;
};

/// What the providers are assumed to take.
TimesTable assumed_times(const proto::Registry& registry);

/// Each "KEY=SPAN" or "KEY=QUICK/MEDIAN/SLOW", as in "minimax.video_v1=3m". Refused: one that is
/// not, or of an op that there is not.
proto::Result<TimesTable> given_times(const std::vector<std::string>& wanted,
                                      const proto::Registry& registry);

/// The same, as a daemon has learned it. An op that there is not is passed over: that daemon may be
/// newer.
proto::Result<TimesTable> learned_times(const std::vector<std::string>& wanted);

}  // namespace genspool::daemon
