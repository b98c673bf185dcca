#pragma once

#include "queue/core.hpp"
#include "queue/queue.hpp"

namespace genspool::queue {

/// Reads from a core between two of its batches; on the core's thread.
class CoreReader : public Reader {
public:
    explicit CoreReader(const Core& core) : core_(core) {}

    std::optional<JobView> find(proto::JobSeq job) const override;
    std::optional<proto::JobSeq> find_by_prefix(std::string_view prefix,
                                                bool& ambiguous) const override;
    Page list(const Filter& filter, proto::JobSeq before, std::size_t limit) const override;
    std::vector<EventRecord> events(proto::EventSeq after, std::size_t limit,
                                    std::optional<proto::JobSeq> job) const override;
    std::optional<BatchView> find_batch(proto::BatchSeq batch) const override;
    std::vector<BatchView> list_batches(proto::BatchSeq before, std::size_t limit,
                                        bool unsealed) const override;
    std::vector<RefusedLine> refused_lines(proto::BatchSeq batch, std::uint64_t after,
                                           std::size_t limit) const override;
    std::vector<proto::JobSeq> batch_jobs(proto::BatchSeq batch, proto::JobSeq after,
                                          std::size_t limit) const override;
    LedgerPage ledger(const LedgerFilter& filter, proto::JobSeq after,
                      std::size_t limit) const override;
    LedgerTotals ledger_totals(const TotalsFilter& filter, std::size_t limit) const override;
    std::optional<proto::JobSeq> find_by_key(const std::string& scope_hash) const override;
    std::vector<proto::JobRecord> orders(const std::string& order,
                                         std::size_t limit) const override;
    std::optional<BlobView> find_blob(const std::string& sha256) const override;
    std::optional<UploadView> find_upload(const UploadName& name) const override;
    proto::Result<BoundTo> bound_account(const AdmitOne& job) const override;
    proto::EventSeq cursor(std::string_view name) const override;
    std::vector<std::string> cursors() const override;
    std::vector<NoteEvent> event_notes(std::string_view name, proto::EventSeq after,
                                       std::size_t limit) const override;
    Stats stats() const override;
    Oldest oldest() const override;
    std::vector<AccountView> accounts() const override;
    std::vector<LearnedTimes> learned_times() const override;
    std::optional<Explanation> explain(proto::JobSeq job) const override;

private:
    std::optional<proto::JobRecord> record(proto::JobSeq job) const;
    /// The first job admitted at or after that moment, or the number after the last.
    proto::JobSeq first_at(proto::Instant at) const;
    std::optional<JobView> visible_job(proto::JobSeq job) const;
    std::optional<proto::JobSeq> first_in(proto::State state) const;
    BatchView complete(BatchView batch) const;

    const Core& core_;
};

}  // namespace genspool::queue
