#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>

#include "proto/admission.hpp"
#include "proto/result.hpp"

namespace genspool::proto {

/// Reads one job from JSON text: a line of a batch, or the body of a request. The text is a job, or
/// an OpenAI batch line {"custom_id", "method", "url", "body"}, which is the same in other words.
/// Beside parse_job()'s codes: bad_json, whose message tells the byte.
Result<ParsedJob> parse_line(std::string_view line, const AdmissionContext& context);

/// Whether this object is an OpenAI batch line.
bool is_openai_line(const boost::json::object& object);

/// Turns an OpenAI batch line into the job that it means: its url is one of the paid paths of a
/// provider, which the job names then, unless the line does or several providers have that path.
/// Further members of a job (labels, priority, …) stay as they are.
Result<boost::json::object> job_of_openai_line(boost::json::object line, const Registry& registry);

/// What was found wrong with "request.…" of the job, in the words of its line: "body.…".
Refused in_line_words(Refused refused);

}  // namespace genspool::proto
