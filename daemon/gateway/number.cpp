#include "daemon/gateway/number.hpp"

#include "proto/upstream_text.hpp"

namespace genspool::daemon::gateway {
namespace {

// From the lowest bit: what it is of (4), the check (13), the job's number (36, scrambled; what is
// above them stands in front as it is). Clients keep these numbers: never change.
constexpr unsigned place_bits = 4;
constexpr unsigned check_bits = 13;
constexpr unsigned seq_bits = 36;
constexpr unsigned rest_bits = 10;  // of the job's number, up to 63 in all

constexpr std::uint64_t low(unsigned bits) {
    return (std::uint64_t{1} << bits) - 1;
}

constexpr std::uint64_t task_place = 0;
constexpr std::uint64_t upload_place = low(place_bits);

/// Odd, so that multiplying modulo 2^36 can be undone: neighbours differ in all their digits.
constexpr std::uint64_t factor = 0x9'E377'9B97;

constexpr std::uint64_t inverse() {
    std::uint64_t x = factor;  // right in its low 3 bits; each round doubles them
    for (int round = 0; round < 5; ++round)
        x *= 2 - factor * x;
    return x;
}
static_assert(((factor * inverse()) & low(seq_bits)) == 1);

/// The random bits of its id: a queue that was set back gives a number again, but not these.
std::uint64_t check_of(const proto::JobId& id) {
    return (std::uint64_t{id.bytes()[6]} << 8U | id.bytes()[7]) & low(check_bits);
}

std::uint64_t compose(const proto::JobId& id, std::uint64_t place) {
    const std::uint64_t seq = id.seq().value;
    const std::uint64_t scrambled = (seq * factor) & low(seq_bits);
    const std::uint64_t front = (seq >> seq_bits) & low(rest_bits);
    return ((front << seq_bits | scrambled) << check_bits | check_of(id)) << place_bits | place;
}

}  // namespace

bool Number::names(const proto::JobId& id) const {
    return of != Of::upload && id.seq() == job && check_of(id) == check;
}

std::uint64_t task_number(const proto::JobId& id) {
    return compose(id, task_place);
}

std::optional<std::uint64_t> artifact_number(const proto::JobId& id, std::size_t n) {
    const std::uint64_t place = n + 1;
    return place < upload_place ? std::optional(compose(id, place)) : std::nullopt;
}

std::uint64_t upload_number(std::uint64_t random) {
    constexpr unsigned bits = seq_bits + check_bits;
    // The topmost is set, so that it is never short.
    const std::uint64_t number = (random & low(bits)) | std::uint64_t{1} << (bits - 1);
    return number << place_bits | upload_place;
}

std::optional<Number> read_number(std::uint64_t number) {
    if (number >> 63U != 0) return std::nullopt;
    Number read;
    const std::uint64_t place = number & low(place_bits);
    read.of = place == task_place     ? Number::Of::task
              : place == upload_place ? Number::Of::upload
                                      : Number::Of::artifact;
    if (read.of == Number::Of::artifact) read.artifact = static_cast<std::uint32_t>(place - 1);
    number >>= place_bits;
    read.check = number & low(check_bits);
    number >>= check_bits;
    const std::uint64_t unscrambled = ((number & low(seq_bits)) * inverse()) & low(seq_bits);
    read.job.value = (number >> seq_bits) << seq_bits | unscrambled;
    return read.job ? std::optional(read) : std::nullopt;
}

std::optional<Number> read_number(std::string_view decimal) {
    const auto number = proto::whole_number(decimal);
    return number ? read_number(*number) : std::nullopt;
}

}  // namespace genspool::daemon::gateway
