#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "proto/minimax/check.hpp"

namespace genspool::proto::minimax {

/// Checks an image handed over inside a request: an http(s) URL, or a data URI of one of `types`
/// ("jpeg", "png", …) whose content is smaller than `bytes_max`.
void check_image(Checker& request, std::string_view name,
                 std::initializer_list<std::string_view> types, std::uint64_t bytes_max);

}  // namespace genspool::proto::minimax
