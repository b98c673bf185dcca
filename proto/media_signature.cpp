#include "proto/media_signature.hpp"

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <iterator>

namespace genspool::proto {

namespace {

using Signature = bool (*)(std::string_view head);

bool any(std::string_view) {
    return true;
}

bool has(std::string_view head, std::size_t at, std::string_view mark) {
    return head.size() >= at && head.substr(at, mark.size()) == mark;
}

bool iso_media(std::string_view head) {
    return has(head, 4, "ftyp");
}

bool heif(std::string_view head) {
    return has(head, 4, "ftyphei") || has(head, 4, "ftypmif1");
}

/// An ID3 tag, or at once the eleven set bits that begin a frame.
bool mpeg_audio(std::string_view head) {
    if (has(head, 0, "ID3")) return true;
    return head.size() >= 2 && head[0] == '\xFF' &&
           (static_cast<unsigned char>(head[1]) & 0xE0U) == 0xE0U;
}

bool wave(std::string_view head) {
    return has(head, 0, "RIFF") && has(head, 8, "WAVE");
}

bool flac(std::string_view head) {
    return has(head, 0, "fLaC");
}

bool ogg(std::string_view head) {
    return has(head, 0, "OggS");
}

bool png(std::string_view head) {
    return has(head, 0, "\x89PNG\r\n\x1A\n");
}

bool jpeg(std::string_view head) {
    return has(head, 0, "\xFF\xD8\xFF");
}

bool webp(std::string_view head) {
    return has(head, 0, "RIFF") && has(head, 8, "WEBP");
}

bool gif(std::string_view head) {
    return has(head, 0, "GIF8");
}

bool matroska(std::string_view head) {
    return has(head, 0, "\x1A\x45\xDF\xA3");
}

bool avi(std::string_view head) {
    return has(head, 0, "RIFF") && has(head, 8, "AVI ");
}

struct MediaRow {
    std::string_view media_type;
    std::string_view extension;
    Signature signature;
};

constexpr MediaRow rows[] = {
    {"image/heic", ".heic", heif},
    {"image/heif", ".heif", heif},
    {"video/mp4", ".mp4", iso_media},
    {"video/quicktime", ".mov", iso_media},
    {"video/webm", ".webm", matroska},
    {"video/x-matroska", ".mkv", matroska},
    {"video/x-msvideo", ".avi", avi},
    {"audio/mpeg", ".mp3", mpeg_audio},
    {"audio/mp3", ".mp3", mpeg_audio},
    {"audio/mp4", ".m4a", iso_media},
    {"audio/wav", ".wav", wave},
    {"audio/x-wav", ".wav", wave},
    {"audio/wave", ".wav", wave},
    {"audio/flac", ".flac", flac},
    {"audio/x-flac", ".flac", flac},
    {"audio/ogg", ".ogg", ogg},
    {"audio/opus", ".opus", ogg},
    {"audio/pcm", ".pcm", any},
    {"audio/l16", ".pcm", any},
    {"image/png", ".png", png},
    {"image/jpeg", ".jpg", jpeg},
    {"image/webp", ".webp", webp},
    {"image/gif", ".gif", gif},
    {"application/json", ".json", any},
    {"application/x-ndjson", ".jsonl", any},
    {"application/zip", ".zip", any},
    {"application/x-tar", ".tar", any},
    {"text/plain", ".txt", any},
    {"application/x-subrip", ".srt", any},
    {"text/vtt", ".vtt", any},
};

/// Without its parameters.
std::string_view plain(std::string_view media_type) {
    std::string_view type = media_type.substr(0, media_type.find(';'));
    while (!type.empty() && type.back() == ' ')
        type.remove_suffix(1);
    return type;
}

const MediaRow* find(std::string_view media_type) {
    for (const MediaRow& row : rows) {
        if (boost::iequals(row.media_type, plain(media_type))) return &row;
    }
    return nullptr;
}

/// "image" of "image/png".
std::string_view family(std::string_view media_type) {
    return media_type.substr(0, media_type.find('/'));
}

/// Whether the first bytes tell what it is: that of the types without a signature nobody can see.
bool is_seen(std::string_view media_type) {
    const MediaRow* const row = find(media_type);
    return row != nullptr && row->signature != any;
}

/// What hosts say instead of a file, each with a status that claims it is one.
bool is_page(std::string_view said) {
    constexpr std::string_view pages[] = {"text/html", "application/xhtml+xml", "text/xml",
                                          "application/xml"};
    return std::ranges::any_of(
        pages, [&](std::string_view page) { return boost::iequals(page, plain(said)); });
}

bool is_text(std::string_view said) {
    return is_page(said) || boost::istarts_with(said, "text/") ||
           boost::istarts_with(said, "application/json") ||
           boost::istarts_with(said, "application/problem+json");
}

}  // namespace

bool contradicts(std::string_view media_type, std::string_view head) {
    const MediaRow* row = find(media_type);
    return row && !row->signature(head);
}

std::string_view judge_type(std::string_view said, std::string_view head) {
    const MediaRow* const told = find(said);
    // Several types begin alike: then the word counts.
    if (told && told->signature != any && told->signature(head)) return told->media_type;
    if (has(head, 4, "ftypM4A ")) return "audio/mp4";
    if (has(head, 4, "ftypqt  ")) return "video/quicktime";
    const auto fits = [&](const MediaRow& row) {
        return row.signature != any && row.signature(head);
    };
    const MediaRow* const seen = std::find_if(std::begin(rows), std::end(rows), fits);
    if (seen != std::end(rows)) return seen->media_type;
    return told && told->signature == any ? told->media_type : "application/octet-stream";
}

std::optional<std::string> brought_type(std::string_view promised, std::string_view said,
                                        std::string_view path, std::string_view head) {
    const std::string_view seen = judge_type(promised.empty() ? said : promised, head);
    if (promised.empty()) {
        if (is_seen(seen)) return std::string(seen);
        const bool named_so = boost::iequals(media_type_of(path), plain(said));
        if (contradicts(said, head) || (is_text(said) && !named_so)) return std::nullopt;
        return std::string(plain(said));
    }
    if (contradicts(promised, head)) {
        if (!is_seen(seen) || family(seen) != family(promised)) return std::nullopt;
        return std::string(seen);
    }
    if (is_page(said) && !is_seen(promised)) return std::nullopt;
    return std::string(promised);
}

std::string_view media_type_of(std::string_view file_name) {
    const auto named = [&](const MediaRow& row) {
        return boost::iends_with(file_name, row.extension);
    };
    const MediaRow* const row = std::find_if(std::begin(rows), std::end(rows), named);
    return row != std::end(rows) ? row->media_type : std::string_view{};
}

std::string_view extension_of(std::string_view media_type) {
    const MediaRow* row = find(media_type);
    return row ? row->extension : std::string_view{};
}

}  // namespace genspool::proto
