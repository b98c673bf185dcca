#pragma once

#include "tests/simulator/call.hpp"
#include "tests/simulator/world.hpp"

namespace genspool::simulator {

/// GET /ws/v1/t2a_v2: speech in a session. It is sold with the first piece of the text, in which
/// the markers stand; faults of a paid call's reply strike it there, and a reply that is to be cut
/// ends the session in the middle of the audio.
ModelReply open_speech_session(World& world, const Call& call);

}  // namespace genspool::simulator
