#include "proto/useapi/files.hpp"

#include <array>
#include <utility>

#include "proto/upstream_text.hpp"
#include "proto/useapi/answer.hpp"

namespace genspool::proto::useapi {
namespace {

constexpr std::array<std::string_view, 4> picture_types{"png", "jpeg", "jpg", "webp"};
constexpr std::array<std::string_view, 5> sound_types{"mpeg", "mp3", "wav", "x-wav", "wave"};
constexpr std::array<std::string_view, 1> film_types{"mp4"};

/// The upstream takes 5 GB; it is in memory while it is sent.
constexpr std::uint64_t upload_bytes_max = (64U << 20U) + 1;

/// Nobody says for how long an upload is kept. It is free, so it is not worth a purchase that is
/// refused for it.
constexpr Duration upload_kept = std::chrono::hours{24};

constexpr std::string_view placed = "placed picture";

/// No row of fields is longer.
constexpr std::size_t row_max = 16;

/// The types are five, each in one spelling; WebP goes as jpeg.
std::string_view sent_type(std::string_view media_type) {
    if (media_type == "image/webp" || media_type == "image/jpg") return "image/jpeg";
    if (media_type == "audio/mp3") return "audio/mpeg";
    if (media_type == "audio/x-wav" || media_type == "audio/wave") return "audio/wav";
    return media_type;
}

}  // namespace

const FileRule picture_file{"image", picture_types, upload_bytes_max, FileRule::Form::handle,
                            "picture"};
const FileRule sound_file{"audio", sound_types, upload_bytes_max, FileRule::Form::handle, "sound"};
const FileRule film_file{"video", film_types, upload_bytes_max, FileRule::Form::handle, "film"};
const FileRule placed_picture_file{"image", picture_types, upload_bytes_max, FileRule::Form::handle,
                                   placed};

void check_file(Checker& request, std::string_view name, const FileRule& rule) {
    if (request.takes_reference(name, rule)) return;
    request.check_text(name, {1, 1'000});
    request.note_thing(name, Thing::Kind::file, request.text(name));
}

std::size_t check_file_row(Checker& request, std::string_view name, std::string_view first,
                           std::size_t most, const FileRule& rule) {
    std::size_t count = 0;
    std::string missing;
    for (std::size_t n = 1; n <= row_max; ++n) {
        const std::string field =
            n == 1 && !first.empty() ? std::string(first) : std::string(name) + std::to_string(n);
        if (!request.has(field)) {
            if (missing.empty()) missing = field;
            continue;
        }
        check_file(request, field, rule);
        ++count;
        if (n > most)
            request.refuse("invalid", field,
                           request.path_of(field) + " is not taken: there may be " +
                               std::to_string(most) + " of them");
        if (!missing.empty())
            request.refuse("missing", missing,
                           request.path_of(missing) + " is required before " + field);
    }
    return count;
}

Call upload_call(const Input& file, std::string_view bytes) {
    Call call;
    call.method = "POST";
    call.target = "/files/?account={account}";
    call.content_type = sent_type(file.media_type);
    call.body = bytes;
    call.first_byte = std::chrono::seconds{120};
    return call;
}

UploadOutcome uploaded(std::string_view purpose, const Reply& reply) {
    const Answer answer = read_answer(reply);
    if (!succeeded(reply, answer)) return refusal(Service::credits, reply, answer);
    std::string id = text_or_number(answer.fields(), "fileID");
    if (!is_usable_id(id)) return incomplete(reply, "the answer names no file");
    if (purpose != placed) return Uploaded{std::move(id), upload_kept};
    const std::string path = text_or_number(answer.fields(), "ossPath");
    if (!is_link(path)) return incomplete(reply, "the answer does not say where the file is");
    return Uploaded{id + " " + path, upload_kept};
}

}  // namespace genspool::proto::useapi
