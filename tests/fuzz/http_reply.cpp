// workers/http_reply_reader: what an upstream sends.

#include <algorithm>
#include <cstring>
#include <string>

#include "tests/fuzz/fuzz.hpp"
#include "workers/http_reply_reader.hpp"

namespace genspool::fuzz {
namespace {

constexpr std::uint64_t body_bytes_max = 2'048;

std::string heard(std::string_view bytes, std::size_t piece, bool head_only) {
    workers::HttpReplyReader reader(head_only, body_bytes_max);
    std::string body;
    while (!bytes.empty() && !reader.done() && !reader.failure()) {
        const auto room = reader.room();
        must(room.size() > 0, "room for more");
        const std::size_t count = std::min({bytes.size(), piece, room.size()});
        std::memcpy(room.data(), bytes.data(), count);
        reader.received(count);
        bytes.remove_prefix(count);
        if (reader.head_known()) body += reader.take_body();
    }
    if (!reader.done() && !reader.failure()) reader.ended();
    must(reader.done() || reader.failure(), "at its end a reply is whole or wrong");
    if (reader.failure()) {
        must(!reader.failure().text.empty(), "a failure has a reason");
        return "failed";
    }
    const workers::HttpHead head = reader.take_head();
    body += reader.take_body();
    must(head.status >= 200, "interim replies are passed over");
    must(body.size() <= body_bytes_max, "a body within its limit");
    return std::to_string(head.status) + " " + std::to_string(head.headers.size()) + "\n" + body;
}

}  // namespace

void fuzz_one(std::string_view input) {
    Choices choices(input);
    const std::size_t piece = 1 + choices.below(64);
    const bool head_only = choices.below(8) == 0;
    must(heard(input, piece, head_only) == heard(input, SIZE_MAX, head_only),
         "pieces make no difference");
}

}  // namespace genspool::fuzz
