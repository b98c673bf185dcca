#pragma once

#include "proto/codec.hpp"
#include "proto/useapi/purchases.hpp"

namespace genspool::proto::useapi {

/// POST /videos/create, its query, its list and its cancelling.
const Codec& video();

/// GET /videos/: all videos of an account, those made of templates too.
extern const PurchaseList video_list;

/// Asks for a video to be cancelled: the upstream tries.
Call cancel_video(const Task& task);

}  // namespace genspool::proto::useapi
