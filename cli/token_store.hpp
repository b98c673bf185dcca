#pragma once

#include <functional>
#include <string>
#include <vector>

#include "proto/token_file.hpp"

namespace genspool::cli {

/// A secret of 256 random bits: "genspool_" and 64 digits.
std::string new_token();

/// The entries of a token file. Throws CommandFailed if it cannot be read, or is none.
std::vector<proto::TokenEntry> read_tokens(const std::string& path);

/// Replaces the file by what `change` makes of its text, whole and synced; one change at a time. A
/// file that is not there is empty, and is made closed to all but its owner; one that root makes
/// may be read by the daemon's group, if there is one. Throws CommandFailed.
void change_tokens(const std::string& path,
                   const std::function<std::string(std::string text)>& change);

}  // namespace genspool::cli
