#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "proto/codec.hpp"
#include "proto/minimax/errors.hpp"

namespace genspool::proto::minimax {

/// What every reply of the JSON API says about itself, whichever of its error shapes it has.
struct Envelope {
    boost::json::object fields;     ///< empty if the body is no JSON object
    bool readable = false;          ///< the body is a JSON object, and its base_resp makes sense
    bool says_success = false;      ///< base_resp.status_code is there, and 0
    std::string code;               ///< the upstream's code if it is not 0, verbatim, or empty
    const ErrorRow* row = nullptr;  ///< of that code, if it is listed
    std::string message;            ///< the upstream's words, or empty
};

Envelope read_envelope(const Reply& reply);

/// HTTP 2xx, a JSON object, and no code but 0: the fields can be read.
bool succeeded(const Reply& reply, const Envelope& envelope);

/// What a reply that did not succeed means. A listed code in the body decides, then the HTTP
/// status; what is left is ambiguous on a create and asked again on a query.
Refusal refusal(const Reply& reply, const Envelope& envelope);

/// The same for a body that was not looked at yet.
Refusal classify(const Reply& reply);

/// A success that does not say what it should: `code` and `message` are ours.
Refusal incomplete(const Reply& reply, std::string_view code, std::string_view message,
                   OnCreate on_create);

/// A refused query as a poll answers it: a final code ends the task.
PollOutcome refused_poll(Refusal refusal);

/// Whether a task that failed for this reason may succeed when it is bought once more.
bool worth_another(const Envelope& envelope);

}  // namespace genspool::proto::minimax
