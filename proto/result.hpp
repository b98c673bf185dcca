#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <utility>

namespace genspool::proto {

/// Why something a user handed in is refused: where it is wrong and what is wrong with it.
struct Refused {
    std::string code;   ///< machine-readable: "invalid", "missing", "not_available", "too_long", …
    std::string field;  ///< the offending field as a path ("request.duration"), or empty
    std::string message;  ///< one sentence for people that names field, value and rule

    bool operator==(const Refused&) const = default;
};

[[noreturn]] void throw_exception_from_error(const Refused& refused, const boost::source_location&);

/// A value, or the refusal of what a user handed in.
template <class T>
using Result = boost::system::result<T, Refused>;

}  // namespace genspool::proto
