#include "workers/archive.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/simulator/media.hpp"
#include "workers/digest.hpp"

using namespace genspool;
using namespace genspool::workers;

namespace {

class Bytes : public ArchiveBytes {
public:
    explicit Bytes(std::string bytes) : bytes_(std::move(bytes)) {}
    std::ptrdiff_t read(char* into, std::size_t count) override {
        const std::size_t got = bytes_.copy(into, std::min<std::size_t>(count, 700), at_);
        at_ += got;
        return static_cast<std::ptrdiff_t>(got);
    }
    void rewind() override { at_ = 0; }

private:
    std::string bytes_;
    std::size_t at_ = 0;
};

struct Result {
    Unpacked unpacked;
    std::string bytes;
};

Result unpacked(const std::string& archive, std::string_view member = "",
                std::uint64_t bytes_max = 1U << 20U) {
    Result result;
    Bytes bytes(archive);
    result.unpacked = unpack(bytes, member, bytes_max, [&](std::string_view piece) {
        result.bytes += piece;
        return std::error_code();
    });
    return result;
}

std::string bundle() {
    return simulator::make_media(simulator::MediaKind::tar, "a mark", 0);
}

}  // namespace

TEST_CASE("out of an archive comes its sound file, wherever it stands, and the others are named") {
    const Result result = unpacked(bundle());
    REQUIRE(result.unpacked.good());
    CHECK(result.unpacked.member == "speech/output.mp3");
    CHECK(result.bytes == simulator::bundle_members("a mark").at(1).bytes);
    CHECK(result.unpacked.sha256 == sha256_hex(result.bytes));
    CHECK(result.unpacked.bytes == result.bytes.size());
    CHECK(result.unpacked.head == result.bytes.substr(0, 16));
    CHECK(result.unpacked.others ==
          std::vector<std::string>{"speech/output.titles", "speech/output.extra"});
}

TEST_CASE("a file is taken out by its name, and one that is not there is trouble") {
    const Result titles = unpacked(bundle(), "speech/output.titles");
    REQUIRE(titles.unpacked.good());
    CHECK(titles.bytes == simulator::bundle_members("a mark").at(0).bytes);
    CHECK(unpacked(bundle(), "speech/none").unpacked.trouble == "it holds no speech/none");
}

TEST_CASE("what is no archive is the file itself") {
    const std::string song = simulator::make_media(simulator::MediaKind::mp3, "a mark", 0);
    CHECK(unpacked(song).unpacked.bare);
    CHECK_FALSE(unpacked(song, "speech/output.mp3").unpacked.bare);
    CHECK_FALSE(unpacked(song, "speech/output.mp3").unpacked.good());
}

TEST_CASE("an archive that is cut off, or too long, is not half unpacked") {
    const std::string whole = bundle();
    const std::size_t in_the_audio = 2'000;
    const Unpacked cut = unpacked(whole.substr(0, in_the_audio)).unpacked;
    CHECK_FALSE(cut.good());
    CHECK_FALSE(cut.trouble.empty());
    // Cut in its very first file it is still an archive, and not the file itself.
    CHECK_FALSE(unpacked(whole.substr(0, 520)).unpacked.bare);
    CHECK_FALSE(unpacked(whole.substr(0, 520)).unpacked.good());
    CHECK(unpacked(whole, "", 100).unpacked.trouble == "what it holds is too long");
}

TEST_CASE("a disk that takes no more ends it with its error") {
    Bytes bytes(bundle());
    const Unpacked result = unpack(bytes, "", 1U << 20U, [](std::string_view) {
        return std::make_error_code(std::errc::no_space_on_device);
    });
    CHECK(result.error == std::errc::no_space_on_device);
    CHECK_FALSE(result.good());
}
