#pragma once

#include <string>
#include <string_view>

#include "proto/job.hpp"
#include "proto/outlook.hpp"

namespace genspool::proto {

/// What a job's own rows do not hold of how it is shown.
struct ShowExtras {
    std::string_view batch;          ///< the batch's id; empty: in none
    std::string_view artifact_root;  ///< for the artifacts' paths; empty: without paths
    Outlook outlook{};
    std::string_view gates;    ///< a JSON array; empty: not judged, left out
    bool with_request = true;  ///< false: without the request (long lists)
};

/// A job as users see it, as JSON text.
std::string show_job(const JobRecord& record, const JobSpec& spec, const ShowExtras& extras = {});

/// The same, appended to `out`.
void append_job(std::string& out, const JobRecord& record, const JobSpec& spec,
                const ShowExtras& extras);

std::string_view to_string(Task::Status status);
std::string_view to_string(Artifact::Status status);

}  // namespace genspool::proto
