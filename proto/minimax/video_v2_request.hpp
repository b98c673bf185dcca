#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// Checks a request to /v2/video_generation or /v2/video_regeneration. For models that are not
/// known the rules that hold for all of them are applied.
Result<Checked> check_video_v2(const boost::json::object& request);

/// Checks a request to /v2/h3_context_ir, which takes the same content.
Result<Checked> check_h3_context_ir(const boost::json::object& request);

/// Whether it makes an earlier clip larger: it names the clip's task, or holds the clip itself.
bool is_regeneration(const boost::json::object& request);

/// What the list of tasks shows of a request: no prompt, but this. `task_type`: "generation" or
/// "regeneration"; `duration` in seconds.
std::string listed_as(std::string_view task_type, std::string_view model,
                      std::string_view resolution, std::int64_t duration);

}  // namespace genspool::proto::minimax
