#include "proto/minimax/prices.hpp"

#include <array>

namespace genspool::proto::minimax {
namespace {

constexpr std::int64_t characters = 1'000'000;  // speech is priced per million of them
constexpr std::int64_t tokens = 1'000'000;      // and chat per million of those of the answer

constexpr Price usd(std::string_view key, Micros micros, std::int64_t per = 1) {
    return Price{key, Unit::usd, micros, per};
}

// Pay-as-you-go list prices of the international platform, August 2026.
// Video per clip of MODEL/RESOLUTION/SECONDS, of v2 per second; image per picture; music and lyrics
// per song.
constexpr std::array table{
    usd("minimax.chat/MiniMax-M2.7", 1'200'000, tokens),
    usd("minimax.chat/MiniMax-M3", 1'200'000, tokens),
    usd("minimax.image/image-01", 3'500),
    usd("minimax.lyrics", 10'000),
    usd("minimax.music/music-2.0", 30'000),
    usd("minimax.music/music-2.6", 150'000),
    usd("minimax.music/music-3.0", 150'000),
    usd("minimax.t2a_async_v2/speech-01-hd", 100'000'000, characters),
    usd("minimax.t2a_async_v2/speech-01-turbo", 60'000'000, characters),
    usd("minimax.t2a_async_v2/speech-02-hd", 100'000'000, characters),
    usd("minimax.t2a_async_v2/speech-02-turbo", 60'000'000, characters),
    usd("minimax.t2a_async_v2/speech-2.6-hd", 100'000'000, characters),
    usd("minimax.t2a_async_v2/speech-2.6-turbo", 60'000'000, characters),
    usd("minimax.t2a_async_v2/speech-2.8-hd", 100'000'000, characters),
    usd("minimax.t2a_async_v2/speech-2.8-turbo", 60'000'000, characters),
    usd("minimax.t2a_v2/speech-01-hd", 100'000'000, characters),
    usd("minimax.t2a_v2/speech-01-turbo", 60'000'000, characters),
    usd("minimax.t2a_v2/speech-02-hd", 100'000'000, characters),
    usd("minimax.t2a_v2/speech-02-turbo", 60'000'000, characters),
    usd("minimax.t2a_v2/speech-2.6-hd", 100'000'000, characters),
    usd("minimax.t2a_v2/speech-2.6-turbo", 60'000'000, characters),
    usd("minimax.t2a_v2/speech-2.8-hd", 100'000'000, characters),
    usd("minimax.t2a_v2/speech-2.8-turbo", 60'000'000, characters),
    usd("minimax.t2a_ws/speech-01-hd", 100'000'000, characters),
    usd("minimax.t2a_ws/speech-01-turbo", 60'000'000, characters),
    usd("minimax.t2a_ws/speech-02-hd", 100'000'000, characters),
    usd("minimax.t2a_ws/speech-02-turbo", 60'000'000, characters),
    usd("minimax.t2a_ws/speech-2.6-hd", 100'000'000, characters),
    usd("minimax.t2a_ws/speech-2.6-turbo", 60'000'000, characters),
    usd("minimax.t2a_ws/speech-2.8-hd", 100'000'000, characters),
    usd("minimax.t2a_ws/speech-2.8-turbo", 60'000'000, characters),
    usd("minimax.video_v1/MiniMax-Hailuo-02/1080P/6", 490'000),
    usd("minimax.video_v1/MiniMax-Hailuo-02/512P/10", 150'000),
    usd("minimax.video_v1/MiniMax-Hailuo-02/512P/6", 100'000),
    usd("minimax.video_v1/MiniMax-Hailuo-02/768P/10", 560'000),
    usd("minimax.video_v1/MiniMax-Hailuo-02/768P/6", 280'000),
    usd("minimax.video_v1/MiniMax-Hailuo-2.3-Fast/1080P/6", 330'000),
    usd("minimax.video_v1/MiniMax-Hailuo-2.3-Fast/768P/10", 320'000),
    usd("minimax.video_v1/MiniMax-Hailuo-2.3-Fast/768P/6", 190'000),
    usd("minimax.video_v1/MiniMax-Hailuo-2.3/1080P/6", 490'000),
    usd("minimax.video_v1/MiniMax-Hailuo-2.3/768P/10", 560'000),
    usd("minimax.video_v1/MiniMax-Hailuo-2.3/768P/6", 280'000),
    usd("minimax.video_v2/MiniMax-H3/2K", 130'000),
    usd("minimax.video_v2/MiniMax-H3/768P", 80'000),
    usd("minimax.voice_clone", 1'500'000),
    // With the most that a preview of 1,000 characters costs.
    usd("minimax.voice_clone/preview", 1'600'000),
    usd("minimax.voice_design", 3'000'000),
};

constexpr bool ascending() {
    for (std::size_t i = 1; i < table.size(); ++i) {
        if (table[i - 1].key >= table[i].key) return false;
    }
    return true;
}

static_assert(ascending());

}  // namespace

std::span<const Price> prices() {
    return table;
}

std::string_view prices_as_of() {
    return "2026-08";
}

}  // namespace genspool::proto::minimax
