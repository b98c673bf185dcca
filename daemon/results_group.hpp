#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <vector>

#include "queue/queue.hpp"

namespace genspool::daemon {

/// How much of the event log is worked on between two syncs.
struct ResultsLimits {
    std::size_t events_max = 512;
    std::size_t bytes_max = 4U << 20U;  ///< of jobs held in memory, about
};

/// Some events that follow each other, with what they say to result files.
struct ResultsGroup {
    struct Ended {
        queue::JobView job;
        proto::EventSeq end;
    };
    struct Touched {
        queue::BatchView view;
        bool again = false;  ///< a job that had ended was taken up again
    };

    proto::EventSeq upto;  ///< the last event of the group
    std::size_t events = 0;
    bool at_end = false;  ///< of the log: the views know of no later event
    std::vector<Ended> ended;
    std::map<proto::BatchSeq, Touched> batches;  ///< those of the events, and those asked for
};

/// What an event says to the result files of its batch.
enum class ResultsNews : std::uint8_t {
    nothing,
    seal,   ///< the batch can be seen from here on
    ends,   ///< a job has ended: it gets a line
    again,  ///< a job that had ended was taken up again: it will get another
};
ResultsNews results_news(const queue::EventRecord& event);

/// Reads the events after `after`. A job that ended and was taken up again since has no line: its
/// next end will have one. `also`: batches to be looked at in any case.
ResultsGroup read_results_group(const queue::Reader& reader, proto::EventSeq after,
                                const ResultsLimits& limits, const std::set<proto::BatchSeq>& also);

/// All its jobs have ended; true for one without jobs.
bool has_ended(const queue::BatchView& batch);

/// What stands in NAME.done: the counts and the cost, as one line of JSON.
std::string results_summary(const queue::BatchView& batch);

}  // namespace genspool::daemon
