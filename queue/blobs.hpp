#pragma once

#include "proto/file_rule.hpp"
#include "proto/result.hpp"
#include "queue/turn.hpp"

/// Files that were handed in for requests, by their SHA-256. The row keys::blob(file) is there as
/// long as the file is kept; keys::blob_use(file, job) exactly while a job that takes it has not
/// ended. The files themselves are the daemon's (workers/blob_store.hpp).
namespace genspool::queue {

/// The file that the reference names, as an input. Refused with the field: it was not handed in,
/// was forgotten since, or is none that can stand there.
proto::Result<proto::Input> find_blob(Turn& turn, const proto::FilePlace& place);

/// The job needs its files from here on: it was admitted, or is retried.
void note_blob_uses(Turn& turn, const proto::JobRecord& record);
/// It has ended, or is dropped.
void forget_blob_uses(Turn& turn, const proto::JobRecord& record);

/// Forgets some of the files that nobody has wanted within the retention, and that no job needs.
/// Before anything else is planned.
void purge_blobs(Turn& turn);

}  // namespace genspool::queue
