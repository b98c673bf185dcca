#include "queue/search.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "proto/record.hpp"
#include "queue/keys.hpp"
#include "queue/settle.hpp"

namespace genspool::queue {
namespace {

using proto::Duration;
using proto::Event;
using proto::Instant;
using proto::JobRecord;
using proto::Listed;
using proto::Send;
using proto::State;

/// An entry is made while its request is under way, give or take what two clocks differ by.
constexpr Duration made_before{60'000};
constexpr Duration made_after{180'000};
/// A request may reach the list so late after nobody waited for its answer any more.
constexpr Duration listed_after{300'000};
/// No list that is read now shows what was bought before this.
constexpr Duration remembered = late_evidence + search_horizon;
/// What lies between a clock's reading and its arrival.
constexpr Duration reading_slack{30'000};

/// One without a time fits any send.
bool fits(const Listed& entry, Instant sent_at) {
    return !entry.made_at ||
           (*entry.made_at >= sent_at - made_before && *entry.made_at <= sent_at + made_after);
}

/// Whether the entry may be of that other send.
bool may_fit(const Listed& entry, const Claimant& rival) {
    return !rival.sent_at || fits(entry, *rival.sent_at);
}

std::string seconds_after(Instant made_at, Instant sent_at) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(made_at - sent_at);
    return std::to_string(seconds.count()) + " s after the send";
}

/// What a person would adopt: of one purchase all of its tasks.
std::string names(const std::vector<Listed>& entries) {
    std::string all;
    for (const Listed& entry : entries) {
        all += (all.empty() ? "" : ", ") + entry.task;
        for (const std::string& other : entry.others)
            all += " with " + other;
    }
    return all;
}

std::vector<std::string> tasks_of(const Listed& entry) {
    std::vector<std::string> tasks{entry.task};
    tasks.insert(tasks.end(), entry.others.begin(), entry.others.end());
    return tasks;
}

Judgement open(std::string words) {
    return {Judgement::Kind::open, {}, std::move(words)};
}

/// Whether it shows a text that is not the send's, though the upstream may have made it of that.
bool is_retold(const Listed& entry, const Sought& sought) {
    return !entry.listed_as.empty() && entry.listed_as != sought.shown_as;
}

/// There is an entry of the right time; it is the send's if nobody else's.
Judgement judge_found(const Sought& sought, std::vector<Listed> mine,
                      const std::vector<Claimant>& rivals) {
    const std::string all = names(mine);
    std::erase_if(mine, [&](const Listed& entry) { return is_retold(entry, sought); });
    if (mine.empty())
        return open("its list shows " + all + ", whose text may have been made of this job's");
    std::size_t equals = 1;
    for (const Claimant& rival : rivals) {
        const bool may = std::any_of(mine.begin(), mine.end(),
                                     [&](const Listed& entry) { return may_fit(entry, rival); });
        if (!may) continue;
        if (!rival.same_request)
            return open("its list shows " + names(mine) + ", which may be of this job or of job " +
                        rival.job);
        // When an untimed one was sent nobody knows, so a second entry may be a stranger's.
        if (rival.sent_at) ++equals;
    }
    if (mine.size() > equals)
        return open("its list shows more than one that may be of this job: " + names(mine));
    const Listed& entry = mine.front();
    if (entry.listed_as.empty() || !entry.made_at)
        return open("its list shows " + entry.task + ", but not enough of it");
    std::string words = "its list shows task " + entry.task + ", made " +
                        seconds_after(*entry.made_at, sought.at) +
                        ", and no other job can have bought it";
    if (equals > 1) words += " but by the very same request";
    return {Judgement::Kind::found, tasks_of(entry), std::move(words)};
}

std::string spec_of(Turn& turn, proto::JobSeq job) {
    const auto spec = proto::decode_spec(turn.plan.get(keys::spec(job)).value_or(std::string()));
    return spec ? spec->request : std::string();
}

bool has_task(const JobRecord& record, Send send) {
    return std::any_of(record.tasks.begin(), record.tasks.end(),
                       [send](const proto::Task& task) { return task.send == send; });
}

using Place = Slots::Place;
using Names = std::vector<std::string>;

/// All sends of this class at these accounts that wait for their answer still, or got none. The
/// latter for a week, and whatever a person said of them: people are wrong at times.
std::set<Place> unsettled(Turn& turn, const Names& accounts, const std::string& slot_class) {
    std::set<Place> sends;
    turn.memory.slots.each([&](const Place& place, const SlotRow& slot) {
        if (slot.slot_class != slot_class) return;
        if (std::find(accounts.begin(), accounts.end(), slot.account) == accounts.end()) return;
        const JobRecord* const record = turn.plan.record(place.first);
        if (record != nullptr && !has_task(*record, place.second)) sends.insert(place);
    });
    for (const std::string& account : accounts) {
        const std::string first = keys::doubt(account);
        const auto take = [&](std::string_view key, std::string_view) {
            sends.emplace(proto::JobSeq{keys::get_u64(key, first.size())},
                          keys::get_u32(key, first.size() + 8));
            return true;
        };
        turn.store.scan(first, keys::prefix_end(first), take);
    }
    return sends;
}

/// The other sends that may have bought what this one looks for.
std::vector<Claimant> rivals_of(Turn& turn, const JobRecord& record, const Names& accounts) {
    std::vector<Claimant> rivals;
    const Instant clock_set = turn.memory.capacity.state(record.account).clock_noted_at;
    const std::string& slot_class = turn.memory.lanes.at(record.lane).slot_class;
    for (const auto& [job, send] : unsettled(turn, accounts, slot_class)) {
        if (job == record.seq && send == record.send) continue;
        const JobRecord* const other = turn.plan.record(job);
        if (other == nullptr || other->listed_as != record.listed_as) continue;
        const auto row = turn.plan.row<LedgerRow>(keys::ledger(job, send));
        if (!row) continue;  // nothing is sent yet
        if (turn.now - row->at > remembered) {
            turn.plan.del(keys::doubt(row->account, job, send));
            continue;
        }
        const bool same =
            other->inputs == record.inputs && spec_of(turn, job) == spec_of(turn, record.seq);
        const bool timed = row->at > clock_set;
        rivals.push_back({timed ? std::optional(row->at) : std::nullopt, same, other->id.text()});
    }
    return rivals;
}

/// Some job has it, or one of its tasks.
bool is_owned(Turn& turn, const Listed& entry, const Names& accounts) {
    const std::vector<std::string> tasks = tasks_of(entry);
    return std::any_of(accounts.begin(), accounts.end(), [&](const std::string& account) {
        return std::any_of(tasks.begin(), tasks.end(), [&](const std::string& task) {
            return turn.plan.get(keys::task(account, task)).has_value();
        });
    });
}

/// What of it no job has. An entry may stand there twice, where the list grew while it was read.
std::vector<Listed> unowned(Turn& turn, const std::vector<Listed>& alike, const Names& accounts) {
    std::vector<Listed> left;
    for (const Listed& entry : alike) {
        const bool twice = std::any_of(left.begin(), left.end(), [&](const Listed& other) {
            return other.task == entry.task;
        });
        if (!twice && !is_owned(turn, entry, accounts)) left.push_back(entry);
    }
    return left;
}

/// Whether a time of the upstream's can be told in ours of when the send was recorded.
bool clock_known(const AccountState& account, const JobRecord& record, const Searched& report) {
    return report.clock_ahead &&
           !clocks_differ(Duration(account.clock_ahead_ms), *report.clock_ahead) &&
           account.clock_noted_at < record.sent_at;
}

/// Whether the entry of a purchase that is not on record would fit this send as well.
bool may_be_forgotten(const Counters& counters, const JobRecord& record) {
    constexpr Duration reach = made_before + made_after;
    return counters.forgotten_until != Instant{} &&
           record.sent_at >= counters.forgotten_from - reach &&
           record.sent_at <= counters.forgotten_until + reach;
}

Judgement judge_now(Turn& turn, const JobRecord& record, const Searched& report) {
    if (report.own) {
        std::string words = "its list shows task " + report.own->task +
                            " with the name of this send, " + proto::reference_of(record);
        if (is_owned(turn, *report.own, {record.account}))
            return open(words + ", but another job has it");
        return {Judgement::Kind::found, tasks_of(*report.own), std::move(words)};
    }
    const AccountState& account = turn.memory.capacity.state(record.account);
    if (account.key_changed_at >= record.sent_at)
        return open("the key of account " + record.account +
                    " changed since, so its list may be of another");
    if (!clock_known(account, record, report))
        return open("a clock was set since, so the times in its list tell nothing");
    const Names accounts =
        turn.memory.capacity.same_upstream(record.account, turn.now - remembered);
    std::vector<Listed> entries = unowned(turn, report.alike, accounts);
    for (Listed& entry : entries)
        if (entry.made_at) *entry.made_at -= *report.clock_ahead;
    const Sought sought{record.sent_at, record.listed_as, in_doubt_since(turn, record)};
    Judgement verdict = judge(sought, entries, rivals_of(turn, record, accounts), report);
    if (verdict.kind == Judgement::Kind::found && may_be_forgotten(turn.memory.counters, record))
        return open(verdict.words + "; but what was bought before " +
                    proto::format_rfc3339(turn.memory.counters.forgotten_until) +
                    " is not on record, as the queue was put back to " +
                    proto::format_rfc3339(turn.memory.counters.forgotten_from));
    return verdict;
}

void look_again(Turn& turn, JobRecord& record, Instant at) {
    if (record.state == State::unknown && record.ready_at <= turn.now) {
        // The window ended while this search was under way.
        give_up_search(turn, record);
    } else if (record.state == State::unknown || turn.now - record.sent_at < late_evidence) {
        turn.memory.flights.set(record.seq, WorkKind::reconcile, at, {});
    } else {
        turn.memory.flights.remove(record.seq);
    }
}

}  // namespace

bool clocks_differ(Duration ahead, Duration ahead_later) {
    return ahead > ahead_later + reading_slack || ahead_later > ahead + reading_slack;
}

Judgement judge(const Sought& sought, const std::vector<Listed>& unowned,
                const std::vector<Claimant>& rivals, const Searched& report) {
    std::vector<Listed> mine;
    std::vector<Listed> nobodys;
    for (const Listed& entry : unowned) {
        const bool anothers = std::any_of(rivals.begin(), rivals.end(), [&](const Claimant& rival) {
            return rival.sent_at && fits(entry, *rival.sent_at);
        });
        if (fits(entry, sought.at)) {
            mine.push_back(entry);
        } else if (!anothers && !is_retold(entry, sought) &&
                   *entry.made_at >= sought.at - search_horizon) {
            nobodys.push_back(entry);
        }
    }
    if (!mine.empty()) return judge_found(sought, std::move(mine), rivals);
    if (!nobodys.empty())
        return open("its list shows " + names(nobodys) +
                    ", which nobody here has bought, and whose time does not fit");
    if (!report.whole) return open("its list could not be read as far back as the send");
    // Not by when the last page came: the send may have been listed on the first one meanwhile.
    if (report.begun - std::max(sought.at, sought.in_doubt) < listed_after)
        return open("its list does not show it yet");
    return {Judgement::Kind::absent,
            {},
            "its list of " + std::to_string(report.listed) +
                " shows none that this send can have "
                "bought"};
}

void note_doubt(Turn& turn, const JobRecord& record, State from, Event event) {
    if (record.listed_as.empty()) return;
    const bool unanswered = event == Event::ambiguous || event == Event::poisoned;
    if (from == State::submitting && unanswered)
        turn.plan.put(keys::doubt(record.account, record.seq, record.send), {});
}

void search_ended(Turn& turn, JobRecord& record, const Searched& report) {
    const Judgement verdict = judge_now(turn, record, report);
    if (verdict.kind == Judgement::Kind::open) {
        if (record.state == State::unknown && record.reason != verdict.words) {
            record.reason = verdict.words;
            turn.plan.touched(record.seq);
        }
        look_again(turn, record, report.search_at);
        return;
    }
    record.failure.reset();
    turn.plan.del(keys::doubt(record.account, record.seq, record.send));
    if (verdict.kind == Judgement::Kind::absent) {
        back_off(turn, record);
        apply(turn, record, Event::proven_absent, {verdict.words});
        return;
    }
    adopt_tasks(turn, record, verdict.tasks);
    apply(turn, record, Event::adopted, {verdict.words, report.poll_at});
}

void search_failed(Turn& turn, JobRecord& record, Instant search_at) {
    look_again(turn, record, search_at);
}

bool is_evidence(const JobRecord& record, Instant now) {
    return !record.listed_as.empty() && record.charged > 0 &&
           now - record.sent_at < late_evidence + made_after;
}

bool awaits_evidence(const JobRecord& record) {
    const bool poisoned = record.failure && record.failure->failure == proto::FailureClass::poison;
    return record.state == State::held && !record.unsent && record.charged > 0 &&
           !record.listed_as.empty() && !poisoned && !has_task(record, record.send);
}

}  // namespace genspool::queue
