// daemon/http_reader: what a client sends. The same bytes give the same requests however they
// arrive.

#include <algorithm>
#include <cstring>
#include <string>

#include "daemon/http_reader.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace genspool::fuzz {
namespace {

using daemon::HttpReader;
using daemon::HttpStep;

constexpr std::uint32_t header_bytes_max = 4'096;
constexpr std::uint64_t body_bytes_max = 2'048;

/// What the reader made of the bytes, fed at most `piece` at a time. Of a head or a body that is
/// cut off nothing is told: how much Beast reads of it early depends on how it comes.
std::string heard(std::string_view bytes, std::size_t piece) {
    HttpReader reader(header_bytes_max);
    std::string told;
    reader.begin(body_bytes_max);
    std::string body;
    for (;;) {
        const HttpStep step = reader.step();
        if (step == HttpStep::need_more) {
            if (bytes.empty()) return told;
            const std::span<char> room = reader.room();
            must(!room.empty(), "room for more after need_more");
            const std::size_t count = std::min({bytes.size(), piece, room.size()});
            std::memcpy(room.data(), bytes.data(), count);
            reader.arrived(count);
            bytes.remove_prefix(count);
        } else if (step == HttpStep::head) {
            const auto& request = reader.request();
            told += "\n" + request.method + " " + request.target + "\n";
        } else if (step == HttpStep::piece) {
            const std::string taken = reader.take_piece();
            must(!taken.empty(), "a piece is not empty");
            body += taken;
            must(body.size() <= body_bytes_max, "a body within its limit");
        } else if (step == HttpStep::complete) {
            told += body;
            body.clear();
            reader.begin(body_bytes_max);
        } else {
            must(reader.status() >= 400 && reader.status() < 600, "a refusal has a status");
            must(!reader.reason().empty(), "a refusal has a reason");
            return told;
        }
    }
}

}  // namespace

void fuzz_one(std::string_view input) {
    Choices choices(input);
    const std::size_t piece = 1 + choices.below(64);
    must(heard(input, piece) == heard(input, SIZE_MAX), "pieces make no difference");
}

}  // namespace genspool::fuzz
