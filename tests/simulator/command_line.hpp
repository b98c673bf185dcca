#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tests/simulator/options.hpp"
#include "tests/simulator/server.hpp"

namespace genspool::simulator {

// The words of the command line that are more than a number or a path. Each says what is wrong, or
// nullopt when the word was taken.

/// "5s", "250ms", "1h"; a bare number is seconds.
std::optional<std::string> read_span(std::string_view word, Duration& into);

/// "127.0.0.1:8080", "[::1]:0".
std::optional<std::string> read_listen(std::string_view word, ServerOptions& into);

/// "NAME=RATE".
std::optional<std::string> read_fault(std::string_view word, FaultPlan& into);

/// "CLASS=N".
std::optional<std::string> read_class_number(std::string_view word,
                                             std::array<std::uint32_t, slot_class_count>& into);

/// The list of faults and markers below --help.
std::string help_footer();

}  // namespace genspool::simulator
