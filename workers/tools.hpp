#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "proto/codec.hpp"
#include "queue/random.hpp"
#include "workers/accounts.hpp"
#include "workers/clock.hpp"
#include "workers/disk_watch.hpp"
#include "workers/engine_options.hpp"
#include "workers/files.hpp"
#include "workers/http.hpp"
#include "workers/list_polls.hpp"
#include "workers/queue_line.hpp"
#include "workers/room.hpp"

namespace genspool::workers {

/// What the steps work with. The engine's; event-loop thread only.
struct Tools {
    QueueLine& queue;
    Http& http;
    Clock& clock;
    Files& files;
    DiskWatch& disk;
    Room& room;  ///< for files inside requests
    ListPolls& list_polls;
    const proto::Registry& registry;
    const EngineOptions& options;
    queue::Random random;
    std::atomic<std::uint64_t>* on_cpu;           ///< see OnCpu; may be null
    std::function<void(const std::string&)> log;  ///< one line of key=value fields, never a key
    std::shared_ptr<const Accounts> accounts = std::make_shared<const Accounts>();
    std::map<std::string, proto::Duration> clocks_ahead{};  ///< by account, as the queue was told
    bool keep_spool = false;  ///< what came home stays in the spool, for a later sweep
    bool stopping = false;    ///< begin nothing that a stop would have to wait for
};

}  // namespace genspool::workers
