#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <vector>

namespace genspool::simulator {

/// The SHA-256 of each file that lies in a request (data URIs, and `audio_base64`), in the order in
/// which they stand; "no base64" for one that cannot be decoded.
std::vector<std::string> files_in(const boost::json::object& request);

}  // namespace genspool::simulator
