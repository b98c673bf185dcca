#pragma once

#include <string_view>

#include "daemon/problem.hpp"
#include "daemon/reply.hpp"

namespace genspool::daemon::gateway {

/// Who is let in by a signed link, and without a token.
inline constexpr std::string_view link_principal = "link";

/// Whether it is a link to a file: who follows one expects the file, and reads no envelope.
bool is_link(std::string_view target);

/// A problem as a client at this target understands it: in the words of the upstream whose paths it
/// uses, else in our own.
Reply told(const Problem& problem, std::string_view target);

}  // namespace genspool::daemon::gateway
