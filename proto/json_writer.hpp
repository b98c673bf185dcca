#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proto/money.hpp"
#include "proto/time.hpp"

namespace genspool::proto {

/// Appends JSON text to a string, member by member, without a tree in between; so money can be
/// plain decimals and what is JSON already goes in as it is. Keeps the commas, not the nesting.
class JsonWriter {
public:
    explicit JsonWriter(std::string& out) : out_(out) {}

    /// The outermost object, or an element of an array.
    void begin_object();
    /// The object or array that is member `key`.
    void begin_object(std::string_view key);
    void begin_array(std::string_view key);
    void end_object();
    void end_array();

    void text(std::string_view key, std::string_view value);
    /// null where the text is empty.
    void text_or_null(std::string_view key, std::string_view value);
    void integer(std::string_view key, std::int64_t value);
    void count(std::string_view key, std::uint64_t value);
    void flag(std::string_view key, bool value);
    void null(std::string_view key);
    /// A plain decimal, as a number.
    void money(std::string_view key, Micros value);
    void money(std::string_view key, std::optional<Micros> value);
    /// RFC 3339, or null.
    void moment(std::string_view key, std::optional<Instant> value);
    /// `json` is valid JSON and goes in as it is.
    void raw(std::string_view key, std::string_view json);
    /// What came from somebody else: JSON as a rule, but perhaps cut off, or anything; then it is a
    /// text. null where it is empty.
    void embedded(std::string_view key, std::string_view text);
    /// An element of an array.
    void element(std::string_view text);
    /// The same, but valid JSON that goes in as it is.
    void raw_element(std::string_view json);

private:
    void comma();
    void key(std::string_view name);

    std::string& out_;
    bool comma_ = false;  ///< before the next member or element
};

}  // namespace genspool::proto
