#include <map>
#include <unordered_map>

#include "queue/keys.hpp"
#include "queue/verify_check.hpp"

namespace genspool::queue {
namespace {

using proto::State;

/// What the rows of one job add up to.
struct Sums {
    std::uint32_t rows = 0;
    std::uint32_t kept = 0;  ///< not released
    TotalRow money;
    bool there = false;  ///< the row of its last send
    bool open = false;   ///< it is reserved
};

using Totals = std::map<std::string, TotalRow>;

void add(TotalRow& total, const LedgerRow& entry) {
    const proto::Micros amount = entry.amount.amount;
    if (entry.status == LedgerRow::Status::reserved) total.reserved += amount;
    if (entry.status == LedgerRow::Status::spent) total.spent += amount;
    if (entry.status == LedgerRow::Status::uncertain) total.uncertain += amount;
}

void add_to_totals(Totals& totals, const LedgerRow& entry) {
    const auto unit = static_cast<std::uint8_t>(entry.amount.unit);
    const std::string day = proto::format_day(entry.at);
    add(totals[keys::total('d', day, {}, unit)], entry);
    add(totals[keys::total('a', day, entry.account, unit)], entry);
    if (!entry.batch) return;
    std::string batch;
    keys::put_u64(batch, entry.batch.value);
    add(totals[keys::total('b', {}, batch, unit)], entry);
}

/// A key of a sum in words.
std::string name_of(const Check& check, std::string_view key) {
    constexpr std::size_t day_bytes = 10;
    const char kind = key.size() > 1 ? key[1] : '\0';
    if (kind == 'b' && key.size() == 11) return check.name(proto::BatchSeq{keys::get_u64(key, 3)});
    if ((kind != 'd' && kind != 'a') || key.size() < 3 + day_bytes) return "an unknown key";
    const std::string day(key.substr(2, day_bytes));
    if (kind == 'd') return day;
    return "account " + std::string(key.substr(3 + day_bytes)) + " on " + day;
}

void look_at(Check& check, const LedgerRow& entry, Sums& sum) {
    const std::string send = "send " + std::to_string(entry.send) + " of " + check.name(entry.job);
    if (entry.job.value >= check.counters.next_job)
        check.broken("the ledger speaks of " + send + ", a job that never was");
    const KnownJob* const job = check.find(entry.job);
    if (job == nullptr) return;  // the ledger outlives its jobs
    if (entry.send > job->send) check.broken("the ledger speaks of " + send + ", which never was");
    if (entry.batch != job->batch) check.broken("the ledger counts " + send + " to another batch");
    if (entry.send != job->send) return;
    sum.there = true;
    sum.open = entry.status == LedgerRow::Status::reserved;
    if (entry.account != job->account)
        check.broken("the ledger counts " + send + " to another account");
}

void compare(Check& check, const KnownJob& job, const Sums& sum) {
    const std::string name = check.name(job.seq);
    if (sum.money != job.money)
        check.broken(name + " and its ledger rows disagree about the money");
    if (job.charged < sum.kept) check.broken(name + " was charged more often than it says");
    if (job.charged > sum.rows) check.broken(name + " was charged more often than the ledger says");
    if (job.send != 0 && job.state != State::preparing && !sum.there)
        check.broken("send " + std::to_string(job.send) + " of " + name + " is not in the ledger");
    if (job.state == State::submitting && !sum.open)
        check.broken(name + " is on the wire without a reserve in the ledger");
}

void compare_totals(Check& check, Totals totals) {
    check.each(keys::total_family, 3, Check::Ending::text,
               [&](std::string_view key, std::string_view value) {
                   const auto stored = check.read<TotalRow>(value, "a sum of the ledger");
                   if (!stored) return;
                   const auto found = totals.find(std::string(key));
                   if (found == totals.end() || found->second != *stored)
                       check.broken("the ledger's sum for " + name_of(check, key) +
                                    " is not the sum of its rows");
                   if (found != totals.end()) totals.erase(found);
               });
    for (const auto& [key, total] : totals)
        check.broken("the ledger's sum for " + name_of(check, key) + " is missing");
}

}  // namespace

void check_ledger(Check& check) {
    std::unordered_map<proto::JobSeq, Sums> sums;
    Totals totals;
    check.each(keys::ledger_family, 13, Check::Ending::exact,
               [&](std::string_view key, std::string_view value) {
                   ++check.verdict.ledger_rows;
                   const proto::JobSeq job{keys::get_u64(key, 1)};
                   const auto entry =
                       check.read<LedgerRow>(value, "a purchase for " + check.name(job));
                   if (!entry) return;
                   if (key != keys::ledger(entry->job, entry->send))
                       check.broken("a ledger row of " + check.name(entry->job) +
                                    " lies under another's key");
                   ++check.verdict.purchases[static_cast<std::size_t>(entry->status)];
                   add(check.verdict.money[static_cast<std::size_t>(entry->amount.unit)], *entry);
                   Sums& sum = sums[entry->job];
                   ++sum.rows;
                   if (entry->status != LedgerRow::Status::released) ++sum.kept;
                   add(sum.money, *entry);
                   look_at(check, *entry, sum);
                   add_to_totals(totals, *entry);
               });
    static const Sums nothing;
    for (const KnownJob& job : check.jobs) {
        const auto found = sums.find(job.seq);
        compare(check, job, found == sums.end() ? nothing : found->second);
    }
    compare_totals(check, std::move(totals));
}

void check_slots(Check& check) {
    std::unordered_map<proto::JobSeq, proto::Send> last;  // of each job the newest send with a slot
    check.each(keys::slot_family, 13, Check::Ending::exact,
               [&](std::string_view key, std::string_view value) {
                   ++check.verdict.slots;
                   const proto::JobSeq job{keys::get_u64(key, 1)};
                   const proto::Send send = keys::get_u32(key, 9);
                   const auto slot = check.read<SlotRow>(value, "a slot of " + check.name(job));
                   last[job] = send;
                   if (job.value >= check.counters.next_job)
                       check.broken("a slot is taken by " + check.name(job) + ", which never was");
                   const KnownJob* const known = check.find(job);
                   if (known == nullptr) return;  // a slot outlives its job
                   if (send > known->send)
                       check.broken(check.name(job) + " has a slot for a send that never was");
                   if (slot && send == known->send && slot->account != known->account)
                       check.broken(check.name(job) + " has its slot at another account");
               });
    for (const KnownJob& job : check.jobs) {
        if (job.state != State::preparing && job.state != State::submitting) continue;
        const auto found = last.find(job.seq);
        if (found == last.end() || found->second != job.send)
            check.broken(check.name(job.seq) + " is on the wire without a slot");
    }
}

}  // namespace genspool::queue
