#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "proto/codec.hpp"
#include "proto/useapi/errors.hpp"

namespace genspool::proto::useapi {

/// What useapi.net answers: any JSON, or {"error": …, "code": …} with the status for a code.
struct Answer {
    boost::json::value json;  ///< null if the body is no JSON
    bool readable = false;    ///< it is JSON

    /// Empty where it is no object.
    const boost::json::object& fields() const;
};

Answer read_answer(const Reply& reply);

/// HTTP 2xx, and JSON.
bool succeeded(const Reply& reply, const Answer& answer);

/// The member "error", which is a text or an object with a message; empty: there is none.
std::string error_text(const boost::json::object& fields);

/// The status that an object itself tells, "code" or "status" of its error or its own "code"; 0: it
/// tells none.
int error_status(const boost::json::object& fields);

/// What a reply that did not succeed means to this service.
Refusal refusal(Service service, const Reply& reply, const Answer& answer);

/// A success that does not say what it should: it may have been taken, and is asked for again.
Refusal incomplete(const Reply& reply, std::string message);

/// A refused query as a poll answers it.
PollOutcome refused_poll(Refusal refusal);

/// The answer to a create names what was bought in none of the ways it might.
Refusal names_no_task(const Reply& reply);

/// Of a failed task, with the answer that says so.
Failure task_failure(const Reply& reply, FailureClass failure, std::string_view code,
                     std::string message);

}  // namespace genspool::proto::useapi
