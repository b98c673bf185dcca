// What the oracle asks of everything that lies on the disk.
#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "proto/record.hpp"
#include "queue/keys.hpp"
#include "queue/reader.hpp"
#include "queue/rows.hpp"
#include "queue/verify.hpp"
#include "tests/simulation/oracle.hpp"
#include "workers/blob_store.hpp"
#include "workers/digest.hpp"
#include "workers/spool_sweep.hpp"

namespace genspool::simulation {

using proto::State;

namespace {

std::string name_of(const JobBook& job) {
    return "job " + job.id.text() + " (" + job.ref + ")";
}

bool any_lost(const proto::JobRecord& record, bool (*of)(const proto::Artifact&)) {
    return std::any_of(record.artifacts.begin(), record.artifacts.end(), [&](const auto& artifact) {
        return artifact.status == proto::Artifact::Status::lost && of(artifact);
    });
}

bool behind_link(const proto::Artifact& artifact) {
    return artifact.source.from == proto::Source::From::link;
}

/// The upstream said of it at once that there is none, as of images that could not be made.
bool never_made(const proto::Artifact& artifact) {
    return artifact.failure && artifact.failure->failure == proto::FailureClass::rejected;
}

/// Whether all that the upstream made for the job's last send is here.
bool has_all(const JobBook& job, const proto::JobRecord& record) {
    const auto bought = std::find_if(job.purchases.begin(), job.purchases.end(),
                                     [&](const Purchase& one) { return one.send == record.send; });
    const auto home = std::count_if(record.artifacts.begin(), record.artifacts.end(),
                                    [&](const proto::Artifact& artifact) {
                                        return artifact.source.send == record.send &&
                                               artifact.status == proto::Artifact::Status::home;
                                    });
    return bought != job.purchases.end() && static_cast<std::size_t>(home) == bought->hashes.size();
}

bool takes_lost_file(const proto::JobRecord& record) {
    const std::string& code = record.failure->code;
    return (code == "input.missing" || code == "input.changed") &&
           std::any_of(record.inputs.begin(), record.inputs.end(),
                       [](const proto::Input& input) { return input.handed_in(); });
}

}  // namespace

void Oracle::check_start(const queue::Core& core, const tests::SimFiles& files) {
    // The last commit of a process that died may be there though it heard of an error: with the
    // accounts and the pauses that were asked for in it.
    unsure_ = true;
    observe(core, files);
    const queue::CoreReader reader(core);
    if (reader.stats().last_event < last_) broke("events are gone that were seen");
    check_settings(reader);
    check_jobs(core.store());
    check_batches(reader);
    check_files(core.store(), files);
    check_blobs(core, files);
}

void Oracle::check_all(const queue::Core& core, const tests::SimFiles& files) {
    for (const std::string& sentence : queue::verify(core.store()).broken)
        broke(sentence);
    check_jobs(core.store());
    check_batches(queue::CoreReader(core));
    check_files(core.store(), files);
    check_blobs(core, files);
}

/// Pauses that were acknowledged are still there; one that was not may have come to pass.
void Oracle::check_settings(const queue::CoreReader& reader) {
    std::set<std::string> found;
    if (reader.stats().paused) found.insert("");
    for (const queue::AccountView& account : reader.accounts()) {
        if (account.paused) found.insert(account.name);
    }
    for (const auto& [account, count] : asked_) {
        if (count == 0) continue;
        paused_.erase(account);
        if (found.contains(account)) paused_.insert(account);
    }
    asked_.clear();
    if (paused_ != found) broke("a pause or its end was forgotten by a start");
}

void Oracle::check_jobs(const queue::Store& store) {
    for (const proto::JobSeq seq : living_)
        check_job(jobs_.at(seq), store);
    for (const proto::JobSeq seq : departed_)
        check_job(jobs_.at(seq), store);
    departed_.clear();
}

void Oracle::check_job(const JobBook& job, const queue::Store& store) {
    const auto bytes = store.get(queue::keys::record(job.id.seq()));
    const auto record = bytes ? proto::decode_record(*bytes) : std::nullopt;
    const State state = record ? record->state : State::absent;
    if (state != job.state) {
        broke(name_of(job) + " was " + std::string(proto::to_string(job.state)) + " and is " +
              std::string(proto::to_string(state)));
    }
    if (record && (record->id != job.id || record->send != job.send))
        broke(name_of(job) + " has another id or another send than in the log");
    const bool known = record && !job.misled;
    if (known && record->charged < job.purchases.size())
        broke(name_of(job) + " was bought more often than it was charged");
    check_purchases(job, store);
}

void Oracle::check_purchases(const JobBook& job, const queue::Store& store) {
    for (const Purchase& purchase : job.purchases) {
        const auto row = store.get(queue::keys::ledger(job.id.seq(), purchase.send));
        const auto entry = row ? queue::decode<queue::LedgerRow>(*row) : std::nullopt;
        if (!entry) broke(name_of(job) + " has a purchase that is not in the ledger");
        const bool released = entry && entry->status == queue::LedgerRow::Status::released;
        if (released && !purchase.failed && !job.misled)
            broke(name_of(job) + " has a purchase that the ledger calls released");
    }
}

void Oracle::check_batches(const queue::CoreReader& reader) {
    std::set<proto::BatchSeq> alive;
    for (const proto::JobSeq seq : living_)
        alive.insert(jobs_.at(seq).batch);
    for (auto known = batches_.begin(); known != batches_.end();) {
        const auto& [seq, members] = *known;
        const auto batch = reader.find_batch(seq);
        const bool true_to_it = !batch || (batch->sealed && batch->accepted == members);
        if (!true_to_it) broke("batch " + std::to_string(seq.value) + " has lost its seal");
        if (!batch && alive.contains(seq))
            broke("batch " + std::to_string(seq.value) + " is gone before its jobs");
        known = batch ? std::next(known) : batches_.erase(known);
    }
}

/// What was brought home since the last look is still there, whatever happened to the power.
void Oracle::check_files(const queue::Store& store, const tests::SimFiles& files) {
    for (const proto::JobSeq job : fetched_) {
        const auto bytes = store.get(queue::keys::record(job));
        const auto record = bytes ? proto::decode_record(*bytes) : std::nullopt;
        if (!record) continue;
        for (const proto::Artifact& artifact : record->artifacts) {
            if (artifact.status != proto::Artifact::Status::home) continue;
            const workers::FileBytes file = files.read_now("artifacts/" + artifact.name);
            if (file.error || workers::sha256_hex(file.bytes) != artifact.sha256)
                broke(name_of(jobs_.at(job)) + ": the artifact " + artifact.name + " is gone");
        }
    }
    fetched_.clear();
}

/// A file that was handed in is there for as long as was promised; and as long as the queue knows
/// it, it outlives a power cut.
void Oracle::check_blobs(const queue::Core& core, const tests::SimFiles& files) {
    for (const auto& [sha256, since] : kept_) {
        const bool known = core.store().get(queue::keys::blob(sha256)).has_value();
        if (!known && core.now() < since + options_.queue.retain_blobs)
            broke("a file that was handed in is forgotten: " + sha256);
        if (!known) continue;
        const auto bytes = files.durable_now(workers::blob_path(sha256));
        if (!bytes || workers::sha256_hex(*bytes) != sha256)
            broke("a file that was handed in would not outlive a power cut: " + sha256);
    }
}

void Oracle::check_end(const queue::Core& core, const tests::SimFiles& files,
                       const tests::PosixMount& folders) {
    // Each artifact once more, whenever it was looked at last.
    fetched_.insert(living_.begin(), living_.end());
    check_all(core, files);
    std::set<std::string> succeeded;
    for (const auto& [seq, job] : jobs_) {
        check_purchases(job, core.store());
        const auto bytes = core.store().get(queue::keys::record(seq));
        const auto record = bytes ? proto::decode_record(*bytes) : std::nullopt;
        if (!record) continue;  // that it may be gone has been checked
        if (record->state == State::succeeded) succeeded.insert(record->id.text());
        const std::string fault = end_fault(job, *record);
        if (!fault.empty()) broke(name_of(job) + " " + fault + ": " + record->reason);
    }
    for (const std::string& ref : dropped_) {
        if (!refs_.contains(ref)) broke("a job in a file was never taken: " + ref);
    }
    check_leftovers(core.store(), files, succeeded);
    check_results(folders);
    hooks_.check_end();
}

void Oracle::check_leftovers(const queue::Store& store, const tests::SimFiles& files,
                             const std::set<std::string>& succeeded) {
    for (const std::string& name : files.list_now("artifacts")) {
        const bool part = name.ends_with(".part");
        if (part && succeeded.contains(name.substr(1, 26)))
            broke("a part file is left of a job that has succeeded: " + name);
    }
    for (const std::string& name : files.list_now("spool")) {
        const auto id = proto::JobId::parse(name.substr(0, 26));
        const auto bytes = id ? store.get(queue::keys::record(id->seq())) : std::nullopt;
        const auto record = bytes ? proto::decode_record(*bytes) : std::nullopt;
        // What retention has left is swept once a day; what was set aside stays with its job.
        const bool swept = record && name.find(".old") == std::string::npos;
        if (!swept) continue;
        const auto send = static_cast<proto::Send>(std::stoul(name.substr(27)));
        if (!workers::spool_wanted(*record, send))
            broke("a spooled reply is left that nobody wants: " + name);
    }
}

/// Why a job should not have come to this end; empty: it may.
std::string Oracle::end_fault(const JobBook& job, const proto::JobRecord& record) const {
    if (!proto::is_terminal(record.state))
        return "has not ended but is " + std::string(proto::to_string(record.state));
    if (job.misled || record.state == State::canceled) return {};
    const bool links = any_lost(record, behind_link);
    const bool unmade = any_lost(record, never_made);
    if (record.state == State::succeeded) {
        // A file is its key's: with another key it cannot be asked for.
        const bool other_key = key_changed_.contains(job.account);
        if (record.partial && !links && !unmade && !other_key && !has_all(job, record))
            return "has not brought everything home";
        return {};
    }
    const bool failed_upstream = std::any_of(job.purchases.begin(), job.purchases.end(),
                                             [](const Purchase& one) { return one.failed; });
    const proto::FailureClass why =
        record.failure ? record.failure->failure : proto::FailureClass::none;
    switch (why) {
        case proto::FailureClass::rejected:
            // A retry may come after its file has gone.
            if (takes_lost_file(record) && !job.retried)
                return "has lost a file that was kept for it";
            return {};
        case proto::FailureClass::deadline:
        case proto::FailureClass::dependency:
            return {};
        case proto::FailureClass::unknown:  // declared lost
            return {};
        case proto::FailureClass::artifact:
            if (key_changed_.contains(job.account)) return {};
            if (links || unmade || failed_upstream) return {};
            return "was bought and could not be brought home";
        case proto::FailureClass::expired:
            if (key_changed_.contains(job.account)) return {};
            return "is said to have expired upstream";
        default:
            if (failed_upstream) return {};
            return "has failed without a reason (" + std::string(proto::to_string(why)) + ")";
    }
}

}  // namespace genspool::simulation
