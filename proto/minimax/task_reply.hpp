#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "proto/codec.hpp"
#include "proto/minimax/envelope.hpp"

/// What the ops with a task to ask for have in common.
namespace genspool::proto::minimax {

/// The answer to a create: it names its task in `member`, or may have been taken all the same.
SubmitOutcome taken_task(const Reply& reply, std::string_view member = "task_id");

/// How a task stands.
struct TaskState {
    std::string word;   ///< the upstream's own, bounded
    std::string state;  ///< the same in lower case; empty: none was said

    bool failed() const { return state == "fail" || state == "failed"; }
};

/// The member `status` of an answer of the v1 API. It is said even beside a nonzero code, which
/// then is the task's own.
TaskState task_state(const Reply& reply, const Envelope& envelope);

/// The state says that the task failed; base_resp says why, or nothing.
TaskFailed failed_task(const Reply& reply, const Envelope& envelope);

/// One file that is asked for anew by `handle` whenever it is fetched.
TaskDone done_task(std::string handle, std::string media_type, std::string state);

/// A link that the upstream refuses: its only parameter is what the link leads to.
Refusal refused_link(const Reply& reply, const Envelope& envelope);

/// `url`, if it is one.
LinkOutcome link_or_none(std::string url, const Reply& reply);

/// The link of files/retrieve.
Call file_link(const Source& source);
LinkOutcome on_file_link(const Reply& reply);

}  // namespace genspool::proto::minimax
