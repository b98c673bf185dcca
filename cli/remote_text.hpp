#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "cli/console.hpp"

/// What an account has at its upstream, for people. Its words are the upstream's: what is missing
/// reads as empty.
namespace genspool::cli {

/// The list that a resource of this name ("files", "voices", …) answers, as a table.
void print_remote_list(const Console& console, std::string_view resource,
                       const boost::json::value& answer);

/// One thing: each of its values on a line, under its dotted name.
void print_remote_thing(const Console& console, const boost::json::value& answer);

}  // namespace genspool::cli
