// cli/event_reading: server-sent events, however they are cut.

#include "cli/event_reading.hpp"

#include <string>

#include "tests/fuzz/fuzz.hpp"

namespace genspool::fuzz {
namespace {

std::string heard(std::string_view bytes, std::size_t piece) {
    cli::EventReading reading;
    std::string told;
    while (!bytes.empty()) {
        reading.feed(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
        while (const auto event = reading.next())
            told += event->id + "|" + event->data + "\n";
    }
    return told;
}

}  // namespace

void fuzz_one(std::string_view input) {
    Choices choices(input);
    const std::size_t piece = 1 + choices.below(32);
    must(heard(input, piece) == heard(input, SIZE_MAX), "pieces make no difference");
}

}  // namespace genspool::fuzz
