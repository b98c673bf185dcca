#pragma once

#include <string>

#include "queue/turn.hpp"

/// Which account a voice was made at: no other can speak with it.
namespace genspool::queue {

/// The job has made this voice where it was sent; empty: it has made none.
void note_voice(Turn& turn, const proto::JobRecord& record, const std::string& voice);

/// A job that is bound to no account, and speaks with a voice that was made here, goes into the
/// lane of the account which that was made at. Whoever names an account knows why.
void follow_voice(Turn& turn, proto::JobRecord& record);

}  // namespace genspool::queue
