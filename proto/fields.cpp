#include "proto/fields.hpp"

namespace genspool::proto {
namespace {

constexpr std::size_t number_bytes_max = 8;

std::uint64_t zigzag(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    return value < 0 ? ~(bits << 1U) : bits << 1U;
}

std::int64_t unzigzag(std::uint64_t bits) {
    return static_cast<std::int64_t>(bits & 1U ? ~(bits >> 1U) : bits >> 1U);
}

}  // namespace

void FieldWriter::put(FieldTag tag, std::string_view bytes) {
    put_varint(tag);
    put_varint(bytes.size());
    out_ += bytes;
}

std::size_t FieldWriter::begin(FieldTag tag) {
    put_varint(tag);
    out_ += '\0';  // nearly every length fits into this byte
    return out_.size();
}

void FieldWriter::end(std::size_t mark) {
    const std::size_t length = out_.size() - mark;
    if (length < 128) {
        out_[mark - 1] = static_cast<char>(length);
        return;
    }
    std::string varint;
    FieldWriter(varint).put_varint(length);
    out_.replace(mark - 1, 1, varint);
}

void FieldWriter::put_number(FieldTag tag, std::uint64_t value) {
    put_varint(tag);
    const std::size_t length_at = out_.size();
    out_ += '\0';
    for (; value != 0; value >>= 8U)
        out_ += static_cast<char>(value & 0xFFU);
    out_[length_at] = static_cast<char>(out_.size() - length_at - 1);
}

void FieldWriter::put_signed(FieldTag tag, std::int64_t value) {
    put_number(tag, zigzag(value));
}

void FieldWriter::put_varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U)
        out_ += static_cast<char>((value & 0x7FU) | 0x80U);
    out_ += static_cast<char>(value);
}

std::optional<std::uint64_t> Field::number() const {
    if (bytes.size() > number_bytes_max) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) {
        value = value << 8U | static_cast<unsigned char>(bytes[i]);
    }
    return value;
}

std::optional<std::int64_t> Field::signed_number() const {
    const auto bits = number();
    if (!bits) return std::nullopt;
    return unzigzag(*bits);
}

std::optional<Field> FieldReader::next() {
    if (rest_.empty() || !ok_) return std::nullopt;
    const auto tag = varint();
    if (!tag || *tag < last_ || *tag > std::numeric_limits<FieldTag>::max()) return corrupt();
    const auto length = varint();
    if (!length || *length > rest_.size()) return corrupt();

    last_ = static_cast<FieldTag>(*tag);
    const Field field{last_, rest_.substr(0, *length)};
    rest_.remove_prefix(*length);
    return field;
}

std::optional<std::uint64_t> FieldReader::varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
        if (byte < 0x80) return value;
    }
    return std::nullopt;
}

std::optional<Field> FieldReader::corrupt() {
    ok_ = false;
    return std::nullopt;
}

bool read(const Field& field, std::int64_t& value) {
    const auto number = field.signed_number();
    if (!number) return false;
    value = *number;
    return true;
}

bool read(const Field& field, std::string& value) {
    value.assign(field.bytes);
    return true;
}

bool read(const Field& field, Instant& value) {
    std::int64_t millis = 0;
    if (!read(field, millis)) return false;
    value = Instant{Duration{millis}};
    return true;
}

}  // namespace genspool::proto
