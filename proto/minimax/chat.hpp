#pragma once

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// POST /v1/text/chatcompletion_v2. Unless the user says otherwise the answer is streamed, so that
/// a long one outlives the time-outs on its way; the result is one completion in either case.
const Codec& chat();

}  // namespace genspool::proto::minimax
