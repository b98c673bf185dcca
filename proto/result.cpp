#include "proto/result.hpp"

#include <boost/throw_exception.hpp>
#include <stdexcept>

namespace genspool::proto {

/// Only reached by value() on a refusal that nobody looked at: a programmer's error.
void throw_exception_from_error(const Refused& refused, const boost::source_location& at) {
    boost::throw_exception(std::logic_error("refused: " + refused.code + ": " + refused.message),
                           at);
}

}  // namespace genspool::proto
