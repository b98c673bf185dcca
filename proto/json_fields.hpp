#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "proto/money.hpp"
#include "proto/result.hpp"
#include "proto/time.hpp"

namespace genspool::proto {

/// Reads the members of an object by name and type and keeps the first refusal. A member that is
/// null counts as absent. Readers answer nothing where there is none, or where it is refused.
class JsonFields {
public:
    explicit JsonFields(const boost::json::object& object) : object_(object) {}

    const boost::json::value* find(std::string_view name) const;  ///< nullptr: absent or null

    /// A string of `min` to `max` characters, none of them a control character.
    std::optional<std::string> text(std::string_view name, std::size_t min, std::size_t max);
    /// A whole number, however it is written; never rounded.
    std::optional<std::int64_t> integer(std::string_view name, std::int64_t min, std::int64_t max);
    /// An amount, as a number or a string.
    std::optional<Micros> amount(std::string_view name);
    /// RFC 3339, or "+" and a span.
    std::optional<Instant> moment(std::string_view name, Instant now);
    const boost::json::object* object(std::string_view name);

    /// Refuses every name that is not known, with the nearest one that is.
    void refuse_unknown(std::span<const std::string_view> known);
    void refuse(std::string_view code, std::string_view field, std::string message);
    /// The usual message: "`field` must be `rule`, not `value`".
    void refuse_value(std::string_view field, std::string_view rule,
                      const boost::json::value& value);

    const std::optional<Refused>& refused() const { return refused_; }

private:
    const boost::json::object& object_;
    std::optional<Refused> refused_;
};

/// A decimal as a user may write it, number or string, exactly; nullopt: it is none, is negative,
/// has more than six decimals or more than nine digits before them.
std::optional<Micros> read_amount(const boost::json::value& value);

/// A value as an error message shows it: JSON, cut where it is long.
std::string shown(const boost::json::value& value);

/// No control character of ASCII.
bool is_printable(std::string_view text);

}  // namespace genspool::proto
