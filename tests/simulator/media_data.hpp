#pragma once

#include <string_view>

namespace genspool::simulator {

// The files of media/, as the build compiled them in.
std::string_view media_clip_mp4();
std::string_view media_tone_mp3();
std::string_view media_tone_wav();
std::string_view media_tone_flac();
std::string_view media_picture_png();
std::string_view media_picture_jpg();

}  // namespace genspool::simulator
