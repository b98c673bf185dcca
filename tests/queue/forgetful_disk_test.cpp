#include "tests/support/forgetful_disk.hpp"

#include <doctest/doctest.h>
#include <rocksdb/db.h>
#include <rocksdb/utilities/checkpoint.h>

#include <optional>
#include <random>
#include <thread>

#include "tests/support/sanitized.hpp"

using genspool::tests::DiskCall;
using genspool::tests::Fault;
using genspool::tests::FileKind;
using genspool::tests::ForgetfulDisk;
using genspool::tests::make_env;
using genspool::tests::SyncCall;

namespace {

/// A database on the disk for one life of it.
struct Store {
    explicit Store(const std::shared_ptr<ForgetfulDisk>& disk,
                   std::size_t memtable_bytes = 4U << 20U)
        : env(make_env(disk)) {
        rocksdb::Options options;
        options.env = env.get();
        options.create_if_missing = true;
        options.disable_auto_compactions = true;
        options.write_buffer_size = memtable_bytes;
        options.track_and_verify_wals_in_manifest = true;
        rocksdb::DB* opened = nullptr;
        status = rocksdb::DB::Open(options, "/db", &opened);
        db.reset(opened);
    }

    rocksdb::Status put(const std::string& key, const std::string& value, bool sync = true) {
        rocksdb::WriteOptions options;
        options.sync = sync;
        return db->Put(options, key, value);
    }

    std::optional<std::string> get(const std::string& key) {
        std::string value;
        const auto found = db->Get({}, key, &value);
        return found.ok() ? std::optional(value) : std::nullopt;
    }

    std::unique_ptr<rocksdb::Env> env;
    rocksdb::Status status;
    std::unique_ptr<rocksdb::DB> db;
};

std::string key_of(std::uint64_t n) {
    return "key-" + std::to_string(n);
}

std::shared_ptr<ForgetfulDisk> new_disk() {
    return std::make_shared<ForgetfulDisk>();
}

rocksdb::Status write_file(rocksdb::Env& env, const std::string& path, const std::string& text,
                           bool sync) {
    return rocksdb::WriteStringToFile(&env, text, path, sync);
}

std::string read_file(const std::shared_ptr<ForgetfulDisk>& disk, const std::string& path) {
    const auto env = make_env(disk);
    std::string text;
    const auto status = rocksdb::ReadFileToString(env.get(), path, &text);
    return status.ok() ? text : "missing";
}

void sync_directory(rocksdb::Env& env, const std::string& path) {
    std::unique_ptr<rocksdb::Directory> directory;
    REQUIRE(env.NewDirectory(path, &directory).ok());
    REQUIRE(directory->Fsync().ok());
}

}  // namespace

TEST_CASE("synced writes survive a power cut and unsynced ones do not") {
    const auto disk = new_disk();
    {
        Store store(disk);
        REQUIRE(store.status.ok());
        REQUIRE(store.put("synced", "1").ok());
        REQUIRE(store.put("unsynced", "2", false).ok());
        disk->power_cut();
    }

    Store store(disk);
    REQUIRE(store.status.ok());
    CHECK(store.get("synced") == "1");
    CHECK(store.get("unsynced") == std::nullopt);
}

TEST_CASE("a kill of the process alone loses nothing") {
    const auto disk = new_disk();
    {
        Store store(disk);
        REQUIRE(store.put("unsynced", "2", false).ok());
        disk->kill();
    }

    Store store(disk);
    REQUIRE(store.status.ok());
    CHECK(store.get("unsynced") == "2");
}

TEST_CASE("the old life can neither read nor write after a cut") {
    const auto disk = new_disk();
    Store old(disk);
    REQUIRE(old.put("key", "old").ok());
    disk->power_cut();

    Store store(disk);
    REQUIRE(store.status.ok());
    CHECK(old.put("key", "from the grave").IsIOError());
    CHECK(old.env->DeleteFile("/db/CURRENT").IsIOError());
    old.db.reset();

    CHECK(store.get("key") == "old");
    CHECK(store.put("key", "new").ok());
}

