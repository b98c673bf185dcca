#pragma once

#include <string>
#include <string_view>

namespace genspool::proto {

/// A traceparent header (W3C Trace Context, level 1) in the form of version 00; empty if it is
/// none. Of a later version, and of its flags, what version 00 knows is kept, as that standard
/// asks.
std::string read_traceparent(std::string_view header);

}  // namespace genspool::proto
