#include <doctest/doctest.h>

#include "queue/rocksdb_store.hpp"
#include "tests/support/queue_world.hpp"

namespace {

using genspool::tests::FileKind;
using genspool::tests::QueueWorld;
using genspool::tests::SyncCall;

/// Whether a broken promise shows within some random lives when syncs of this kind are left out.
bool noticed_without(FileKind kind) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        QueueWorld world(seed);
        world.disk().ignore_sync([kind](const SyncCall& call) { return call.kind == kind; });
        try {
            for (int step = 0; step < 600 && world.broken().empty(); ++step)
                world.step();
        } catch (const genspool::queue::StoreFailed&) {
            return true;  // the database does not even open
        }
        if (!world.broken().empty()) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("a log that is not synced loses what was answered, and the checks see it") {
    CHECK(noticed_without(FileKind::wal));
}

TEST_CASE("a manifest that is not synced is seen") {
    CHECK(noticed_without(FileKind::manifest));
}

TEST_CASE("a pointer to the manifest that is not synced is seen") {
    CHECK(noticed_without(FileKind::current));
}

TEST_CASE("a table that is not synced is seen") {
    CHECK(noticed_without(FileKind::table));
}

TEST_CASE("a directory that is not synced is seen") {
    CHECK(noticed_without(FileKind::directory));
}
