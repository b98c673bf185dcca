#pragma once

#include "queue/turn.hpp"

/// Files that accounts have at the upstream because a request took them: found again under
/// keys::upload(account, sha256, purpose), so that they are uploaded once. A row may go at any
/// time: then the next request uploads its file anew, for free.
namespace genspool::queue {

/// The upstream refused a request of the job, or failed its task: perhaps for a file that it has no
/// more, so nobody names those again.
void forget_uploads(Turn& turn, const proto::JobRecord& record);
/// The account has another key, perhaps of another account upstream.
void forget_uploads(Turn& turn, const std::string& account);

/// Forgets some of those that are not good any more. Before anything else is planned.
void purge_uploads(Turn& turn);

}  // namespace genspool::queue
