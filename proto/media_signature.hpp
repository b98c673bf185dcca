#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// What a media type says of a file: the first bytes it must have, and how its name ends.
namespace genspool::proto {

/// So many first bytes of a file are enough to judge it.
inline constexpr std::size_t signature_bytes = 16;

/// Whether a file that begins with `head` cannot be of this type. Types without a signature (raw
/// PCM, text) and types we do not know are never contradicted. Parameters of the type are ignored.
bool contradicts(std::string_view media_type, std::string_view head);

/// What a file is that begins with `head` and was said to be of this type, as one of the types we
/// know: what its first bytes tell, where they tell it; else what was said; else
/// "application/octet-stream".
std::string_view judge_type(std::string_view said, std::string_view head);

/// What a file is that was brought home: by what the upstream promised (empty: nothing), what the
/// host said, how its link's path ends and how it begins. What was paid for is taken as what it is
/// where it is of the kind that was promised: a picture is a picture. nullopt: it is something
/// else, as a host's page or error in place of the file. May be empty, where nobody said anything.
std::optional<std::string> brought_type(std::string_view promised, std::string_view said,
                                        std::string_view path, std::string_view head);

/// By the ending of a file's name; empty for one we do not know.
std::string_view media_type_of(std::string_view file_name);

/// With its dot, as in ".mp4"; empty for a type we do not know.
std::string_view extension_of(std::string_view media_type);

}  // namespace genspool::proto
