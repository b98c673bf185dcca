#pragma once

#include "proto/resources.hpp"

namespace genspool::proto::useapi {

/// Accounts, files, what runs, what was made, voices, templates: what is free of what useapi.net
/// has for its users.
const Resources& resources();

}  // namespace genspool::proto::useapi
