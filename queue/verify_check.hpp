#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "queue/rows.hpp"
#include "queue/verify.hpp"

/// What the parts of verify() share. Each part is a file of its own.
namespace genspool::queue {

/// What the other checks must know of a job; small, for there may be millions.
struct KnownJob {
    proto::JobSeq seq;
    proto::JobId id;
    proto::BatchSeq batch;
    proto::State state = proto::State::absent;
    proto::Send send = 0;
    std::uint32_t charged = 0;
    TotalRow money;
    std::string account;
    proto::Instant created_at{};
    std::optional<proto::Instant> finished_at;
};

struct Check {
    const Store& store;
    Verdict verdict;
    Counters counters;
    std::vector<KnownJob> jobs;  ///< by number; known once check_jobs() has run
    std::map<proto::BatchSeq, BatchView> batches;

    void broken(std::string sentence) { verdict.broken.push_back(std::move(sentence)); }

    const KnownJob* find(proto::JobSeq job) const;
    /// "job 7 (01K…)", or its number alone where the job is not there.
    std::string name(proto::JobSeq job) const;
    std::string name(proto::BatchSeq batch) const;
    /// Everybody can see it: in no batch, or in one that was sealed.
    bool visible(proto::BatchSeq batch) const;

    /// Calls `look` with each row of the family whose key has `key_bytes` bytes, or at least so
    /// many if the family's keys end in text; any other key is named.
    enum class Ending { exact, text };
    void each(char family, std::size_t key_bytes, Ending ending,
              const std::function<void(std::string_view key, std::string_view value)>& look);

    /// The row, or nullopt, and it is named as `what`.
    template <class Row>
    std::optional<Row> read(std::string_view value, const std::string& what) {
        auto row = decode<Row>(value);
        if (!row) broken("the row of " + what + " is corrupt");
        return row;
    }
    /// The row under that key; nullopt if there is none, or it is corrupt.
    template <class Row>
    std::optional<Row> row(const std::string& key, const std::string& what) {
        const auto value = store.get(key);
        return value ? read<Row>(*value, what) : std::nullopt;
    }
};

// In the order in which they run: each may use what those before it found.
void check_batches(Check& check);  ///< the batches themselves, imports, refused lines
void check_jobs(Check& check);     ///< records, requests, index rows, rows of ends
void check_members(Check& check);  ///< batches against their jobs
void check_blobs(Check& check);    ///< files that were handed in, against the jobs that need them
void check_log(Check& check);      ///< events, histories, cursors, notes
void check_slots(Check& check);
void check_ledger(Check& check);  ///< its rows, and their sums
void check_completions(Check& check);

}  // namespace genspool::queue
