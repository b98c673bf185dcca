#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>

#include "proto/admission.hpp"
#include "proto/result.hpp"

namespace genspool::proto {

/// Reads one job as a user submits it (DESIGN, "A job, as submitted"), checks all of it and fixes
/// provider, op and price. `request_text` is the request's own bytes, where the caller has them;
/// else they are written anew. Codes of refusals: missing, invalid, too_long, unknown_field,
/// not_available, owned_by_genspool, unknown_account, ambiguous_provider, exceeds_max_cost, and the
/// codecs' own.
Result<ParsedJob> parse_job(const boost::json::object& job, const AdmissionContext& context,
                            std::string_view request_text = {});

}  // namespace genspool::proto
