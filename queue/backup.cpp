#include "queue/backup.hpp"

#include <algorithm>

#include "queue/keys.hpp"
#include "queue/kill_point.hpp"
#include "queue/setback.hpp"

namespace genspool::queue {

BackedUp back_up(const Store& store, const StoreOptions& copy, proto::Instant now) {
    store.copy_to(copy.path);
    GENSPOOL_KILL_POINT("backup.database_copied");
    Store opened(copy);
    const auto bytes = opened.get(keys::meta("counters"));
    const auto counters = bytes ? decode<Counters>(*bytes) : std::nullopt;
    if (!counters) throw StoreFailed("the copy of the database has no counters");
    BackedUp done;
    done.at = std::max(now, counters->now);
    done.last_event.value = counters->next_event - 1;
    done.generation = generation({counters->next_event});
    BackupRow row;
    row.at = done.at;
    opened.commit({{keys::meta("backup"), encode(row)}});
    GENSPOOL_KILL_POINT("backup.database_marked");
    return done;
}

}  // namespace genspool::queue
