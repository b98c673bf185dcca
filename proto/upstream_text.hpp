#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// How upstreams write what they say, read without a surprise.
namespace genspool::proto {

/// The member as text if it is a string or an integer, exactly; else empty. For ids and counts,
/// which come as both and go beyond 2^53.
std::string text_or_number(const boost::json::object& fields, std::string_view name);

/// nullopt: the text is none, or more than a number.
std::optional<std::uint64_t> whole_number(std::string_view text);

/// The member if it is an object, or nullptr.
const boost::json::object* object_member(const boost::json::object& fields, std::string_view name);

/// Whether an id of the upstream's can be kept: there, and not beyond all measure.
bool is_usable_id(std::string_view id);

/// Whether this is an absolute http or https URL, as far as its beginning tells.
bool is_link(std::string_view text);

std::string lower(std::string_view text);

/// As one value of a target's path or query.
std::string encoded(std::string_view text);

/// The same for an id in which ":" and "@" stay as they are: both may stand in a target, and not
/// every upstream decodes them.
std::string encoded_id(std::string_view id);

}  // namespace genspool::proto
