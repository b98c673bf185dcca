#include "proto/minimax/files.hpp"

#include <charconv>
#include <cstdint>
#include <string>

#include "proto/media_signature.hpp"
#include "proto/minimax/envelope.hpp"
#include "proto/multipart.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::proto::minimax {
namespace {

/// Of most purposes nobody says for how long a file is kept, of the others a week. The upload is
/// free, so it is not worth a purchase that is refused for it.
constexpr Duration upload_kept = std::chrono::hours{24};

constexpr std::size_t song_id_max = 256;

/// As every id it has: above 0.
bool is_file_id(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() && number > 0;
}

/// Where the answer names it; empty: it is no song.
std::string_view song_id(std::string_view purpose) {
    if (purpose == sung_voice) return "voice_id";
    return purpose == played_music ? "instrumental_id" : "";
}

}  // namespace

Call upload_call(std::string_view purpose, const Input& file, std::string_view bytes,
                 std::string_view file_name) {
    Call call;
    call.method = "POST";
    call.target = song_id(purpose).empty() ? "/v1/files/upload" : "/v1/music_upload";
    call.first_byte = std::chrono::seconds{120};
    // The upstream goes by the ending of the name.
    const std::string name = file_name.empty()
                                 ? "input" + std::string(extension_of(file.media_type))
                                 : std::string(file_name);
    Multipart form(file.sha256);  // no file holds its own hash
    form.field("purpose", purpose);
    form.file("file", name, file.media_type, bytes);
    std::move(form).into(call);
    return call;
}

UploadOutcome uploaded(std::string_view purpose, const Reply& reply) {
    const Envelope envelope = read_envelope(reply);
    if (!succeeded(reply, envelope)) return refusal(reply, envelope);
    if (const std::string_view name = song_id(purpose); !name.empty()) {
        std::string song = text_or_number(envelope.fields, name);
        if (!song.empty() && song.size() <= song_id_max) return Uploaded{song, upload_kept};
        return incomplete(reply, "reply.incomplete", "the answer names no song",
                          OnCreate::ambiguous);
    }
    const boost::json::object* file = object_member(envelope.fields, "file");
    std::string id = file != nullptr ? text_or_number(*file, "file_id") : "";
    if (id.empty() && file != nullptr) id = text_or_number(*file, "id");
    if (is_file_id(id)) return Uploaded{std::move(id), upload_kept};
    return incomplete(reply, "reply.incomplete", "the answer names no file", OnCreate::ambiguous);
}

}  // namespace genspool::proto::minimax
