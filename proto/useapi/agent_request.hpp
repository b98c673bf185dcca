#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "proto/codec.hpp"

namespace genspool::proto::useapi {

/// The request of POST /agent as JSON: its parts by name, "file" one file or a list of them, as
/// data URIs.
Result<Checked> check_agent_request(const boost::json::object& request);

/// The form that is sent for it; nobody waits for the answer.
Call agent_call(const std::string& request);

}  // namespace genspool::proto::useapi
