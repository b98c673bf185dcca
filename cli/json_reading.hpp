#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Reading what the daemon shows. A newer daemon may show more, an older one less: what is missing
/// reads as empty, never as an error.
namespace genspool::cli {

/// The value at a dotted path ("cost.spent"); nullptr where there is none, or null.
const boost::json::value* value_at(const boost::json::value& root, std::string_view path);

/// Text as it is; numbers and flags as they are written; "" for what is absent, null, or no scalar.
std::string text_at(const boost::json::value& root, std::string_view path);

/// A whole number; 0 where there is none.
std::uint64_t count_at(const boost::json::value& root, std::string_view path);

bool flag_at(const boost::json::value& root, std::string_view path);

/// The elements of the list at `path`; none where there is no list.
std::vector<boost::json::value> list_at(const boost::json::value& root, std::string_view path);

/// A reply's body as JSON. Throws CommandFailed if it is none.
boost::json::value parse_reply(std::string_view body);

/// The JSON text of a value. Unlike the library's, its numbers are plain: 0.49, not 4.9E-1.
std::string to_text(const boost::json::value& value);

/// The same JSON on one line: layout between values becomes blanks. Nothing else is touched.
std::string on_one_line(std::string text);

}  // namespace genspool::cli
