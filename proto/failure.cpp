#include "proto/failure.hpp"

#include <array>

namespace genspool::proto {
namespace {

constexpr std::array<std::string_view, 12> class_names = {
    "none",    "transient",  "rate_limited", "no_capacity", "account", "rejected",
    "expired", "dependency", "deadline",     "artifact",    "poison",  "unknown"};

constexpr std::array<std::string_view, 5> scope_names = {"none", "model", "op", "account", "key"};

}  // namespace

std::string_view to_string(FailureClass failure) {
    return class_names.at(static_cast<std::size_t>(failure));
}

std::string_view to_string(Scope scope) {
    return scope_names.at(static_cast<std::size_t>(scope));
}

}  // namespace genspool::proto
