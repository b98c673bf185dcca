#pragma once

#include <string>

#include "daemon/admission.hpp"
#include "daemon/backup.hpp"
#include "daemon/commit_feed.hpp"
#include "daemon/config.hpp"
#include "daemon/job_waits.hpp"
#include "queue/queue.hpp"
#include "workers/blob_store.hpp"
#include "workers/clock.hpp"
#include "workers/file_pool.hpp"
#include "workers/local_root.hpp"
#include "workers/queue_line.hpp"
#include "workers/remote_calls.hpp"

namespace genspool::daemon {

class SignIns;

namespace gateway {
struct Gateway;
}
namespace hooks {
class Hooks;
}

/// What the handlers of the API work with for one principal. All of it outlives every request.
/// Event-loop thread.
struct Api {
    const Config& config;
    const Admission& admission;
    queue::Queue& queue;       ///< for the principal's reads (queue_calls.hpp)
    workers::QueueLine& line;  ///< for commands
    workers::Clock& clock;
    CommitFeed& feed;
    JobWaits& waits;
    workers::FilePool& pool;
    workers::BlobStore& blobs;
    workers::RemoteCalls& remote;
    const proto::Registry& registry;
    const workers::LocalRoot& artifacts;
    std::string artifact_root;  ///< its path, which jobs show their files under
    proto::Instant started_at{};
    const bool& stopping;                 ///< a stop has begun: what changes anything is refused
    Backup* backup = nullptr;             ///< null: no database to back up (tests)
    gateway::Gateway* gateway = nullptr;  ///< null: nobody speaks to it (tests)
    SignIns* sign_ins = nullptr;          ///< null: nobody comes over TCP
    hooks::Hooks* hooks = nullptr;        ///< null: nobody is told (tests)
};

}  // namespace genspool::daemon
