#include "queue/plan.hpp"

#include <algorithm>

#include "proto/record.hpp"
#include "queue/keys.hpp"

namespace genspool::queue {

std::optional<std::string> Plan::get(const std::string& key) const {
    if (const auto found = writes_.find(key); found != writes_.end()) return found->second;
    return store_.get(key);
}

void Plan::put(std::string key, std::string value) {
    writes_.insert_or_assign(std::move(key), std::move(value));
}

void Plan::del(std::string key) {
    writes_.insert_or_assign(std::move(key), std::nullopt);
}

void Plan::del_all(const std::string& prefix) {
    for (auto& [key, value] : writes_)
        if (key.starts_with(prefix)) value.reset();
    store_.scan(prefix, keys::prefix_end(prefix), [this](std::string_view key, std::string_view) {
        del(std::string(key));
        return true;
    });
}

proto::JobRecord* Plan::record(proto::JobSeq job) {
    if (const auto found = records_.find(job); found != records_.end()) {
        return &found->second.record;
    }
    const std::string key = keys::record(job);
    const std::optional<std::string> bytes = get(key);
    if (!bytes) return nullptr;
    std::optional<proto::JobRecord> record = proto::decode_record(*bytes);
    if (!record) throw StoreFailed("a corrupt job record");
    return &records_.emplace(job, Record{std::move(*record), false}).first->second.record;
}

std::optional<Plan::Glance> Plan::glance(proto::JobSeq job) const {
    const auto brief = [](const proto::JobRecord& record) {
        return Glance{record.id, record.batch, record.state};
    };
    if (const auto found = records_.find(job); found != records_.end())
        return brief(found->second.record);
    const std::optional<std::string> bytes = get(keys::record(job));
    if (!bytes) return std::nullopt;
    const std::optional<proto::JobRecord> record = proto::decode_record(*bytes);
    if (!record) throw StoreFailed("a corrupt job record");
    return brief(*record);
}

void Plan::touched(proto::JobSeq job) {
    records_.at(job).touched = true;
}

proto::JobRecord& Plan::add(proto::JobRecord record) {
    const proto::JobSeq job = record.seq;
    return records_.insert_or_assign(job, Record{std::move(record), true}).first->second.record;
}

void Plan::remove(proto::JobSeq job) {
    records_.erase(job);
    del(keys::record(job));
}

BatchView* Plan::batch(proto::BatchSeq batch) {
    if (const auto found = batches_.find(batch); found != batches_.end()) return &found->second;
    std::optional<BatchView> stored = row<BatchView>(keys::batch(batch));
    if (!stored) return nullptr;
    return &batches_.emplace(batch, std::move(*stored)).first->second;
}

BatchView& Plan::add(BatchView batch) {
    const proto::BatchSeq seq = batch.seq;
    return batches_.insert_or_assign(seq, std::move(batch)).first->second;
}

void Plan::remove(proto::BatchSeq batch) {
    batches_.erase(batch);
    del(keys::batch(batch));
}

void Plan::add_total(const std::string& key, const TotalRow& delta) {
    auto found = totals_.find(key);
    if (found == totals_.end()) {
        found = totals_.emplace(key, total(key)).first;
    }
    found->second.reserved += delta.reserved;
    found->second.spent += delta.spent;
    found->second.uncertain += delta.uncertain;
}

TotalRow Plan::total(const std::string& key) const {
    const auto found = totals_.find(key);
    return found == totals_.end() ? row<TotalRow>(key).value_or(TotalRow{}) : found->second;
}

void Plan::append(EventRecord event) {
    event.seq.value = counters_.next_event++;
    if (event.job) put(keys::history(event.job, event.seq), {});
    put(keys::event(event.seq), encode(event));
}

std::vector<KeyWrite> Plan::finish() {
    std::vector<KeyWrite> writes;
    writes.reserve(writes_.size() + records_.size() + batches_.size() + totals_.size() + 1);
    for (auto& [key, value] : writes_)
        writes.emplace_back(key, std::move(value));
    for (const auto& [job, known] : records_) {
        if (known.touched) writes.emplace_back(keys::record(job), proto::encode(known.record));
    }
    for (const auto& [seq, batch] : batches_)
        writes.emplace_back(keys::batch(seq), encode(batch));
    for (const auto& [key, total] : totals_)
        writes.emplace_back(key, encode(total));
    if (!writes.empty()) writes.emplace_back(keys::meta("counters"), encode(counters_));
    // In order, neighbours find their places in the database from each other's.
    std::ranges::stable_sort(writes, {}, &KeyWrite::first);
    return writes;
}

}  // namespace genspool::queue
