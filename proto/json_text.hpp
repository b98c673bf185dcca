#pragma once

#include <string>
#include <string_view>

/// The two atoms of JSON text that are easily written wrong.
namespace genspool::proto {

/// Appends a string in quotes, escaped as RFC 8785 has it. Bytes that are no UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);

/// Appends a finite number as ECMAScript writes it: "1.5", "100", "1e+21"; -0 is "0".
void append_json_number(std::string& out, double number);

}  // namespace genspool::proto
