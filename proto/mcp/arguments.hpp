#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace genspool::proto::mcp {

/// What is wrong with the arguments of `tool`, naming the argument; nullopt: they fit. Of JSON
/// Schema it knows what the tools' own schemas use: type, enum, minimum, maximum, required.
std::optional<std::string> misfit(const boost::json::object& arguments,
                                  const boost::json::object& schema, std::string_view tool);

}  // namespace genspool::proto::mcp
