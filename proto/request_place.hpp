#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

/// Places inside a request, as people name them on a command line or at the head of a column:
/// "prompt", "voice_setting.voice_id", "content[0].text".
namespace genspool::proto {

/// Puts the value there. A dot leads into an object, "[N]" to an item of an array, which grows by
/// one item at a time. Why that cannot be, in words; nullopt: it is done.
std::optional<std::string> put_at(boost::json::object& root, std::string_view place,
                                  boost::json::value value);

/// JSON where it is JSON, else text.
boost::json::value parse_or_text(std::string_view text);

}  // namespace genspool::proto