TEST_CASE("directory entries vanish or come back unless their directory was synced") {
    const auto disk = new_disk();
    const auto env = make_env(disk);
    REQUIRE(write_file(*env, "/stays", "stays", true).ok());
    REQUIRE(write_file(*env, "/removed", "removed", true).ok());
    REQUIRE(write_file(*env, "/target", "before", true).ok());
    sync_directory(*env, "/");

    REQUIRE(write_file(*env, "/new", "new", true).ok());
    REQUIRE(env->DeleteFile("/removed").ok());
    REQUIRE(write_file(*env, "/temporary", "after", true).ok());
    REQUIRE(env->RenameFile("/temporary", "/target").ok());
    CHECK(read_file(disk, "/target") == "after");

    SUBCASE("not synced") {
        disk->power_cut();
        CHECK(read_file(disk, "/stays") == "stays");
        CHECK(read_file(disk, "/removed") == "removed");
        CHECK(read_file(disk, "/target") == "before");
        CHECK(read_file(disk, "/new") == "missing");
    }
    SUBCASE("synced") {
        sync_directory(*env, "/");
        disk->power_cut();
        CHECK(read_file(disk, "/removed") == "missing");
        CHECK(read_file(disk, "/target") == "after");
        CHECK(read_file(disk, "/new") == "new");
        CHECK(read_file(disk, "/temporary") == "missing");
    }
    SUBCASE("a cut in the middle never tears a rename in two") {
        for (std::uint64_t seed = 0; seed < 100; ++seed) {
            const auto image = disk->copy();
            image->power_cut(seed);
            const bool renamed = read_file(image, "/target") == "after";
            CHECK((renamed || read_file(image, "/target") == "before"));
            CHECK_FALSE((renamed && read_file(image, "/temporary") != "missing"));
        }
    }
}

TEST_CASE("a truncation that was not synced can be undone by the cut") {
    const auto disk = new_disk();
    const auto env = make_env(disk);
    REQUIRE(write_file(*env, "/file", "whole text", true).ok());
    sync_directory(*env, "/");
    REQUIRE(env->Truncate("/file", 5).ok());
    CHECK(read_file(disk, "/file") == "whole");

    disk->power_cut();

    CHECK(read_file(disk, "/file") == "whole text");
}

TEST_CASE("without the sync of the log, acknowledged data is lost") {
    const auto disk = new_disk();
    disk->ignore_sync([](const SyncCall& call) { return call.kind == FileKind::wal; });
    {
        Store store(disk);
        REQUIRE(store.put("acknowledged", "1").ok());
        CHECK(disk->counters().ignored_syncs > 0);
        disk->power_cut();
    }

    Store store(disk);
    REQUIRE(store.status.ok());
    CHECK(store.get("acknowledged") == std::nullopt);
}

TEST_CASE("without the sync of the directory, the database itself is lost") {
    const auto disk = new_disk();
    disk->ignore_sync([](const SyncCall& call) { return call.kind == FileKind::directory; });
    {
        Store store(disk);
        REQUIRE(store.put("acknowledged", "1").ok());
        disk->power_cut();
    }

    Store store(disk);
    CHECK((!store.status.ok() || store.get("acknowledged") == std::nullopt));
}

TEST_CASE("without the sync of the manifest, the database does not open") {
    const auto disk = new_disk();
    disk->ignore_sync([](const SyncCall& call) { return call.kind == FileKind::manifest; });
    {
        Store store(disk);
        REQUIRE(store.put("acknowledged", "1").ok());
        disk->power_cut();
    }

    Store store(disk);
    CHECK((!store.status.ok() || store.get("acknowledged") == std::nullopt));
}

