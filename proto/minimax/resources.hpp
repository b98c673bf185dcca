#pragma once

#include "proto/resources.hpp"

namespace genspool::proto::minimax {

/// Files, voices, tasks of MiniMax-H3, batches, the plan and the models. None of the calls costs
/// anything.
const Resources& resources();

}  // namespace genspool::proto::minimax
