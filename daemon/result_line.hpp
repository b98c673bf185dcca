#pragma once

#include <string>
#include <string_view>

#include "proto/ids.hpp"
#include "queue/commands.hpp"
#include "queue/views.hpp"

namespace genspool::daemon {

/// How a job that ended stands in its batch's result files, in the shape of the OpenAI Batch API:
/// {"id","custom_id","response":{"status_code","request_id","body": the job},"error","end"}, one
/// line with its newline. `end` is the number of the event that ended it. `artifact_root` as in
/// proto::ShowExtras. Pure.
std::string result_line(const queue::JobView& job, proto::EventSeq end,
                        std::string_view artifact_root = {});

/// The same for a line that was refused when the batch was taken in: no id, no response, `end` 0.
std::string refused_result_line(const queue::RefusedLine& refused);

}  // namespace genspool::daemon
