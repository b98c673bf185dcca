#pragma once

#include <cstdint>
#include <string_view>

#include "proto/codec.hpp"

/// The files API, as far as jobs need it.
namespace genspool::proto::minimax {

/// Of those that are uploaded to sing by, by POST /v1/music_upload: what a song is sung with, and
/// what is played to it.
inline constexpr std::string_view sung_voice = "voice";
inline constexpr std::string_view played_music = "instrumental";

/// A file of a kind whose length the upstream does not bound: it is in memory while it is sent.
inline constexpr std::uint64_t upload_bytes_max = 64U << 20U;

/// POST /v1/files/upload, or for a song POST /v1/music_upload. `purpose` is one of the upstream's
/// words ("voice_clone"); without a name the file is called after its type.
Call upload_call(std::string_view purpose, const Input& file, std::string_view bytes,
                 std::string_view file_name = {});

/// The id that the upstream gave the file: in decimal a 64-bit number; for a song a text.
UploadOutcome uploaded(std::string_view purpose, const Reply& reply);

}  // namespace genspool::proto::minimax
