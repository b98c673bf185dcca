#pragma once

#include <boost/json/value.hpp>
#include <string_view>

#include "tests/simulator/exchange.hpp"

namespace genspool::simulator::useapi {

/// What the site says with a status; never a promise.
std::string_view words_of(int status);

ModelReply answer(const boost::json::value& body, int status = 200);
ModelReply answer_nothing();  ///< 204

/// The flat envelope of errors.
ModelReply answer_refusal(int status, std::string_view text);
ModelReply answer_refusal(int status);

}  // namespace genspool::simulator::useapi