TEST_CASE("a thousand cuts at random never lose an acknowledged key") {
    std::mt19937_64 random(20'240'607);
    std::shared_ptr<ForgetfulDisk> disk;
    std::uint64_t acknowledged = 0;
    for (int cycle = 0; cycle < (genspool::tests::sanitized ? 100 : 1'000); ++cycle) {
        CAPTURE(cycle);
        if (cycle % 100 == 0) {  // table files only ever accumulate here
            disk = new_disk();
            acknowledged = 0;
        }
        // A small memtable in some lives, so that cuts also fall into flushes and log switches.
        Store store(disk, random() % 4 == 0 ? 64U << 10U : 4U << 20U);
        REQUIRE_MESSAGE(store.status.ok(), store.status.ToString());
        for (std::uint64_t n = 0; n < acknowledged; ++n) {
            REQUIRE_MESSAGE(store.get(key_of(n)).has_value(), key_of(n));
        }
        for (auto writes = random() % 12; writes > 0; --writes) {
            REQUIRE(store.put(key_of(acknowledged), std::string(random() % 4'000, 'x')).ok());
            ++acknowledged;
        }
        // An unacknowledged tail, of which the cut may leave a part.
        for (auto writes = random() % 3; writes > 0; --writes) {
            REQUIRE(store.put("tail-" + std::to_string(writes), std::string(500, 'y'), false).ok());
        }
        disk->power_cut(random());
    }
}

TEST_CASE("a log torn by the cut opens with all that was acknowledged") {
    const auto disk = new_disk();
    {
        Store store(disk);
        REQUIRE(store.put("acknowledged", "1").ok());
        REQUIRE(store.put("tail", std::string(2'000, 'x'), false).ok());
    }
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        CAPTURE(seed);
        const auto image = disk->copy();
        image->power_cut(seed);
        Store store(image);
        REQUIRE_MESSAGE(store.status.ok(), store.status.ToString());
        CHECK(store.get("acknowledged") == "1");
    }
}

TEST_CASE("the same seed leaves the same image twice") {
    const auto disk = new_disk();
    {
        Store store(disk);
        REQUIRE(store.put("a", "1").ok());
        REQUIRE(store.put("b", std::string(900, 'x'), false).ok());
        disk->kill();
    }
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const auto one = disk->copy();
        const auto two = disk->copy();
        one->power_cut(seed);
        two->power_cut(seed);
        std::vector<std::string> names;
        REQUIRE(make_env(one)->GetChildren("/db", &names).ok());
        for (const auto& name : names) {
            CAPTURE(name);
            CHECK(read_file(one, "/db/" + name) == read_file(two, "/db/" + name));
        }
    }
}

TEST_CASE("an injected failure reaches the writer, and only a full disk heals by itself") {
    auto fault = Fault::io_error;
    SUBCASE("EIO") {
        fault = Fault::io_error;
    }
    SUBCASE("ENOSPC") {
        fault = Fault::no_space;
    }
    SUBCASE("short write") {
        fault = Fault::short_write;
    }
    const auto disk = new_disk();
    Store store(disk);
    REQUIRE(store.put("before", "1").ok());

    disk->fail_after(1, fault);
    const auto failed = store.put("failing", std::string(100, 'x'));

    CHECK(failed.IsIOError());
    CHECK(failed.IsNoSpace() == (fault == Fault::no_space));
    // After ENOSPC the database resumes by itself, in the background, once there is space.
    CHECK((fault == Fault::no_space || !store.put("after", "1").ok()));
    disk->power_cut();
    Store again(disk);
    REQUIRE(again.status.ok());
    CHECK(again.get("before") == "1");
}

TEST_CASE("the failure of a sync counts as well as that of an append") {
    const auto disk = new_disk();
    Store store(disk);
    REQUIRE(store.put("before", "1").ok());
    const auto before = disk->counters();

    disk->fail_after(2, Fault::io_error);

    CHECK(store.put("failing", "1").IsIOError());
    CHECK(disk->counters().writes == before.writes + 1);
    CHECK(disk->counters().wal_syncs == before.wal_syncs + 1);
}

TEST_CASE("a judge of every change says which one fails, and no other does") {
    const auto disk = new_disk();
    Store store(disk);
    std::size_t syncs = 0;

    disk->set_judge([&](DiskCall call, const std::string& path) {
        const bool strikes = call == DiskCall::sync && path.ends_with(".log") && ++syncs == 2;
        return strikes ? std::optional(Fault::io_error) : std::nullopt;
    });

    CHECK(store.put("first", "1").ok());
    CHECK(store.put("second", "1").IsIOError());
    CHECK(syncs == 2);
}

TEST_CASE("a synced write is one append and one sync") {
    const auto disk = new_disk();
    Store store(disk);
    REQUIRE(store.put("first", "1").ok());  // also syncs the directory
    const auto before = disk->counters();

    for (int i = 0; i < 10; ++i) {
        REQUIRE(store.put("key", "1").ok());
    }

    CHECK(disk->counters().writes == before.writes + 10);
    CHECK(disk->counters().wal_syncs == before.wal_syncs + 10);
    CHECK(disk->counters().directory_syncs == before.directory_syncs);
}

TEST_CASE("one database at a time holds the lock") {
    const auto disk = new_disk();
    {
        const Store store(disk);
        REQUIRE(store.status.ok());
        CHECK(Store(disk).status.IsIOError());
    }
    CHECK(Store(disk).status.ok());
}

TEST_CASE("a checkpoint taken on the disk opens") {
    const auto disk = new_disk();
    Store store(disk);
    REQUIRE(store.put("key", "1").ok());
    rocksdb::Checkpoint* made = nullptr;
    REQUIRE(rocksdb::Checkpoint::Create(store.db.get(), &made).ok());
    const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);

    REQUIRE(checkpoint->CreateCheckpoint("/copy").ok());

    std::vector<std::string> names;
    REQUIRE(store.env->GetChildren("/copy", &names).ok());
    CHECK(names.size() >= 3);
    rocksdb::Options options;
    options.env = store.env.get();
    rocksdb::DB* opened = nullptr;
    REQUIRE(rocksdb::DB::OpenForReadOnly(options, "/copy", &opened).ok());
    const std::unique_ptr<rocksdb::DB> copy(opened);
    std::string value;
    CHECK(copy->Get({}, "key", &value).ok());
}

TEST_CASE("the disk may be cut while other threads write") {
    const auto disk = new_disk();
    std::uint64_t acknowledged = 0;
    {
        Store store(disk);
        REQUIRE(store.status.ok());
        std::thread writer([&] {
            while (store.put(key_of(acknowledged), "1").ok()) {
                ++acknowledged;
            }
        });
        while (disk->counters().wal_syncs < 100) {
            std::this_thread::yield();
        }
        disk->power_cut();
        writer.join();
    }

    Store store(disk);
    REQUIRE(store.status.ok());
    CHECK(acknowledged >= 99);
    for (std::uint64_t n = 0; n < acknowledged; ++n) {
        REQUIRE(store.get(key_of(n)).has_value());
    }
}
