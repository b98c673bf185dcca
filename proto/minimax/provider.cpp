#include "proto/minimax/provider.hpp"

#include <array>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include "proto/minimax/callback.hpp"
#include "proto/minimax/chat.hpp"
#include "proto/minimax/chat_batch.hpp"
#include "proto/minimax/cover_song.hpp"
#include "proto/minimax/files.hpp"
#include "proto/minimax/h3_context_ir.hpp"
#include "proto/minimax/image.hpp"
#include "proto/minimax/lyrics.hpp"
#include "proto/minimax/music.hpp"
#include "proto/minimax/music_cover_preprocess.hpp"
#include "proto/minimax/prices.hpp"
#include "proto/minimax/resources.hpp"
#include "proto/minimax/t2a_async_body.hpp"
#include "proto/minimax/t2a_async_v2.hpp"
#include "proto/minimax/t2a_v2.hpp"
#include "proto/minimax/t2a_v2_request.hpp"
#include "proto/minimax/t2a_ws.hpp"
#include "proto/minimax/usual_times.hpp"
#include "proto/minimax/video_template.hpp"
#include "proto/minimax/video_v1.hpp"
#include "proto/minimax/video_v2.hpp"
#include "proto/minimax/voice_clone.hpp"
#include "proto/minimax/voice_design.hpp"
#include "proto/upstream_request.hpp"
#include "proto/upstream_text.hpp"
#include "proto/utf8.hpp"

