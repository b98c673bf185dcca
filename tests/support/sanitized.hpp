#pragma once

namespace genspool::tests {

/// Whether a sanitizer watches this build. It takes some ten times as long then, and what is looked
/// for, mistakes with memory, a short world shows as well as a long one.
#ifdef GENSPOOL_SANITIZED
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

}  // namespace genspool::tests
