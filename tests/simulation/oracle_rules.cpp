// What the oracle asks of single events and of the calls that go out.
#include <algorithm>
#include <utility>

#include "queue/reader.hpp"
#include "tests/simulation/oracle.hpp"
#include "tests/simulation/refs.hpp"
#include "workers/digest.hpp"
#include "workers/spool.hpp"

namespace genspool::simulation {

using proto::Event;
using proto::State;

namespace {

std::string name_of(const JobBook& job) {
    return "job " + job.id.text() + " (" + job.ref + "), send " + std::to_string(job.send);
}

/// Whether the upstream knows the job's last send by this: what stands in its prompt, or the send's
/// own name where the upstream keeps one.
bool is_ref_of(const JobBook& job, const std::string& ref) {
    return ref == job.ref || ref == job.id.text() + "#" + std::to_string(job.send);
}

/// The id that ends such a path; empty: it is another path.
std::string id_behind(std::string_view text, std::string_view name) {
    const std::size_t begin = text.find(name);
    if (begin == std::string_view::npos) return {};
    const std::string_view rest = text.substr(begin + name.size());
    return std::string(rest.substr(0, rest.find_first_of("/?")));
}

/// The digits behind `name` in `text`; empty: there are none.
std::string number_after(std::string_view text, std::string_view name) {
    const std::size_t begin = text.find(name);
    if (begin == std::string_view::npos) return {};
    const std::string_view rest = text.substr(begin + name.size());
    return std::string(rest.substr(0, rest.find_first_not_of("0123456789")));
}

/// The purchase whose work the job has by this send. A search may have found the task of an earlier
/// one: the job's own request, the same to the byte.
std::vector<Purchase>::const_iterator made_by(const JobBook& job,
                                              const std::vector<proto::Task>& tasks,
                                              proto::Send send) {
    const auto first = job.purchases.begin();
    const auto last = job.purchases.end();
    const auto made = std::find_if(first, last, [&](const Purchase& purchase) {
        return std::any_of(tasks.begin(), tasks.end(), [&](const proto::Task& task) {
            const auto& ids = purchase.tasks;
            return task.send == send && std::find(ids.begin(), ids.end(), task.id) != ids.end();
        });
    });
    if (made != last) return made;
    return std::find_if(first, last, [&](const Purchase& p) { return p.send == send; });
}

}  // namespace

void Oracle::check_claim(const JobBook& job, const queue::EventRecord& event) {
    const std::string what = name_of(job) + " was claimed ";
    if (job.deadline && *job.deadline <= event.at) broke(what + "after its deadline");
    if (job.not_before > event.at) broke(what + "before its time");
    if (!job.bound.empty() && job.bound != event.account) broke(what + "at another account");
    if (job.batch && !batches_.contains(job.batch)) broke(what + "before its batch was sealed");
    if (job.follows_voice && !voices_.at(job.voice).contains(event.account))
        broke(what + "where its voice was not made");
    if (unsure_) return;
    check_open(job, event.account, what);
    const daemon::AccountConfig* at = account(event.account);
    if (at != nullptr && at->slots.contains(job.slot_class))
        check_slots(job, event.account, at->slots.at(job.slot_class), event.at);
}

/// Where a voice is made, and who has to go there: whoever comes to wait for his turn afterwards
/// and is bound to no account.
void Oracle::note_voice(JobBook& job, const queue::EventRecord& event) {
    const bool makes = job.op == "minimax.voice_clone";
    const bool made = event.event == Event::delivered || event.event == Event::answered;
    if (makes && made) voices_[job.voice].insert(event.account);
    const bool waits = event.to == State::queued && event.from != State::queued;
    if (!makes && waits && job.bound.empty() && voices_.contains(job.voice))
        job.follows_voice = true;
}

/// Nothing is begun, or bought after it was prepared, where a person or the configuration says no.
void Oracle::check_open(const JobBook& job, const std::string& where, const std::string& what) {
    if (unsure_) return;
    if (paused_.contains("")) broke(what + "while the queue was paused");
    if (paused_.contains(where)) broke(what + "at a paused account");
    const daemon::AccountConfig* at = account(where);
    if (at == nullptr || !at->slots.contains(job.slot_class))
        broke(what + "at an account that is not configured");
}

/// What was bought just now was within every budget that is in force.
void Oracle::check_budgets(const queue::CoreReader& reader) {
    if (found_) return;
    const auto check = [&](const std::string& what, proto::Micros limit, proto::Micros sum) {
        if (sum > limit)
            broke(what + " of " + proto::format_micros(limit) +
                  " was exceeded: " + proto::format_micros(sum));
    };
    const auto of_day = [&](const std::string& account, proto::Instant at) {
        const std::string day = proto::format_day(at);
        proto::Micros sum = 0;
        for (const auto& total : reader.ledger_totals({day, day, account}, 100).totals) {
            if (total.unit == proto::Unit::usd)
                sum += total.spent + total.reserved + total.uncertain;
        }
        return sum;
    };
    for (const queue::EventRecord& event : bought_) {
        // Budgets are in dollars here, and useapi.net counts in credits.
        const JobBook* const job = find(event.job);
        if (job != nullptr && job->op.starts_with("useapi.")) continue;
        const std::string what = "with job " + event.id.text() + " the budget of ";
        const auto day = config_.budget.day.find(proto::Unit::usd);
        if (day != config_.budget.day.end())
            check(what + "the day", day->second, of_day({}, event.at));
        const daemon::AccountConfig* const at = account(event.account);
        if (at != nullptr && at->day_budget)
            check(what + "account " + at->name, *at->day_budget, of_day(at->name, event.at));
        const auto batch = event.batch ? reader.find_batch(event.batch) : std::nullopt;
        if (batch && batch->budget)
            check(what + "its batch", *batch->budget,
                  batch->spent + batch->reserved + batch->uncertain);
    }
}

/// Nothing of a job is bought before all that it comes after have succeeded, and it fails for none
/// that has not failed.
void Oracle::check_waits(const JobBook& job, const queue::EventRecord& event,
                         const queue::CoreReader& reader) {
    const bool first = event.event == Event::retry && !job.freed;
    const bool freed = event.event == Event::unblocked || event.event == Event::admitted || first;
    const bool failed = event.event == Event::dependency_failed;
    const bool blocked = event.event == Event::retry_blocked;
    if (!freed && !failed && !blocked) return;
    std::size_t good = 0;
    std::size_t bad = 0;
    for (const proto::JobId& id : job.after) {
        const JobBook* const other = find(id.seq());
        if (other == nullptr || other->id != id) {
            broke(name_of(job) + " comes after a job that never was: " + id.text());
            continue;
        }
        if (other->state == State::succeeded) ++good;
        if (other->state == State::failed || other->state == State::canceled) ++bad;
    }
    if (freed && good != job.after.size())
        broke(name_of(job) + " may go, but not all that it comes after have succeeded");
    if (failed && bad == 0 && !lacks_file(job, reader))
        broke(name_of(job) + " has failed for others, of which none has");
    if (blocked && good + bad == job.after.size())
        broke(name_of(job) + " waits for jobs that have ended");
}

bool Oracle::lacks_file(const JobBook& job, const queue::CoreReader& reader) const {
    return std::any_of(job.inputs.begin(), job.inputs.end(), [&](const proto::Input& input) {
        if (input.handed_in()) return false;
        const auto from = reader.find(input.job.seq());
        return !from || input.n >= from->record.artifacts.size() ||
               from->record.artifacts[input.n].status != proto::Artifact::Status::home;
    });
}

/// What is put into a request is what the upstream has sold as that job's.
void Oracle::check_inputs(JobBook& job, const queue::CoreReader& reader) {
    const auto view = reader.find(job.id.seq());
    if (!view) return;  // retention has it in the same turn
    job.inputs = view->record.inputs;
    for (const proto::Input& input : job.inputs) {
        if (input.handed_in()) {
            if (!kept_.contains(input.sha256))
                broke(name_of(job) + " takes a file that was never handed in");
            continue;
        }
        const JobBook* const from = find(input.job.seq());
        const bool sold =
            from != nullptr &&
            std::any_of(from->purchases.begin(), from->purchases.end(),
                        [&](const Purchase& purchase) {
                            return std::find(purchase.hashes.begin(), purchase.hashes.end(),
                                             input.sha256) != purchase.hashes.end();
                        });
        if (!sold && (from == nullptr || !from->misled))
            broke(name_of(job) + " takes a file that " + input.job.text() + " never was");
    }
}

/// By the log alone: this one, and those that are on the wire, upstream, or may be.
void Oracle::check_slots(const JobBook& job, const std::string& where, std::uint32_t limit,
                         proto::Instant now) {
    const std::string place = place_of(where);
    std::uint32_t taken = 1;
    std::string others;
    for (const proto::JobSeq other : active_) {
        const JobBook& book = jobs_.at(other);
        if (book.state == State::fetching || book.slot_class != job.slot_class) continue;
        if (place_of(book.account) != place) continue;
        if (book.sent_at + patience_of(book.op) <= now) continue;
        ++taken;
        others += ", " + name_of(book);
    }
    std::erase_if(lingering_, [now](const auto& one) { return one.second.expires <= now; });
    for (const auto& [sent, slot] : lingering_) {
        if (slot.slot_class != job.slot_class || place_of(slot.account) != place) continue;
        ++taken;
        others += ", a send at " + slot.account + " of which nobody knows";
    }
    if (taken > limit) {
        broke(name_of(job) + " was claimed beyond the limit of " + where + ": " +
              std::to_string(taken) + " of " + std::to_string(limit) + others);
    }
}

/// What was believed of a send, against what the upstream knows of it.
void Oracle::check_honest(JobBook& job, const queue::EventRecord& event) {
    if (job.misled) return;
    const Purchase* bought = find_purchase(job, event.send);
    const bool good = bought != nullptr && !bought->failed;
    const std::string what = name_of(job) + ": " + std::string(proto::to_string(event.event));
    switch (event.event) {
        case Event::taken:
        case Event::delivered:
        case Event::answered:
            if (bought == nullptr) broke(what + ", but the upstream has sold nothing");
            return;
        case Event::not_created:
        case Event::rejected:
            if (good) broke(what + ", but the upstream has taken it");
            return;
        case Event::proven_absent:
            if (good) broke(what + ", but the upstream has it");
            return;
        case Event::task_done:
            if (good && bought->until > options_.now())
                broke(what + ", but the upstream is at work on it");
            return;
        case Event::task_failed:
        case Event::task_failed_again:
            if (good) broke(what + ", but the upstream has not failed it");
            return;
        case Event::task_gone: {
            if (!good) return;
            const auto changed = key_changed_.find(job.account);
            const bool other_key =
                changed != key_changed_.end() && changed->second > bought->claimed;
            if (!other_key) broke(what + ", but the upstream still knows it");
            return;
        }
        default:
            return;
    }
}

/// Buying a second time is somebody's word: a person's who said `again`, or the job's own.
void Oracle::check_leave(const JobBook& job, const queue::EventRecord& event) {
    if (job.misled) return;
    if (event.event == Event::resubmit && !job.resubmits)
        broke(name_of(job) + " is to be bought again, though it asks to be held");
    if (event.event != Event::retry && event.event != Event::retry_blocked) return;
    // Who has said so once, and has not got it, need not say it again.
    const bool bought =
        std::any_of(job.purchases.begin(), job.purchases.end(),
                    [](const Purchase& one) { return !one.failed && !one.allowed_again; });
    if (bought && !polls_.said_again(event.job))
        broke(name_of(job) + " is to be bought a second time, and nobody has said `again`");
}

/// What becomes of a task is told by a query's answer, or by a person, and by nobody else: not by
/// whoever calls back.
void Oracle::check_told(const JobBook& job, const queue::EventRecord& event,
                        const queue::CoreReader& reader) {
    switch (event.event) {
        case Event::task_done:
        case Event::task_failed:
        case Event::task_failed_again:
        case Event::task_gone:
        case Event::account_changed:
        case Event::adopted:
            break;
        default:
            return;
    }
    if (!polls_.is_reported(event.job))
        broke(name_of(job) + ": " + std::string(proto::to_string(event.event)) +
              ", and nobody has reported that");
    const auto view = reader.find(event.job);
    if (event.event != Event::adopted || job.misled || !view) return;
    bool any = false;
    for (const proto::Task& task : view->record.tasks) {
        any = any || task.send == event.send;
        const auto owner = tasks_.find(task.id);
        if (owner == tasks_.end() || owner->second != event.job)
            broke(name_of(job) + " has adopted task " + task.id + ", which is not its own");
    }
    if (!any) broke(name_of(job) + " has adopted nothing");
}

void Oracle::check_expired(const JobBook& job, const queue::EventRecord& event) {
    if (event.at < job.ended_at + options_.queue.retain_jobs)
        broke(name_of(job) + " was forgotten before retention was over");
}

/// A paid reply that is the artifact is durable before anybody is told that it came.
void Oracle::check_spooled(const JobBook& job, const queue::EventRecord& event,
                           const queue::CoreReader& reader, const tests::SimFiles& files) {
    const auto view = reader.find(event.job);
    // What has come further in the same commit needs it no longer.
    if (!view || view->record.state != event.to) return;
    const auto& artifacts = view->record.artifacts;
    const bool needed = std::any_of(artifacts.begin(), artifacts.end(), [&](const auto& artifact) {
        return artifact.source.send == event.send &&
               artifact.source.from == proto::Source::From::reply &&
               artifact.status == proto::Artifact::Status::open;
    });
    if (!needed) return;
    const auto bytes = files.durable_now(workers::spool_path(job.id, event.send));
    if (!bytes || !workers::parse_spool(*bytes))
        broke(name_of(job) + ": a power cut would take its reply, which is said to have come");
}

/// Nobody is asked about a send whose whole reply is there, and understood.
void Oracle::check_despaired(const JobBook& job, const queue::EventRecord& event,
                             const queue::CoreReader& reader, const tests::SimFiles& files) {
    const auto bytes = files.durable_now(workers::spool_path(job.id, event.send));
    const auto spooled = bytes ? workers::parse_spool(*bytes) : std::nullopt;
    const auto view = reader.find(event.job);
    if (!spooled || !view) return;
    const proto::Codec* const codec = options_.registry.codec(job.op);
    if (std::holds_alternative<proto::Delivered>(codec->on_submit(view->spec, spooled->reply)))
        broke(name_of(job) + " is said to be unknown, and its reply lies in the spool");
}

void Oracle::check_artifacts(const JobBook& job, const queue::EventRecord& event,
                             const queue::CoreReader& reader, const tests::SimFiles& files) {
    const auto view = reader.find(event.job);
    if (!view) return;  // retention has it in the same turn
    fetched_.insert(event.job);
    std::size_t home = 0;
    for (const proto::Artifact& artifact : view->record.artifacts) {
        if (artifact.source.send != event.send) continue;
        if (artifact.status != proto::Artifact::Status::home) continue;
        ++home;
        const auto bytes = files.durable_now("artifacts/" + artifact.name);
        const std::string what = name_of(job) + ": the artifact " + artifact.name;
        if (!bytes) {
            broke(what + " is not there, or would not outlive a power cut");
        } else if (workers::sha256_hex(*bytes) != artifact.sha256) {
            broke(what + " is not what was verified, or would not outlive a power cut whole");
        }
        const bool sold =
            std::any_of(job.purchases.begin(), job.purchases.end(), [&](const Purchase& purchase) {
                const auto& hashes = purchase.hashes;
                return std::find(hashes.begin(), hashes.end(), artifact.sha256) != hashes.end();
            });
        if (!sold && !job.misled) broke(what + " is not what was bought");
    }
    const auto bought = made_by(job, view->record.tasks, event.send);
    // A task may make words, and no file.
    const bool words = !view->record.result.empty() &&
                       (job.misled || (bought != job.purchases.end() && bought->hashes.empty()));
    if (home == 0 && !words)
        broke(name_of(job) + " has succeeded, but nothing of this purchase is home");
    if (event.event != Event::fetched || job.misled) return;
    if (bought == job.purchases.end() || bought->hashes.size() != home)
        broke(name_of(job) + " has succeeded, but not everything is home");
}

void Oracle::paid_call(const std::string& body) {
    on_the_wire_ = {};
    const std::string ref = ref_in(body);
    const auto known = refs_.find(ref);
    if (known == refs_.end()) return broke("a paid request of no job on record: " + ref);
    JobBook& job = jobs_.at(known->second);
    if (options_.trace) tell("paid request of " + name_of(job));
    if (job.state != State::submitting)
        broke(name_of(job) + ": a paid request while it is " +
              std::string(proto::to_string(job.state)));
    if (job.on_wire >= job.send) broke(name_of(job) + ": a second paid request");
    job.on_wire = job.send;
    on_the_wire_ = known->second;
}

void Oracle::called_back(const std::string& task, bool forged) {
    const auto known = tasks_.find(task);
    if (known == tasks_.end()) return;
    jobs_.at(known->second).own_faults |= set_of(forged ? Fault::forgery : Fault::callback);
}

proto::JobSeq Oracle::owner_of_task(const std::string& account, const std::string& task) const {
    const auto known = tasks_.find(task);
    if (known == tasks_.end()) return {};
    const JobBook& job = jobs_.at(known->second);
    const bool there =
        std::any_of(job.purchases.begin(), job.purchases.end(), [&](const Purchase& one) {
            return one.account == account &&
                   std::find(one.tasks.begin(), one.tasks.end(), task) != one.tasks.end();
        });
    return there || job.misled ? known->second : proto::JobSeq();
}

/// Whose call this is; nullptr: nobody knows.
JobBook* Oracle::owner_of(const std::string& ref, const std::string& url) {
    const auto known = refs_.find(ref);
    if (known != refs_.end()) return &jobs_.at(known->second);
    for (const char* const name :
         {"task_id=", "/v1/batches/", "/v2/query/video_generation/", "/v2/video_generation/"}) {
        const auto task = tasks_.find(number_after(url, name));
        if (task != tasks_.end()) return &jobs_.at(task->second);
    }
    for (const char* const name :
         {"/videos/", "/images/", "/speech/", "/music/", "/agent/", "/scheduler/"}) {
        const auto task = tasks_.find(id_behind(url, name));
        if (task != tasks_.end()) return &jobs_.at(task->second);
    }
    for (const char* const name : {"file_id=", "/cdn/"}) {
        const auto file = files_.find(number_after(url, name));
        if (file != files_.end()) return &jobs_.at(file->second);
    }
    return nullptr;
}

void Oracle::lost(const std::string& ref, const std::string& url) {
    JobBook* const job = owner_of(ref, url);
    if (job != nullptr) job->own_faults |= set_of(Fault::network);
}

void Oracle::answered(const std::string& ref, const std::string& url, const std::string& body) {
    JobBook* const job = owner_of(ref, url);
    const bool faulty = std::exchange(unowned_fault_, false);
    if (job == nullptr) return;
    if (faulty) job->own_faults |= set_of(Fault::upstream);
    for (const std::string_view name :
         {"\"file_id\":\"", "\"file_id\":", "_file_id\":\"", "/cdn/"}) {
        for (std::size_t at = body.find(name); at != std::string::npos;
             at = body.find(name, at + 1)) {
            const std::string number = number_after(std::string_view(body).substr(at), name);
            if (!number.empty()) files_[number] = job->id.seq();
        }
    }
}

void Oracle::truth(const simulator::TruthRecord& record) {
    const auto known = jobs_.find(on_the_wire_);
    if (known == jobs_.end() || !is_ref_of(known->second, record.ref))
        return broke("a purchase of no job on the wire: " + record.ref);
    JobBook& job = known->second;
    std::vector<std::string> files;
    for (const proto::Input& input : job.inputs)
        files.push_back(input.sha256);
    if (files != record.files) broke(name_of(job) + " was bought with other files than it takes");
    Purchase purchase;
    purchase.send = job.send;
    purchase.claimed = job.claimed;
    purchase.failed = record.outcome != "taken";
    if (!record.task.empty()) purchase.tasks.push_back(record.task);
    purchase.tasks.insert(purchase.tasks.end(), record.others.begin(), record.others.end());
    purchase.account = job.account;
    purchase.place = record.account;
    purchase.slot_class = job.slot_class;
    purchase.until = record.until;
    purchase.expires = job.sent_at + patience_of(job.op);
    for (const simulator::ArtifactRecord& artifact : record.artifacts)
        purchase.hashes.push_back(artifact.sha256);
    for (const std::string& task : purchase.tasks)
        tasks_[task] = on_the_wire_;
    if (options_.trace) tell("bought: " + name_of(job) + " " + record.outcome + " " + record.task);
    if (find_purchase(job, job.send) != nullptr) broke(name_of(job) + " was bought twice");
    const bool stands =
        std::any_of(job.purchases.begin(), job.purchases.end(),
                    [](const Purchase& one) { return !one.failed && !one.allowed_again; });
    if (stands) broke(name_of(job) + " was bought again, and nobody has allowed it");
    check_upstream_slots(job, purchase);
    job.purchases.push_back(std::move(purchase));
}

/// What the upstream has under way of this key and class, while our own patience lasts.
void Oracle::check_upstream_slots(const JobBook& job, const Purchase& fresh) {
    const proto::Instant now = options_.now();
    std::uint32_t under_way = 1;
    std::string others;
    std::erase_if(under_way_, [&](const UnderWay& one) { return one.until <= now; });
    for (const UnderWay& one : under_way_) {
        const bool same = one.place == fresh.place && one.slot_class == fresh.slot_class;
        const bool ours = place_of(one.account) == one.place && one.expires > job.sent_at;
        // What was claimed later was judged with this one's slot taken.
        if (!same || !ours || one.claimed > job.claimed || jobs_.at(one.job).misled) continue;
        ++under_way;
        others += ", " + name_of(jobs_.at(one.job));
    }
    under_way_.push_back({on_the_wire_, fresh.tasks.empty() ? std::string() : fresh.tasks.front(),
                          fresh.account, fresh.place, fresh.slot_class, fresh.until, fresh.expires,
                          job.claimed});
    if (under_way <= job.limit || job.configuration != configuration_) return;
    // A new key may be used before the queue has heard of it: the claim went by the old one's
    // slots.
    if (fresh.place != place_of(job.account)) return;
    broke(name_of(job) + ": the upstream has " + std::to_string(under_way) + " under way of " +
          std::to_string(job.limit) + " that " + job.account + " may have" + others);
}

void Oracle::fault(const simulator::FaultRecord& record) {
    // The caller tells of these as they come.
    if (record.fault.starts_with("callback-")) return;
    if (on_the_wire_ && !record.sha256.empty()) {
        const auto known = jobs_.find(on_the_wire_);
        if (known != jobs_.end()) known->second.own_faults |= set_of(Fault::upstream);
        return;
    }
    const auto owner = tasks_.find(record.task);
    if (record.fault == "canceled") {
        // It was called off before it began, and costs nothing.
        for (Purchase& purchase : jobs_.at(owner->second).purchases)
            purchase.failed =
                purchase.failed || purchase.tasks == std::vector<std::string>{record.task};
        std::erase_if(under_way_, [&](const UnderWay& one) { return one.task == record.task; });
    } else if (owner != tasks_.end()) {
        jobs_.at(owner->second).own_faults |= set_of(Fault::upstream);
    } else {
        unowned_fault_ = true;
    }
}

Purchase* Oracle::find_purchase(JobBook& job, proto::Send send) {
    for (Purchase& purchase : job.purchases) {
        if (purchase.send == send) return &purchase;
    }
    return nullptr;
}

}  // namespace genspool::simulation
