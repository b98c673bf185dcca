#include "proto/ids.hpp"

#include <algorithm>

namespace genspool::proto {
namespace {

constexpr std::size_t text_length = 26;
constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::int64_t time_max = (std::int64_t{1} << 48) - 1;

/// Odd numbers, so that multiplying modulo 2^64 can be undone. Stored in every id: never change.
constexpr std::uint64_t job_factor = 0x9E37'79B9'7F4A'7C15;
constexpr std::uint64_t batch_factor = 0xD134'2543'DE82'EF95;

constexpr std::uint64_t inverse(std::uint64_t odd) {
    std::uint64_t x = odd;  // right in its low 3 bits; each round doubles them
    for (int round = 0; round < 5; ++round)
        x *= 2 - odd * x;
    return x;
}

constexpr std::uint64_t job_inverse = inverse(job_factor);
constexpr std::uint64_t batch_inverse = inverse(batch_factor);
static_assert(job_factor * job_inverse == 1 && batch_factor * batch_inverse == 1);

using Bytes = std::array<std::uint8_t, 16>;

void put_big_endian(Bytes& bytes, std::size_t from, std::size_t count, std::uint64_t value) {
    for (std::size_t i = 0; i < count; ++i) {
        bytes[from + count - 1 - i] = static_cast<std::uint8_t>(value >> (8 * i));
    }
}

std::uint64_t get_big_endian(const Bytes& bytes, std::size_t from, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = from; i < from + count; ++i)
        value = value << 8 | bytes[i];
    return value;
}

Bytes compose(Instant at, std::uint64_t scrambled, std::uint16_t salt) {
    const std::int64_t millis =
        std::clamp<std::int64_t>(at.time_since_epoch().count(), 0, time_max);
    Bytes bytes{};
    put_big_endian(bytes, 0, 6, static_cast<std::uint64_t>(millis));
    put_big_endian(bytes, 6, 2, salt);
    put_big_endian(bytes, 8, 8, scrambled);
    return bytes;
}

constexpr std::array<std::int8_t, 256> make_digits() {
    std::array<std::int8_t, 256> digits{};
    digits.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        const auto upper = static_cast<unsigned char>(alphabet[i]);
        digits[upper] = static_cast<std::int8_t>(i);
        if (upper >= 'A') digits[upper + ('a' - 'A')] = static_cast<std::int8_t>(i);
    }
    return digits;
}

constexpr std::array<std::int8_t, 256> digit_of = make_digits();

/// 26 characters hold 130 bits; the first may only use three of its five.
std::optional<Bytes> decode(std::string_view text) {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    for (std::size_t i = 0; i < text_length; ++i) {
        const int digit = digit_of[static_cast<unsigned char>(text[i])];
        if (digit < 0 || (i == 0 && digit > 7)) return std::nullopt;
        high = high << 5 | low >> 59;
        low = low << 5 | static_cast<std::uint64_t>(digit);
    }
    Bytes bytes{};
    put_big_endian(bytes, 0, 8, high);
    put_big_endian(bytes, 8, 8, low);
    return bytes;
}

}  // namespace

JobId JobId::make(Instant at, JobSeq seq, std::uint16_t salt) {
    return from_bytes(compose(at, seq.value * job_factor, salt));
}

JobId JobId::make_batch(Instant at, BatchSeq seq, std::uint16_t salt) {
    return from_bytes(compose(at, seq.value * batch_factor, salt));
}

std::optional<JobId> JobId::parse(std::string_view text) {
    if (text.size() != text_length) return std::nullopt;
    const auto bytes = decode(text);
    if (!bytes) return std::nullopt;
    return from_bytes(*bytes);
}

std::string JobId::text() const {
    std::uint64_t high = get_big_endian(bytes_, 0, 8);
    std::uint64_t low = get_big_endian(bytes_, 8, 8);
    std::string out(text_length, '0');
    for (std::size_t i = text_length; i-- > 0;) {
        out[i] = alphabet[low & 31U];
        low = low >> 5 | high << 59;
        high >>= 5;
    }
    return out;
}

JobSeq JobId::seq() const {
    return {get_big_endian(bytes_, 8, 8) * job_inverse};
}

BatchSeq JobId::batch_seq() const {
    return {get_big_endian(bytes_, 8, 8) * batch_inverse};
}

Instant JobId::at() const {
    return Instant{Duration{static_cast<std::int64_t>(get_big_endian(bytes_, 0, 6))}};
}

JobId JobId::from_bytes(const std::array<std::uint8_t, 16>& bytes) {
    JobId id;
    id.bytes_ = bytes;
    return id;
}

std::optional<JobId> JobId::lowest_with_prefix(std::string_view prefix) {
    if (prefix.empty() || prefix.size() > text_length) return std::nullopt;
    std::string text(prefix);
    text.resize(text_length, '0');
    return parse(text);
}

std::optional<JobId> JobId::highest_with_prefix(std::string_view prefix) {
    if (prefix.empty() || prefix.size() > text_length) return std::nullopt;
    std::string text(prefix);
    text.resize(text_length, 'Z');
    return parse(text);
}

}  // namespace genspool::proto
