#pragma once

#include <functional>
#include <optional>
#include <string>

#include "proto/result.hpp"
#include "queue/turn.hpp"

/// Which account has what requests name by an id: tasks, files, features of songs, voices.
namespace genspool::queue {

/// What stands under a key; nullopt: nothing.
using RowAt = std::function<std::optional<std::string>(const std::string& key)>;

/// The account that the job is bound to, by its own wish or because it names what one account has;
/// empty: it may go to any. Of what nobody remembers the job must name the account where there are
/// several. Voices bind nobody here: see follow_voice().
proto::Result<BoundTo> bound_account(const Memory& memory, const AdmitOne& job,
                                     const RowAt& row_at);

/// The job has made this where it was sent.
void note_made(Turn& turn, const proto::JobRecord& record, const proto::MadeThing& made);

/// A job that is bound to no account, and speaks with a voice that was made here, goes into the
/// lane of the account which that was made at. Whoever names an account knows why.
void follow_voice(Turn& turn, proto::JobRecord& record);

/// Forgets some of those whose time is over. Before anything else is planned.
void purge_things(Turn& turn);

}  // namespace genspool::queue
