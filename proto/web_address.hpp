#pragma once

#include <string_view>

namespace genspool::proto {

/// Whether it is an absolute http or https address, without user and fragment, that something can
/// be posted to.
bool is_web_address(std::string_view text);

}  // namespace genspool::proto
