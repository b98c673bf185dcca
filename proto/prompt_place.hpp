#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

namespace genspool::proto {

/// Puts a text where a request of that kind has it: tts its text, chat a user's message, … The
/// model, where it counts, stands in the request already.
void put_prompt(boost::json::object& request, std::string_view kind, const std::string& prompt);

}  // namespace genspool::proto
