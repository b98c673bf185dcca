#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "tests/simulator/media.hpp"

namespace genspool::simulator {

/// What a request's audio_setting asks for.
struct AudioSetting {
    bool known = true;  ///< false: of the wrong shape, or a format that is not made here
    std::string_view name = "mp3";
    MediaKind kind = MediaKind::mp3;
};

/// The views point into `body`.
AudioSetting audio_setting(const boost::json::object& body);

}  // namespace genspool::simulator