namespace genspool::proto::minimax {
namespace {

// The paid tier of the international platform. It states no concurrency for video, image and
// speech; these are low starts.
constexpr std::array slot_table{
    SlotClass{"chat", 10, 200},  SlotClass{"chat_batch", 5, 10}, SlotClass{"image", 5, 10},
    SlotClass{"music", 20, 120}, SlotClass{"tts", 10, 60},       SlotClass{"tts_async", 5, 20},
    SlotClass{"tts_ws", 2, 20},  SlotClass{"video", 5, 5},       SlotClass{"video_v2", 2, 5},
    SlotClass{"voice", 2, 20},
};

constexpr std::array path_table{
    PaidPath{"/v1/video_generation", Kind::video},
    PaidPath{"/v2/video_generation", Kind::video},
    PaidPath{"/v2/video_regeneration", Kind::video},
    PaidPath{"/v1/video_template_generation", Kind::video_template},
    PaidPath{"/v1/t2a_v2", Kind::tts},
    PaidPath{"/v1/t2a_async_v2", Kind::tts, speak_as_at_once},
    PaidPath{"/ws/v1/t2a_v2", Kind::tts},
    PaidPath{"/v1/image_generation", Kind::image},
    PaidPath{"/v1/music_generation", Kind::music},
    PaidPath{"/v1/lyrics_generation", Kind::lyrics},
    PaidPath{"/v1/music_cover_preprocess", Kind::lyrics},
    PaidPath{"/v1/voice_clone", Kind::voice_clone},
    PaidPath{"/v1/voice_design", Kind::voice_design},
    PaidPath{"/v2/h3_context_ir", Kind::chat},
    PaidPath{"/v1/text/chatcompletion_v2", Kind::chat},
    PaidPath{"/v1/chat/completions", Kind::chat},
    PaidPath{"/v1/batches", Kind::chat_batch},
};

std::string_view model_of(const boost::json::object& request) {
    const boost::json::value* model = request.if_contains("model");
    return model != nullptr && model->is_string() ? std::string_view(model->get_string()) : "";
}

bool wants_h3(const boost::json::object& request) {
    return model_of(request).starts_with("MiniMax-H3");
}

bool has(const boost::json::object& request, std::string_view name) {
    const boost::json::value* value = request.if_contains(name);
    return value != nullptr && !value->is_null();
}

/// By the length of the text; `continuous_sound` is a field that only a session has.
const Codec& choose_speech(const boost::json::object& request) {
    if (has(request, "text_file_id")) return t2a_async_v2();
    const boost::json::value* text = request.if_contains("text");
    const bool is_text = text != nullptr && text->is_string();
    const std::size_t characters = is_text ? code_points(text->get_string()) : 0;
    if (characters > t2a_async_text_max || has(request, "continuous_sound")) return t2a_ws();
    return characters > t2a_text_max ? t2a_async_v2() : t2a_v2();
}

}  // namespace

std::string_view MinimaxProvider::name() const {
    return "minimax";
}

std::string_view MinimaxProvider::default_base_url() const {
    return "https://api.minimax.io";
}

Unit MinimaxProvider::unit() const {
    return Unit::usd;
}

std::span<const SlotClass> MinimaxProvider::slot_classes() const {
    return slot_table;
}

std::span<const Codec* const> MinimaxProvider::codecs() const {
    static const std::array<const Codec*, 15> all{&chat(),
                                                  &chat_batch(),
                                                  &h3_context_ir(),
                                                  &image(),
                                                  &lyrics(),
                                                  &music(),
                                                  &music_cover_preprocess(),
                                                  &t2a_async_v2(),
                                                  &t2a_v2(),
                                                  &t2a_ws(),
                                                  &video_template(),
                                                  &video_v1(),
                                                  &video_v2(),
                                                  &voice_clone(),
                                                  &voice_design()};
    return all;
}

std::span<const PaidPath> MinimaxProvider::paid_paths() const {
    return path_table;
}

std::span<const Price> MinimaxProvider::prices() const {
    return minimax::prices();
}

std::string_view MinimaxProvider::prices_as_of() const {
    return minimax::prices_as_of();
}

std::span<const UsualTime> MinimaxProvider::usual_times() const {
    return minimax::usual_times();
}

std::vector<std::pair<std::string, std::string>> MinimaxProvider::authorize(
    std::string_view key) const {
    return {{"Authorization", "Bearer " + std::string{key}}};
}

void MinimaxProvider::address(Call& call, std::string_view upstream_account) const {
    if (upstream_account.empty()) return;
    call.target += call.target.find('?') == std::string::npos ? "?GroupId=" : "&GroupId=";
    call.target += encoded(upstream_account);
}

void MinimaxProvider::add_callback(Call& call, std::string_view url) const {
    call.body = with_member(call.body, "callback_url", url);
}

Callback MinimaxProvider::read_callback(std::string_view body) const {
    return minimax::read_callback(body);
}

Call MinimaxProvider::upload(std::string_view purpose, const Input& file,
                             std::string_view bytes) const {
    return upload_call(purpose, file, bytes);
}

UploadOutcome MinimaxProvider::on_upload(std::string_view purpose, const Reply& reply) const {
    return uploaded(purpose, reply);
}

const Resources* MinimaxProvider::resources() const {
    return &minimax::resources();
}

Result<const Codec*> MinimaxProvider::choose(Kind kind, const boost::json::object& request) const {
    switch (kind) {
        case Kind::video:
            return wants_h3(request) ? &video_v2() : &video_v1();
        case Kind::video_template:
            return &video_template();
        case Kind::tts:
            return &choose_speech(request);
        case Kind::image:
            return &image();
        case Kind::music:
            return &music();
        case Kind::lyrics:
            return is_cover(model_of(request)) ? &music_cover_preprocess() : &lyrics();
        case Kind::chat:
            return wants_h3(request) ? &h3_context_ir() : &chat();
        case Kind::chat_batch:
            return &chat_batch();
        case Kind::voice_clone:
            return &voice_clone();
        case Kind::voice_design:
            return &voice_design();
        case Kind::agent:
            break;
    }
    return Refused{"not_available", "kind",
                   std::string{to_string(kind)} + " is not available with minimax yet"};
}

}  // namespace genspool::proto::minimax

namespace genspool::proto {

const Provider& minimax_provider() {
    static const minimax::MinimaxProvider provider;
    return provider;
}

}  // namespace genspool::proto
