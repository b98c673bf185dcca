#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proto/result.hpp"

namespace genspool::proto {

/// What is kept of a bearer token: never the token itself.
struct TokenEntry {
    std::string name;    ///< 1 to 64 letters, digits, dots, dashes or underscores
    bool admin = false;  ///< may act on everybody's jobs, on accounts and on the queue
    std::string sha256;  ///< of the token, 64 digits

    bool operator==(const TokenEntry&) const = default;
};

/// Whether a token, or an account, may be called so.
bool is_plain_name(std::string_view text);

/// "NAME ROLE sha256:DIGITS", the role being "owner" or "admin"; without the end of the line.
std::string format_token_line(const TokenEntry& entry);

/// The entry of one line, or what is wrong with it. Not for comments and blank lines.
Result<TokenEntry> parse_token_line(std::string_view line);

/// Whether a line of a token file says nothing: blank, or a comment ("# …").
bool is_token_comment(std::string_view line);

/// A whole token file: an entry a line, names unique. The refusal names the line.
Result<std::vector<TokenEntry>> parse_token_file(std::string_view text);

}  // namespace genspool::proto
