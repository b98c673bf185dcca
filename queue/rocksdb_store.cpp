#include "queue/rocksdb_store.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include <cstdarg>

#include "queue/kill_point.hpp"
#include "queue/row_cache.hpp"

namespace genspool::queue {
namespace {

void check(const rocksdb::Status& status, const char* what) {
    if (!status.ok()) throw StoreFailed(std::string(what) + ": " + status.ToString());
}

rocksdb::Slice slice(std::string_view text) {
    return {text.data(), text.size()};
}
std::string_view view(const rocksdb::Slice& text) {
    return {text.data(), text.size()};
}

/// RocksDB's own log is not kept: its next line after one that the disk did not take aborts the
/// process (7.8: an assertion in WritableFileWriter). What matters comes as a status.
class NoLog : public rocksdb::Logger {
public:
    NoLog() : Logger(rocksdb::InfoLogLevel::HEADER_LEVEL) {}
    using rocksdb::Logger::Logv;
    void Logv(rocksdb::InfoLogLevel, const char*, std::va_list) override {}
    void LogHeader(const char*, std::va_list) override {}
};

class NoRecovery : public rocksdb::EventListener {
public:
    void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                              bool* auto_recovery) override {
        *auto_recovery = false;
    }
};

rocksdb::Options database_options(const StoreOptions& wanted) {
    rocksdb::Options options;
    options.create_if_missing = !wanted.read_only;
    if (wanted.env != nullptr) options.env = wanted.env;
    options.write_buffer_size = wanted.write_buffer_bytes;
    options.max_write_buffer_number = 3;
    options.max_total_wal_size = 4 * wanted.write_buffer_bytes;
    options.info_log = std::make_shared<NoLog>();
    options.max_open_files = 256;
    options.track_and_verify_wals_in_manifest = true;
    options.compression = rocksdb::kNoCompression;
    options.bytes_per_sync = 1U << 20U;
    // There is one writer. Keys of a family mostly grow, so the place of the last insertion is near
    // that of the next.
    options.allow_concurrent_memtable_write = false;
    options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(2));
    rocksdb::BlockBasedTableOptions table;
    table.block_cache = rocksdb::NewLRUCache(16U << 20U);
    // In the cache they would push each other out: with 200,000 custom_ids a look-up then read a
    // whole filter from the file. Kept by the open tables they cost about a byte a key.
    table.cache_index_and_filter_blocks = false;
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    if (!wanted.background) {
        options.disable_auto_compactions = true;
        options.max_file_opening_threads = 1;
        options.avoid_flush_during_shutdown = true;
        options.stats_dump_period_sec = 0;
        options.stats_persist_period_sec = 0;
        options.write_buffer_size = 1U << 30U;
        options.max_total_wal_size = 0;
        // After ENOSPC it would wait on a thread of its own for a flush that never comes, and the
        // database's end for that thread.
        options.listeners.push_back(std::make_shared<NoRecovery>());
    }
    return options;
}

void merge_tables(rocksdb::DB& db, std::size_t most) {
    rocksdb::ColumnFamilyMetaData tables;
    db.GetColumnFamilyMetaData(&tables);
    if (tables.levels.front().files.size() <= most) return;
    std::vector<std::string> names;
    for (const int level : {0, 1}) {
        for (const auto& table : tables.levels[static_cast<std::size_t>(level)].files)
            names.push_back(table.name);
    }
    rocksdb::CompactionOptions options;
    options.compression = rocksdb::kNoCompression;
    check(db.CompactFiles(options, names, 1), "merging the database's tables");
}

}  // namespace

struct Store::Impl {
    std::unique_ptr<rocksdb::Env> memory;  ///< of a store without a disk; outlives the database
    std::unique_ptr<rocksdb::DB> db;
    RowCache lately_read;
};

Store::Store(const StoreOptions& options) : impl_(std::make_unique<Impl>()) {
    rocksdb::DB* db = nullptr;
    rocksdb::Options wanted = database_options(options);
    if (options.in_memory) {
        impl_->memory.reset(rocksdb::NewMemEnv(rocksdb::Env::Default()));
        wanted.env = impl_->memory.get();
    }
    GENSPOOL_KILL_POINT("queue.before_open");
    const rocksdb::Status status = options.read_only
                                       ? rocksdb::DB::OpenForReadOnly(wanted, options.path, &db)
                                       : rocksdb::DB::Open(wanted, options.path, &db);
    check(status, "opening the database");
    GENSPOOL_KILL_POINT("queue.opened");
    impl_->db.reset(db);
    if (options.tables_max != 0) merge_tables(*db, options.tables_max);
}

Store::~Store() = default;

std::optional<std::string> Store::get(std::string_view key) const {
    if (const std::string* known = impl_->lately_read.find(key)) return *known;
    std::string value;
    const rocksdb::Status status = impl_->db->Get(rocksdb::ReadOptions(), slice(key), &value);
    if (status.IsNotFound()) return std::nullopt;
    check(status, "reading");
    impl_->lately_read.add(key, value);
    return value;
}

void Store::scan(
    std::string_view first, std::string_view last,
    const std::function<bool(std::string_view key, std::string_view value)>& row) const {
    rocksdb::ReadOptions options;
    const rocksdb::Slice upper = slice(last);
    options.iterate_upper_bound = &upper;
    const std::unique_ptr<rocksdb::Iterator> it(impl_->db->NewIterator(options));
    for (it->Seek(slice(first)); it->Valid(); it->Next()) {
        if (!row(view(it->key()), view(it->value()))) break;
    }
    check(it->status(), "scanning");
}

void Store::scan_back(
    std::string_view first, std::string_view last,
    const std::function<bool(std::string_view key, std::string_view value)>& row) const {
    rocksdb::ReadOptions options;
    const rocksdb::Slice lower = slice(first);
    const rocksdb::Slice upper = slice(last);
    options.iterate_lower_bound = &lower;
    options.iterate_upper_bound = &upper;
    const std::unique_ptr<rocksdb::Iterator> it(impl_->db->NewIterator(options));
    for (it->SeekToLast(); it->Valid(); it->Prev()) {
        if (!row(view(it->key()), view(it->value()))) break;
    }
    check(it->status(), "scanning");
}

void Store::commit(const std::vector<KeyWrite>& writes) {
    rocksdb::WriteBatch batch;
    for (const auto& [key, value] : writes) {
        if (value) {
            check(batch.Put(key, *value), "gathering a commit");
        } else {
            check(batch.Delete(key), "gathering a commit");
        }
    }
    rocksdb::WriteOptions options;
    options.sync = impl_->memory == nullptr;
    options.disableWAL = impl_->memory != nullptr;  // nobody opens it again
    GENSPOOL_KILL_POINT("queue.before_commit");
    check(impl_->db->Write(options, &batch), "committing");
    for (const auto& [key, value] : writes) {
        if (value) {
            impl_->lately_read.changed(key, *value);
        } else {
            impl_->lately_read.removed(key);
        }
    }
    GENSPOOL_KILL_POINT("queue.after_commit");
}

void Store::copy_to(const std::string& directory) const {
    rocksdb::Checkpoint* made = nullptr;
    check(rocksdb::Checkpoint::Create(impl_->db.get(), &made), "preparing a copy");
    const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
    check(checkpoint->CreateCheckpoint(directory), "copying the database");
}

}  // namespace genspool::queue
