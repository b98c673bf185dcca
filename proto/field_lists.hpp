#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <type_traits>
#include <vector>

#include "proto/fields.hpp"
#include "proto/ids.hpp"

/// Structs as fields. A struct that is stored has one function
///
///     template <class Fields, class Row>
///     void list_fields(std::type_identity<Struct>, Fields& fields, Row& row);
///
/// in its namespace that names each member with its tag, in rising order; the encoder and the
/// decoder both walk it, so that they cannot disagree. What equals its fallback is not written.
namespace genspool::proto {

/// The highest value an enum may have in a row; specialise for each enum that is stored.
template <class Enum>
inline constexpr Enum last_value = Enum{};

class FieldEncoder {
public:
    explicit FieldEncoder(std::string& out) : out_(out) {}

    template <class Value>
    void field(FieldTag tag, const Value& value,
               const std::type_identity_t<Value>& fallback = Value{}) {
        if (!(value == fallback)) put(tag, value);
    }

private:
    template <class Value>
    void put(FieldTag tag, const Value& value) {
        if constexpr (std::is_enum_v<Value>) {
            out_.put(tag, static_cast<std::underlying_type_t<Value>>(value));
        } else if constexpr (requires { out_.put(tag, value); }) {
            out_.put(tag, value);
        } else {
            const std::size_t mark = out_.begin(tag);
            list_fields(std::type_identity<Value>{}, *this, value);
            out_.end(mark);
        }
    }
    template <class Tag>
    void put(FieldTag tag, const Number<Tag>& number) {
        out_.put(tag, number.value);
    }
    void put(FieldTag tag, const JobId& id) {
        const auto& bytes = id.bytes();
        out_.put(tag, std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    }
    template <class Value>
    void put(FieldTag tag, const std::optional<Value>& value) {
        put(tag, *value);  // an empty one equals its fallback
    }
    template <class Value>
    void put(FieldTag tag, const std::vector<Value>& values) {
        for (const Value& value : values)
            put(tag, value);
    }

    FieldWriter out_;
};

class FieldDecoder {
public:
    explicit FieldDecoder(std::string_view row) : reader_(row), now_(reader_.next()) {}

    template <class Value>
    void field(FieldTag tag, Value& value, const std::type_identity_t<Value>& fallback = Value{}) {
        value = fallback;
        while (now_ && now_->tag < tag)
            now_ = reader_.next();
        while (now_ && now_->tag == tag) {
            ok_ = take(value) && ok_;
            now_ = reader_.next();
        }
    }

    /// Reads on to the end. False: the row is corrupt, and what was read of it is worth nothing.
    bool finish() {
        while (now_)
            now_ = reader_.next();
        return ok_ && reader_.ok();
    }

private:
    template <class Value>
    bool take(Value& value) {
        if constexpr (std::is_enum_v<Value>) {
            std::underlying_type_t<Value> number{};
            const auto last = static_cast<std::underlying_type_t<Value>>(last_value<Value>);
            if (!read(*now_, number) || number > last) return false;
            value = static_cast<Value>(number);
            return true;
        } else if constexpr (requires { read(*now_, value); }) {
            return read(*now_, value);
        } else {
            FieldDecoder inner(now_->bytes);
            list_fields(std::type_identity<Value>{}, inner, value);
            return inner.finish();
        }
    }
    template <class Tag>
    bool take(Number<Tag>& number) {
        return read(*now_, number.value);
    }
    bool take(JobId& id) {
        std::array<std::uint8_t, 16> bytes{};
        if (now_->bytes.size() != bytes.size()) return false;
        std::copy(now_->bytes.begin(), now_->bytes.end(), bytes.begin());
        id = JobId::from_bytes(bytes);
        return true;
    }
    template <class Value>
    bool take(std::optional<Value>& value) {
        return take(value.emplace());
    }
    template <class Value>
    bool take(std::vector<Value>& values) {
        return take(values.emplace_back());
    }

    FieldReader reader_;
    std::optional<Field> now_;
    bool ok_ = true;
};

}  // namespace genspool::proto
