#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>
#include <set>

#include "tests/sim_http/model_client.hpp"
#include "tests/simulator/byte_range.hpp"
#include "tests/simulator/media.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace genspool::tests;
using genspool::simulator::make_media;
using genspool::simulator::MediaKind;
using genspool::simulator::read_byte_range;

namespace {

constexpr MediaKind kinds[] = {MediaKind::mp4, MediaKind::mp3, MediaKind::wav, MediaKind::flac,
                               MediaKind::pcm, MediaKind::png, MediaKind::jpeg};

/// What a program prints, errors included.
std::string output_of(const std::string& command) {
    std::string output;
    auto* pipe = ::popen((command + " 2>&1").c_str(), "r");
    REQUIRE(pipe != nullptr);
    char piece[512];
    while (std::fgets(piece, sizeof piece, pipe) != nullptr)
        output += piece;
    CHECK(::pclose(pipe) == 0);
    return output;
}

}  // namespace

TEST_CASE("every kind of artifact decodes without a complaint") {
    const TemporaryDirectory directory;
    for (const auto kind : kinds) {
        if (kind == MediaKind::pcm) continue;  // bare samples: nothing to recognise
        const auto path = directory.path("media" + std::string(extension(kind)));
        std::ofstream(path, std::ios::binary) << make_media(kind, "a mark of some length", 65'536);
        CAPTURE(path);
        const auto codec = output_of(
            "ffprobe -v error -show_entries stream=codec_name -of default=nk=1:nw=1 " + path);
        const std::set<std::string> codecs{"h264\n", "mp3\n", "pcm_s16le\n",
                                           "flac\n", "png\n", "mjpeg\n"};
        CHECK(codecs.count(codec) == 1);
        CHECK(output_of("ffmpeg -v error -i " + path + " -f null -").empty());
    }
}

TEST_CASE("no two marks give the same bytes, and the same mark always does") {
    for (const auto kind : kinds) {
        CHECK(make_media(kind, "one", 0) == make_media(kind, "one", 0));
        CHECK(make_media(kind, "one", 0) != make_media(kind, "two", 0));
    }
    CHECK(make_media(MediaKind::pcm, "one", 0).size() % 2 == 0);
    CHECK(make_media(MediaKind::mp4, "one", 65'536).size() == 65'536);
}

TEST_CASE("byte ranges are read as HTTP has them") {
    struct Row {
        std::string_view header;
        bool understood;
        std::uint64_t first;
        std::uint64_t bytes;
    };
    for (const auto& row :
         {Row{"bytes=0-", true, 0, 10}, Row{"bytes=4-", true, 4, 6}, Row{"bytes=4-5", true, 4, 2},
          Row{"bytes=4-99", true, 4, 6}, Row{"bytes=-3", true, 7, 3}, Row{"bytes=10-", true, 10, 0},
          Row{"bytes=5-4", false, 0, 0}, Row{"bytes=-", false, 0, 0},
          Row{"bytes=0-1,4-5", false, 0, 0}, Row{"lines=1-", false, 0, 0}}) {
        CAPTURE(row.header);
        const auto range = read_byte_range(row.header, 10);
        CHECK(range.understood == row.understood);
        CHECK(range.first == row.first);
        CHECK(range.bytes == row.bytes);
    }
}

TEST_CASE("a download resumes where it stopped while the file is the same") {
    ModelClient client(instant_options());
    const auto task = text_of(body_of(client.create("a kite")), "task_id");
    const auto link = client.link_of(text_of(client.query(task), "file_id"));
    const auto whole = client.download(link);
    const auto etag = header_of(whole, "ETag");
    CHECK_FALSE(etag.empty());
    const auto rest = client.download(link, "bytes=1000-", etag);
    CHECK(rest.status == 206);
    CHECK(rest.body == whole.body.substr(1000));
    CHECK(header_of(rest, "Content-Range") == "bytes 1000-" +
                                                  std::to_string(whole.body.size() - 1) + "/" +
                                                  std::to_string(whole.body.size()));
    CHECK(client.download(link, "bytes=1000-", "\"another\"").status == 200);
    CHECK(client.download(link, "bytes=9999999-").status == 416);
    client.post("/sim/faults", R"({"no-etag":1})");
    const auto plain = client.download(link, "bytes=1000-");
    CHECK(plain.status == 200);
    CHECK(header_of(plain, "ETag").empty());
}
