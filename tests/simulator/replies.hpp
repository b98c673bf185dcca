#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "tests/simulator/exchange.hpp"

namespace genspool::simulator {

/// The upstream's words for a code; for 2056 with the time when the window resets.
std::string code_text(int code, Instant now);

/// Adds base_resp to `answer` and makes a reply of it. Native errors come with status 200.
ModelReply answer_with(boost::json::object answer, int code, std::string_view text);
ModelReply answer_ok(boost::json::object answer);

/// An answer of base_resp alone, with the usual words for the code.
ModelReply answer_code(int code, Instant now);

/// 2013 with its own words.
ModelReply answer_invalid(std::string_view problem);

/// An error of the v2 calls: a real HTTP code, and the inner one in parentheses behind the words.
ModelReply answer_error(int code, std::string_view text);

ModelReply answer_not_found();    ///< the gateway's text/plain 404
ModelReply answer_bad_gateway();  ///< the gateway's HTML 502
ModelReply answer_timed_out();    ///< the gateway's HTML 504
ModelReply answer_reset();        ///< no answer at all

/// Plain JSON without base_resp, as the admin calls and GET /v1/models answer.
ModelReply answer_json(const boost::json::object& answer);

}  // namespace genspool::simulator
