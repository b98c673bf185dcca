#include <array>

#include "queue/keys.hpp"
#include "queue/verify_check.hpp"

namespace genspool::queue {
namespace {

void check_refused_lines(Check& check) {
    std::map<proto::BatchSeq, std::uint64_t> lines;
    check.each(keys::refused_line_family, 17, Check::Ending::exact,
               [&](std::string_view key, std::string_view value) {
                   const proto::BatchSeq batch{keys::get_u64(key, 1)};
                   ++lines[batch];
                   check.read<RefusedLine>(value, "a refused line of " + check.name(batch));
               });
    for (const auto& [seq, batch] : check.batches) {
        const auto found = lines.find(seq);
        const std::uint64_t there = found == lines.end() ? 0 : found->second;
        if (batch.sealed && there != batch.refused) {
            check.broken(check.name(seq) + " counts " + std::to_string(batch.refused) +
                         " refused lines and has " + std::to_string(there));
        }
    }
}

void check_imports(Check& check) {
    check.each(
        keys::import_family, 1, Check::Ending::text,
        [&](std::string_view key, std::string_view value) {
            const auto row = check.read<TaskRow>(value, "an import");
            if (!row) return;
            const proto::BatchSeq seq{row->job.value};
            const auto batch = check.batches.find(seq);
            if (batch == check.batches.end() || batch->second.identity != key.substr(1))
                check.broken("an import leads to " + check.name(seq) + ", which is not its own");
        });
    for (const auto& [seq, batch] : check.batches) {
        if (!batch.identity.empty() && !check.store.get(keys::import(batch.identity)))
            check.broken(check.name(seq) + " cannot be found by the file it came from");
    }
}

}  // namespace

void check_batches(Check& check) {
    check.each(
        keys::batch_family, 9, Check::Ending::exact,
        [&](std::string_view key, std::string_view value) {
            const std::uint64_t number = keys::get_u64(key, 1);
            ++check.verdict.batches;
            auto batch = check.read<BatchView>(value, "batch " + std::to_string(number));
            if (!batch) return;
            if (batch->seq.value != number || batch->id.batch_seq() != batch->seq)
                check.broken("batch " + std::to_string(number) + " lies under another batch's key");
            if (number >= check.counters.next_batch)
                check.broken("batch " + std::to_string(number) + " has a number not given yet");
            check.batches.emplace(proto::BatchSeq{number}, std::move(*batch));
        });
    check_refused_lines(check);
    check_imports(check);
}

void check_members(Check& check) {
    std::map<proto::BatchSeq, std::array<std::uint64_t, proto::state_count>> counts;
    for (const KnownJob& job : check.jobs) {
        if (!job.batch) continue;
        ++counts[job.batch][static_cast<std::size_t>(job.state)];
        if (!check.store.get(keys::member(job.batch, job.seq))) {
            check.broken(check.name(job.seq) + " is no member of its own batch");
        }
    }
    check.each(keys::member_family, 17, Check::Ending::exact,
               [&](std::string_view key, std::string_view) {
                   const proto::BatchSeq batch{keys::get_u64(key, 1)};
                   const proto::JobSeq member{keys::get_u64(key, 9)};
                   const KnownJob* const job = check.find(member);
                   if (job == nullptr || job->batch != batch)
                       check.broken(check.name(batch) + " lists " + check.name(member) +
                                    ", which is not its own");
               });
    for (const auto& [seq, batch] : check.batches) {
        // A dropped batch loses its members in steps; nobody counts them any more.
        if (!batch.sealed && batch.source == BatchSource::http) continue;
        if (batch.by_state != counts[seq])
            check.broken(check.name(seq) + " counts its jobs wrongly");
    }
}

}  // namespace genspool::queue
