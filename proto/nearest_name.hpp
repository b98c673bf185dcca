#pragma once

#include <span>
#include <string>
#include <string_view>

namespace genspool::proto {

/// The known name that a misspelt one was probably meant to be; empty if none is near enough.
std::string_view nearest_name(std::string_view name, std::span<const std::string_view> known);

/// "; did you mean 'prompt'?", or nothing. For the end of an error message.
std::string did_you_mean(std::string_view name, std::span<const std::string_view> known);

}  // namespace genspool::proto
