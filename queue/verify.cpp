#include "queue/verify.hpp"

#include <algorithm>

#include "queue/keys.hpp"
#include "queue/verify_check.hpp"

namespace genspool::queue {

const KnownJob* Check::find(proto::JobSeq job) const {
    const auto found =
        std::lower_bound(jobs.begin(), jobs.end(), job,
                         [](const KnownJob& known, proto::JobSeq seq) { return known.seq < seq; });
    return found == jobs.end() || found->seq != job ? nullptr : &*found;
}

std::string Check::name(proto::JobSeq job) const {
    const KnownJob* const known = find(job);
    std::string name = "job " + std::to_string(job.value);
    if (known != nullptr) name += " (" + known->id.text() + ")";
    return name;
}

std::string Check::name(proto::BatchSeq batch) const {
    const auto known = batches.find(batch);
    std::string name = "batch " + std::to_string(batch.value);
    if (known != batches.end()) name += " (" + known->second.id.text() + ")";
    return name;
}

bool Check::visible(proto::BatchSeq batch) const {
    const auto found = batches.find(batch);
    return !batch || (found != batches.end() && found->second.sealed);
}

void Check::each(char family, std::size_t key_bytes, Ending ending,
                 const std::function<void(std::string_view, std::string_view)>& look) {
    store.scan(keys::family_begin(family), keys::family_end(family),
               [&](std::string_view key, std::string_view value) {
                   const bool fits =
                       ending == Ending::exact ? key.size() == key_bytes : key.size() >= key_bytes;
                   if (fits) {
                       look(key, value);
                   } else {
                       broken(std::string("a key of family ") + family + " has " +
                              std::to_string(key.size()) + " bytes");
                   }
                   return true;
               });
}

Verdict verify(const Store& store) {
    Check check{store, {}, {}, {}, {}};
    if (const auto counters = check.row<Counters>(keys::meta("counters"), "the counters")) {
        check.counters = *counters;
    }
    check.verdict.last_event.value = check.counters.next_event - 1;
    check_batches(check);
    check_jobs(check);
    check_members(check);
    check_blobs(check);
    check_log(check);
    check_slots(check);
    check_ledger(check);
    check_completions(check);
    return std::move(check.verdict);
}

}  // namespace genspool::queue
