#pragma once

#include <string_view>

#include "proto/codec.hpp"

/// The files API, as far as jobs need it.
namespace genspool::proto::minimax {

/// POST /v1/files/upload. `purpose` is one of the upstream's words ("voice_clone"); without a name
/// the file is called after its type.
Call upload_call(std::string_view purpose, const Input& file, std::string_view bytes,
                 std::string_view file_name = {});

/// The id that the upstream gave the file, in decimal: a 64-bit number.
UploadOutcome uploaded(const Reply& reply);

}  // namespace genspool::proto::minimax
