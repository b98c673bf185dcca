#include "proto/minimax/cover_song.hpp"

#include "proto/base64.hpp"
#include "proto/minimax/sync_codec.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::proto::minimax {
namespace {

constexpr std::uint64_t cover_bytes_max = 50U << 20U;
constexpr FileRule cover_song{"audio", {}, cover_bytes_max + 1, FileRule::Form::base64};

}  // namespace

bool is_cover(std::string_view model) {
    return model.starts_with("music-cover");
}

void check_cover_song(Checker& request) {
    request.check_text("audio_url", {1});
    if (request.has("audio_url") && !is_link(request.text("audio_url")))
        request.refuse("invalid", "audio_url", "request.audio_url must be an http or https URL");
    if (!request.has("audio_base64") || request.takes_reference("audio_base64", cover_song)) return;
    request.check_text("audio_base64", {1});
    const auto bytes = base64_size(request.text("audio_base64"));
    if (!bytes) {
        request.refuse("invalid", "audio_base64", "request.audio_base64 is no valid base64");
    } else if (*bytes > cover_bytes_max) {
        request.refuse("too_long", "audio_base64",
                       "request.audio_base64 holds " + std::to_string(*bytes) + " bytes; at most " +
                           std::to_string(cover_bytes_max) + " are taken");
    }
}

}  // namespace genspool::proto::minimax
