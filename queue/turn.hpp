#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "queue/memory.hpp"
#include "queue/plan.hpp"
#include "queue/random.hpp"

namespace genspool::queue {

/// One batch of commands being worked on: the commit in the making, what is known, and the moment.
struct Turn {
    Store& store;
    Plan plan;
    Memory& memory;
    const QueueOptions& options;
    proto::Instant now;
    Random& random;
};

/// What goes with an event that befalls a job.
struct Cause {
    std::string detail;     ///< for people; kept in the log and as the job's reason
    proto::Instant due{};   ///< when its next step is due; the epoch: at once
    bool billed = false;    ///< MoneyMove::as_billed
    bool unbilled = false;  ///< MoneyMove::as_told, as_canceled
    bool unclear = false;   ///< MoneyMove::as_canceled: the end upstream is not known
};

/// The only function that changes a job's state: looks the event up in the lifecycle table and
/// moves state, slot, money, indexes, counters and log together. False, and nothing done: the table
/// has no such row. `record` is the plan's own.
bool apply(Turn& turn, proto::JobRecord& record, proto::Event event, const Cause& cause = {});

/// Puts a job where its state says into lanes, flights and agenda. `due` as in Cause.
void place(Turn& turn, const proto::JobRecord& record, proto::Instant due);

/// Puts a queued job into its lane, or on the agenda if its time has not come.
void place_waiting(Turn& turn, proto::JobSeq job, const IndexRow& row);

/// The row that a start finds of this job.
IndexRow index_row(const proto::JobRecord& record);

/// The number of a lane, which is a new one if there is none of that key yet.
LaneId lane_id(Turn& turn, LaneKey key);

/// What another attempt at the job is expected to cost.
Cost cost_of(const proto::JobRecord& record);
/// What the job asks of an account.
Demand demand_of(const Memory& memory, const proto::JobRecord& record);
const QueueOptions::Op& op_of(const Turn& turn, const proto::JobRecord& record);
const QueueOptions::Op& find_op(const QueueOptions& options, std::string_view name);

/// The earliest moment at which one of the artifacts still to come is gone; never if none says.
proto::Instant earliest_expiry(const proto::JobRecord& record);

/// What another purchase would bring the whole cost to, and whether max_cost forbids it.
bool cost_forbids(const proto::JobRecord& record);

/// Stores the account's state, for the next start.
void keep_account(Turn& turn, const std::string& account);

/// Gives a slot back, if it is still taken.
void give_slot(Turn& turn, proto::JobSeq job, proto::Send send);
/// The job is in this state now: its slots are kept for nothing that is known of, or are not.
void mark_held_slots(Memory& memory, proto::JobSeq job, proto::State state);

Answer refused(Errc errc, std::string detail);
Answer changed(const proto::JobRecord& record, Errc errc = Errc::ok);

// The handlers, one file for each verb.
Answer handle(Turn& turn, const Admit& command);
Answer handle(Turn& turn, const OpenBatch& command);
Answer handle(Turn& turn, const AdmitChunk& command);
Answer handle(Turn& turn, const Seal& command);
Answer handle(Turn& turn, const DropBatch& command);
/// Writes a note on a batch that is there, or takes it away.
void put_note(Turn& turn, const NoteBatch& note);
Answer handle(Turn& turn, const NoteBatch& command);
Answer handle(Turn& turn, const KeepBlob& command);
Answer handle(Turn& turn, const KeepUpload& command);
Answer handle(Turn& turn, const KeepThing& command);
Answer handle(Turn& turn, const ForgetUpload& command);
Answer handle(Turn& turn, const Claim& command);
Answer handle(Turn& turn, const Advance& command);
Answer handle(Turn& turn, const Act& command);
Answer handle(Turn& turn, const Patch& command);
Answer handle(Turn& turn, const AnswerHad& command);
Answer handle(Turn& turn, const SetBatchBudget& command);
Answer handle(Turn& turn, const Pause& command);
Answer handle(Turn& turn, const SetDiskGate& command);
Answer handle(Turn& turn, const Configure& command);
Answer handle(Turn& turn, const NoteClock& command);
Answer handle(Turn& turn, const SeeAccount& command);
Answer handle(Turn& turn, const Consume& command);
Answer handle(Turn& turn, const DropCursor& command);
Answer handle(Turn& turn, const Blame& command);
Answer handle(Turn& turn, const Hint& command);
Answer handle(Turn& turn, const Tick& command);

/// Whether jobs of this lane that cost so much (0: whatever they do) can go now; the claim's view
/// of all gates that are not a job's own.
bool lane_open(const Memory& memory, const QueueOptions& options, LaneId lane, proto::Instant now,
               Cost cost);
/// Puts a queued job that was set aside back into its lane.
void put_back(Turn& turn, proto::JobSeq job);
/// Of two accounts the one may have had no money left for a job, and the other has a slot by now.
void reopen_affordable(Turn& turn);
/// Whether the disk has room for what a job of this lane may bring.
bool has_room(const Memory& memory, const QueueOptions& options, LaneId lane);
/// Bringing home comes before buying: while so much finished work piles up, nothing is bought.
bool finished_work_waits(const Memory& memory, proto::Instant now);
bool submitting_allowed(const Memory& memory, proto::Instant now);

/// Looks at everything whose due time has come, in bounded steps.
void run_agenda(Turn& turn);
/// Fills lanes of sealed batches, deletes dropped ones, forgets what retention has overtaken; in
/// bounded steps. True: there is more to do at once.
bool run_upkeep(Turn& turn);

/// Rebuilds the memory from the disk. Plans what a start changes (imports over HTTP that were cut
/// off).
void load(Turn& turn);

}  // namespace genspool::queue
