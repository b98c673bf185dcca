#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string_view>

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// How many characters one call of /v1/t2a_v2 takes: "fewer than 10 000".
inline constexpr std::size_t t2a_text_max = 9'999;

/// What is to be said.
struct T2aText {
    std::size_t characters_max = t2a_text_max;
    const FileRule* file = nullptr;  ///< of `text_file_id` in place of `text`; null: there is none
};

/// Checks a request for speech.
Result<Checked> check_t2a_v2(const boost::json::object& request, const T2aText& text = {});

/// The audio's format, "mp3" unless the request says otherwise.
std::string_view t2a_format(const boost::json::object& request);

/// How many bytes of audio the text makes, its pauses counted, if its characters are said so fast.
double t2a_audio_bytes(const boost::json::object& request, double seconds_per_character);

/// How many bytes the reply can have. Slow speech is assumed, and every pause the text asks for is
/// counted: a reply that outgrows its room is a purchase lost.
std::uint64_t t2a_reply_room(const boost::json::object& request);

}  // namespace genspool::proto::minimax
