#include "queue/ledger.hpp"

#include <algorithm>

#include "queue/keys.hpp"
#include "queue/rows.hpp"

namespace genspool::queue {
namespace {

/// A page looks at no more rows than this, so that a filter that fits nothing stays cheap.
constexpr std::size_t rows_a_page = 5'000;
constexpr std::size_t day_bytes = 10;  // "2026-12-01"

/// The numbers of the jobs whose rows are looked at, both included.
struct Jobs {
    std::uint64_t first = 1;
    std::uint64_t last = UINT64_MAX - 1;
};

Jobs jobs_to_look_at(const Store& store, const LedgerFilter& filter, proto::JobSeq after) {
    Jobs jobs;
    if (filter.jobs && filter.jobs->first == filter.jobs->second) {
        jobs = {filter.jobs->first.seq().value, filter.jobs->first.seq().value};
    }
    if (filter.batch) {
        const auto bytes = store.get(keys::batch(*filter.batch));
        const auto batch = bytes ? decode<BatchView>(*bytes) : std::nullopt;
        if (batch) {
            jobs.first = std::max(jobs.first, batch->first_job.value);
            jobs.last = std::min(jobs.last, batch->last_job.value);
        }
    }
    jobs.first = std::max(jobs.first, after.value + 1);
    return jobs;
}

bool fits(const LedgerFilter& filter, const LedgerRow& row) {
    if (filter.from && row.at < *filter.from) return false;
    if (filter.before && row.at >= *filter.before) return false;
    if (!filter.account.empty() && row.account != filter.account) return false;
    if (filter.batch && row.batch != *filter.batch) return false;
    if (filter.jobs && (row.id < filter.jobs->first || row.id > filter.jobs->second)) return false;
    return !filter.status || row.status == *filter.status;
}

bool is_unit(char byte) {
    return byte >= 0 && byte <= static_cast<char>(proto::Unit::credits);
}

}  // namespace

LedgerPage read_ledger(const Store& store, const LedgerFilter& filter, proto::JobSeq after,
                       std::size_t limit) {
    LedgerPage page;
    const Jobs jobs = jobs_to_look_at(store, filter, after);
    if (jobs.first > jobs.last) return page;
    std::optional<LedgerRow> before;
    std::size_t looked = 0;
    const auto look = [&](std::string_view, std::string_view value) {
        auto row = decode<LedgerRow>(value);
        if (!row) throw StoreFailed("a corrupt ledger row");
        const bool same_job = before && before->job == row->job;
        if (before && !same_job && (page.lines.size() >= limit || looked >= rows_a_page)) {
            page.next = before->job;
            return false;
        }
        ++looked;
        if (fits(filter, *row)) {
            LedgerLine& line = page.lines.emplace_back();
            line.row = *row;
            if (same_job) line.after = before->send;
            if (same_job) line.after_status = before->status;
        }
        before = std::move(row);
        return true;
    };
    store.scan(keys::ledger({jobs.first}, 0), keys::ledger({jobs.last + 1}, 0), look);
    return page;
}

LedgerTotals read_ledger_totals(const Store& store, const TotalsFilter& filter, std::size_t limit) {
    LedgerTotals page;
    const std::string accounts = keys::total('a', {}, {}, 0).substr(0, 2);
    const auto look = [&](std::string_view key, std::string_view value) {
        const auto row = decode<TotalRow>(value);
        const std::size_t unit_at = accounts.size() + day_bytes;
        if (!row || key.size() <= unit_at || !is_unit(key[unit_at]))
            throw StoreFailed("a corrupt sum of the ledger");
        LedgerTotal total;
        total.day = key.substr(accounts.size(), day_bytes);
        if (page.totals.size() >= limit && page.totals.back().day != total.day) {
            page.next = total.day;
            return false;
        }
        total.account = key.substr(unit_at + 1);
        if (!filter.account.empty() && total.account != filter.account) return true;
        total.unit = static_cast<proto::Unit>(key[unit_at]);
        total.reserved = row->reserved;
        total.spent = row->spent;
        total.uncertain = row->uncertain;
        page.totals.push_back(std::move(total));
        return true;
    };
    store.scan(accounts + filter.first, keys::prefix_end(accounts + filter.last), look);
    return page;
}

}  // namespace genspool::queue
