#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace genspool::simulator {

/// jsonl: the mark is all of it.
enum class MediaKind : std::uint8_t { mp4, mp3, wav, flac, pcm, png, jpeg, tar, jsonl };

/// One file of a tar that make_media() makes.
struct BundleMember {
    std::string name;
    std::string bytes;
};

/// What lies in the tar of that mark.
std::vector<BundleMember> bundle_members(std::string_view mark);

std::string_view content_type(MediaKind kind);

/// With its dot, as in ".mp4".
std::string_view extension(MediaKind kind);

/// The audio formats that a request may name; nullopt for one that is not made here.
std::optional<MediaKind> parse_audio_format(std::string_view name);

/// A second of real, playable media that carries `mark` where players do not look, so that no two
/// marks give the same bytes. An mp4 is padded to `bytes_min`.
std::string make_media(MediaKind kind, std::string_view mark, std::uint64_t bytes_min);

}  // namespace genspool::simulator
