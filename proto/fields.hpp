#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "proto/time.hpp"

/// The form in which rows are stored: fields of [varint tag][varint length][bytes], tags never
/// falling, a repeated tag for a list, unknown tags skipped. So a row can grow and still be read.
namespace genspool::proto {

using FieldTag = std::uint32_t;

/// Appends fields to a string. Tags are to be given in rising order.
class FieldWriter {
public:
    explicit FieldWriter(std::string& out) : out_(out) {}

    /// Little-endian without leading zeros; 0 is no byte at all.
    template <std::unsigned_integral Number>
    void put(FieldTag tag, Number value) {
        put_number(tag, value);
    }
    /// As zigzag, so that small negative numbers stay short. Other signed types do not compile.
    template <std::same_as<std::int64_t> Number>
    void put(FieldTag tag, Number value) {
        put_signed(tag, value);
    }
    void put(FieldTag tag, std::string_view bytes);
    void put(FieldTag tag, Instant at) { put_signed(tag, at.time_since_epoch().count()); }

    /// Begins a field that holds fields; its end needs what this returns.
    std::size_t begin(FieldTag tag);
    void end(std::size_t mark);

private:
    void put_number(FieldTag tag, std::uint64_t value);
    void put_signed(FieldTag tag, std::int64_t value);
    void put_varint(std::uint64_t value);

    std::string& out_;
};

/// One field as it was read; `bytes` points into the row.
struct Field {
    FieldTag tag = 0;
    std::string_view bytes;

    /// nullopt: longer than eight bytes.
    std::optional<std::uint64_t> number() const;
    std::optional<std::int64_t> signed_number() const;
};

/// Reads the fields of a row one after the other.
class FieldReader {
public:
    explicit FieldReader(std::string_view row) : rest_(row) {}

    /// The next field; nullopt at the end of the row, or where it is corrupt.
    std::optional<Field> next();
    /// False once the row proved corrupt: cut short, or with falling tags.
    bool ok() const { return ok_; }

private:
    std::optional<std::uint64_t> varint();
    std::optional<Field> corrupt();

    std::string_view rest_;
    FieldTag last_ = 0;
    bool ok_ = true;
};

/// Puts a field's value where it belongs. False, and nothing changed, where it does not fit.
template <std::unsigned_integral Number>
bool read(const Field& field, Number& value) {
    const auto number = field.number();
    if (!number || *number > std::numeric_limits<Number>::max()) return false;
    value = static_cast<Number>(*number);
    return true;
}
bool read(const Field& field, std::int64_t& value);
bool read(const Field& field, std::string& value);
bool read(const Field& field, Instant& value);

}  // namespace genspool::proto
