#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "proto/job.hpp"
#include "queue/rocksdb_store.hpp"
#include "queue/rows.hpp"

namespace genspool::queue {

/// One commit while it is being planned: what is on disk, overlaid with what will be. Nothing is
/// written before the whole of it is. Queue's thread only.
class Plan {
public:
    Plan(const Store& store, Counters& counters) : store_(store), counters_(counters) {}

    std::optional<std::string> get(const std::string& key) const;
    void put(std::string key, std::string value);
    void del(std::string key);
    /// All keys that begin so, those of this commit included.
    void del_all(const std::string& prefix);

    /// A row of the queue's own kinds. A corrupt one throws StoreFailed.
    template <class Row>
    std::optional<Row> row(const std::string& key) const;

    /// The job's record, to be read and changed; nullptr: there is none. Whoever changes it says so
    /// by touched(). The pointer is good until the commit.
    proto::JobRecord* record(proto::JobSeq job);
    void touched(proto::JobSeq job);
    /// What others ask of a job that nothing is done with: it is not kept in memory for that.
    struct Glance {
        proto::JobId id;
        proto::BatchSeq batch;
        proto::State state = proto::State::absent;
    };
    std::optional<Glance> glance(proto::JobSeq job) const;
    proto::JobRecord& add(proto::JobRecord record);
    void remove(proto::JobSeq job);

    /// The batch's row, to be read and changed; it is written with the commit.
    BatchView* batch(proto::BatchSeq batch);
    BatchView& add(BatchView batch);
    void remove(proto::BatchSeq batch);

    /// Adds to a sum of the ledger.
    void add_total(const std::string& key, const TotalRow& delta);
    TotalRow total(const std::string& key) const;

    /// Appends to the log; gives the event its number.
    void append(EventRecord event);

    /// Everything to be written, counters included; empty if nothing changed.
    std::vector<KeyWrite> finish();

private:
    struct Record {
        proto::JobRecord record;
        bool touched = false;
    };

    const Store& store_;
    Counters& counters_;
    std::unordered_map<std::string, std::optional<std::string>> writes_;
    std::unordered_map<proto::JobSeq, Record> records_;
    std::unordered_map<proto::BatchSeq, BatchView> batches_;
    std::unordered_map<std::string, TotalRow> totals_;
};

template <class Row>
std::optional<Row> Plan::row(const std::string& key) const {
    const std::optional<std::string> bytes = get(key);
    if (!bytes) return std::nullopt;
    std::optional<Row> row = decode<Row>(*bytes);
    if (!row) throw StoreFailed("a corrupt row");
    return row;
}

}  // namespace genspool::queue
