#pragma once

#include <map>
#include <memory>
#include <string>

#include "proto/completion_times.hpp"
#include "proto/job.hpp"

/// How long tasks take is learned by their sort (JobRecord::timed_as), from those that were seen at
/// work once and done the next time.
namespace genspool::queue {

struct Turn;

/// What is known of each sort, as it is on disk.
struct Completions {
    struct Known {
        std::shared_ptr<const proto::CompletionTimes> times;
        proto::Instant learned_at{};
    };
    std::map<std::string, Known, std::less<>> known;

    /// So many sorts are kept: the one of which nothing was learned for the longest time goes.
    static constexpr std::size_t sorts_max = 1'000;

    /// null: nothing is known of that sort.
    std::shared_ptr<const proto::CompletionTimes> find(std::string_view timed_as) const;
};

/// The job's task was found done now: called before its state changes, and in the same commit.
void learn_completion(Turn& turn, const proto::JobRecord& record);

/// A row that cannot be read is passed over: what it told is learned anew.
void load_completions(Turn& turn);

}  // namespace genspool::queue
