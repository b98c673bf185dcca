#include "tests/simulator/media.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <boost/crc.hpp>
#include <memory>

#include "tests/simulator/media_data.hpp"

namespace genspool::simulator {
namespace {

std::string big_endian(std::uint64_t value) {
    std::string bytes;
    for (const unsigned shift : {24U, 16U, 8U, 0U})
        bytes += static_cast<char>((value >> shift) & 255U);
    return bytes;
}

std::string little_endian(std::uint64_t value) {
    std::string bytes;
    for (const unsigned shift : {0U, 8U, 16U, 24U})
        bytes += static_cast<char>((value >> shift) & 255U);
    return bytes;
}

/// A trailing `free` box, which players skip, holds the mark and the padding.
std::string mark_mp4(std::string_view clip, std::string_view mark, std::uint64_t bytes_min) {
    std::uint64_t payload = mark.size();
    const std::uint64_t least = clip.size() + 8 + payload;
    if (bytes_min > least) payload += bytes_min - least;
    std::string media;
    media.reserve(clip.size() + 8 + payload);
    media += clip;
    media += big_endian(8 + payload);
    media += "free";
    media += mark;
    media.resize(clip.size() + 8 + payload);
    return media;
}

/// An ID3v2.3 tag in front, with the mark in a TXXX frame.
std::string mark_mp3(std::string_view tone, std::string_view mark) {
    std::string text(1, '\0');  // Latin-1
    text += "genspool";
    text += '\0';
    text += mark;
    std::string frame = "TXXX" + big_endian(text.size()) + std::string(2, '\0') + text;
    std::string size;  // seven bits a byte
    for (const unsigned shift : {21U, 14U, 7U, 0U}) {
        size += static_cast<char>((frame.size() >> shift) & 127U);
    }
    return std::string("ID3\x03\0\0", 6) + size + frame + std::string(tone);
}

/// A LIST INFO chunk at the end, and the RIFF size that includes it.
std::string mark_wav(std::string_view tone, std::string_view mark) {
    std::string text(mark);
    text.resize((mark.size() / 2 + 1) * 2);  // chunks are padded to an even size
    const std::string list = "INFOICMT" + little_endian(text.size()) + text;
    std::string media = std::string(tone) + "LIST" + little_endian(list.size()) + list;
    media.replace(4, 4, little_endian(media.size() - 8));
    return media;
}

/// An APPLICATION block behind STREAMINFO, which is always first and 38 bytes long.
std::string mark_flac(std::string_view tone, std::string_view mark) {
    constexpr std::size_t behind_streaminfo = 42;
    const std::string block = "gsim" + std::string(mark);
    std::string media(tone.substr(0, behind_streaminfo));
    media += '\x02';
    media += big_endian(block.size()).substr(1);
    media += block;
    media += tone.substr(behind_streaminfo);
    return media;
}

/// Samples without a header have no place for a mark: it is heard as a click at the end.
std::string mark_pcm(std::string_view tone, std::string_view mark) {
    constexpr std::size_t wav_header = 44;
    std::string media(tone.substr(wav_header));
    media += mark;
    if (media.size() % 2 != 0) media += '\0';
    return media;
}

/// A tEXt chunk before IEND, which is the last 12 bytes.
std::string mark_png(std::string_view picture, std::string_view mark) {
    const std::string chunk = std::string("tEXtComment\0", 12) + std::string(mark);
    boost::crc_32_type crc;
    crc.process_bytes(chunk.data(), chunk.size());
    std::string media(picture.substr(0, picture.size() - 12));
    media += big_endian(chunk.size() - 4) + chunk + big_endian(crc.checksum());
    media += picture.substr(picture.size() - 12);
    return media;
}

/// A COM segment right behind the start of the image.
std::string mark_jpeg(std::string_view picture, std::string_view mark) {
    std::string media(picture.substr(0, 2));
    media += "\xFF\xFE" + big_endian(mark.size() + 2).substr(2);
    media += mark;
    media += picture.substr(2);
    return media;
}

struct Closer {
    void operator()(archive* writer) const { archive_write_free(writer); }
};

std::string tar_of(const std::vector<BundleMember>& members) {
    std::size_t room = std::size_t{1} << 14U;
    for (const BundleMember& member : members)
        room += member.bytes.size() + (std::size_t{1} << 12U);
    std::string tar(room, '\0');
    std::size_t used = 0;
    const std::unique_ptr<archive, Closer> writer(archive_write_new());
    archive_write_set_format_ustar(writer.get());
    archive_write_open_memory(writer.get(), tar.data(), tar.size(), &used);
    for (const BundleMember& member : members) {
        archive_entry* const entry = archive_entry_new();
        archive_entry_set_pathname(entry, member.name.c_str());
        archive_entry_set_size(entry, static_cast<la_int64_t>(member.bytes.size()));
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_write_header(writer.get(), entry);
        archive_write_data(writer.get(), member.bytes.data(), member.bytes.size());
        archive_entry_free(entry);
    }
    archive_write_close(writer.get());
    tar.resize(used);
    return tar;
}

}  // namespace

std::vector<BundleMember> bundle_members(std::string_view mark) {
    std::vector<BundleMember> members;
    members.push_back(
        {"speech/output.titles", "1\n00:00:00,000 --> 00:00:01,000\n" + std::string(mark) + "\n"});
    members.push_back({"speech/output.mp3", mark_mp3(media_tone_mp3(), mark)});
    members.push_back(
        {"speech/output.extra", "{\"audio_length\":1000,\"mark\":\"" + std::string(mark) + "\"}"});
    return members;
}

std::string_view content_type(MediaKind kind) {
    switch (kind) {
        case MediaKind::mp4:
            return "video/mp4";
        case MediaKind::mp3:
            return "audio/mpeg";
        case MediaKind::wav:
            return "audio/wav";
        case MediaKind::flac:
            return "audio/flac";
        case MediaKind::pcm:
            return "application/octet-stream";
        case MediaKind::png:
            return "image/png";
        case MediaKind::jpeg:
            return "image/jpeg";
        case MediaKind::tar:
            return "application/x-tar";
        case MediaKind::jsonl:
            return "application/octet-stream";
    }
    return "application/octet-stream";
}

std::string_view extension(MediaKind kind) {
    switch (kind) {
        case MediaKind::mp4:
            return ".mp4";
        case MediaKind::mp3:
            return ".mp3";
        case MediaKind::wav:
            return ".wav";
        case MediaKind::flac:
            return ".flac";
        case MediaKind::pcm:
            return ".pcm";
        case MediaKind::png:
            return ".png";
        case MediaKind::jpeg:
            return ".jpeg";
        case MediaKind::tar:
            return ".tar";
        case MediaKind::jsonl:
            return ".jsonl";
    }
    return "";
}

std::optional<MediaKind> parse_audio_format(std::string_view name) {
    if (name == "mp3") return MediaKind::mp3;
    if (name == "wav") return MediaKind::wav;
    if (name == "flac") return MediaKind::flac;
    if (name == "pcm") return MediaKind::pcm;
    return std::nullopt;
}

std::string make_media(MediaKind kind, std::string_view mark, std::uint64_t bytes_min) {
    switch (kind) {
        case MediaKind::mp4:
            return mark_mp4(media_clip_mp4(), mark, bytes_min);
        case MediaKind::mp3:
            return mark_mp3(media_tone_mp3(), mark);
        case MediaKind::wav:
            return mark_wav(media_tone_wav(), mark);
        case MediaKind::flac:
            return mark_flac(media_tone_flac(), mark);
        case MediaKind::pcm:
            return mark_pcm(media_tone_wav(), mark);
        case MediaKind::png:
            return mark_png(media_picture_png(), mark);
        case MediaKind::jpeg:
            return mark_jpeg(media_picture_jpg(), mark);
        case MediaKind::tar:
            return tar_of(bundle_members(mark));
        case MediaKind::jsonl:
            return std::string(mark);
    }
    return {};
}

}  // namespace genspool::simulator
