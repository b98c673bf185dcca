#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/config.hpp"
#include "queue/core.hpp"
#include "queue/reader.hpp"
#include "tests/simulation/books.hpp"
#include "tests/simulation/coverage.hpp"
#include "tests/simulation/hook_watch.hpp"
#include "tests/simulation/poll_watch.hpp"
#include "tests/simulator/records.hpp"
#include "tests/support/posix_mount.hpp"
#include "tests/support/sim_files.hpp"

namespace genspool::simulation {

/// Accounts with the same are one at the upstream: the key, or where that opens several the linked
/// account.
std::string place_at(const daemon::AccountConfig& account);

/// Holds what the daemon does against what it promised: the event log as it grows, every paid
/// request as it goes out, every purchase as the upstream books it, and at a start and now and then
/// everything on the disk. Knows nothing of the queue but what it has said.
class Oracle : public simulator::Recorder {
public:
    struct Options {
        queue::QueueOptions queue;
        const proto::Registry& registry;
        std::function<proto::Instant()> now;            ///< the upstream's clock
        std::function<void(const std::string&)> trace;  ///< may be null
    };

    Oracle(Options options, Coverage& coverage);

    // What users were told.
    void acknowledged(const proto::JobId& id, const std::string& ref);
    void sealed(proto::BatchSeq batch, std::uint64_t accepted);
    /// A file with these jobs lies in the watch folder, for good.
    void dropped(const std::vector<std::string>& refs);
    /// A file that was handed in is there, and was not when the queue's time was `before`.
    void kept(const std::string& sha256, proto::Instant before) { kept_[sha256] = before; }
    void asked_to_pause(const std::string& account) { ++asked_[account]; }
    void paused(const std::string& account, bool paused);
    void pause_refused(const std::string& account) { --asked_[account]; }
    void configured(const daemon::Config& config);
    void budget_changed() { unsure_ = true; }
    /// A person has said something of it that is not, or may not be, true.
    void mislead(proto::JobSeq job);

    void befell(Fault fault);

    // What the world sees.
    /// A paid request goes out.
    void paid_call(const std::string& body);
    void paid_call_ends() { on_the_wire_ = {}; }
    /// Whose paid request the upstream is looking at; 0: there is none.
    proto::JobSeq on_the_wire() const { return on_the_wire_; }
    /// Somebody posts to a callback's address, of this task: the upstream, or not.
    void called_back(const std::string& task, bool forged);
    /// Watches what the queue is asked.
    PollWatch& polls() { return polls_; }
    /// Watches what a hook is told.
    HookWatch& hooks() { return hooks_; }
    const HookWatch& hooks() const { return hooks_; }
    /// A call or its reply was lost on the way: of the job with this ref, or of the task or file
    /// that the url names.
    void lost(const std::string& ref, const std::string& url);
    /// What the upstream answered to a paid request or a query: it may name files of the job's.
    void answered(const std::string& ref, const std::string& url, const std::string& body);
    /// After a turn of the loop in which the queue has committed something.
    void observe(const queue::Core& core, const tests::SimFiles& files);
    /// After a start: what was seen before it is still there, and what the last commit brought.
    void check_start(const queue::Core& core, const tests::SimFiles& files);
    /// Now and then: everything there is.
    void check_all(const queue::Core& core, const tests::SimFiles& files);
    /// Now and then: once the result files are written up to `written`, none of a batch with open
    /// jobs says that all have ended.
    void check_done(proto::EventSeq written, const tests::PosixMount& folders);
    /// At the end, with the faults off and nothing under way.
    void check_end(const queue::Core& core, const tests::SimFiles& files,
                   const tests::PosixMount& folders);

    // simulator::Recorder
    void truth(const simulator::TruthRecord& record) override;
    void fault(const simulator::FaultRecord& record) override;
    void violation(const simulator::ViolationRecord&) override {}

    const std::vector<std::string>& broken() const { return broken_; }
    void broke(std::string what);
    const std::unordered_map<proto::JobSeq, JobBook>& jobs() const { return jobs_; }
    const JobBook* find(proto::JobSeq job) const;
    const JobBook* find_ref(const std::string& ref) const;
    std::uint64_t transitions() const { return transitions_; }
    /// The job with the greatest number; 0: there is none.
    proto::JobSeq newest() const { return newest_; }
    /// The jobs that are with a worker or with the upstream.
    const std::set<proto::JobSeq>& active() const { return active_; }
    /// The jobs that retention has not taken away.
    const std::set<proto::JobSeq>& living() const { return living_; }
    /// How many jobs wait for their turn or are at work.
    std::size_t open() const { return open_; }
    bool is_paused(const std::string& account) const { return paused_.contains(account); }

private:
    struct Lingering {
        std::string account;
        std::string slot_class;
        proto::Instant expires{};
    };
    /// A purchase that the upstream works on.
    struct UnderWay {
        proto::JobSeq job;
        std::string task;  ///< empty: the call is answered at once
        std::string account;
        std::string place;
        std::string slot_class;
        proto::Instant until{};
        proto::Instant expires{};
        std::uint64_t claimed = 0;  ///< the moment of its claim
    };
    using SendKey = std::pair<proto::JobSeq, proto::Send>;

    void note(const queue::EventRecord& event, const queue::CoreReader& reader,
              const tests::SimFiles& files);
    void note_seal(const queue::EventRecord& event, const queue::CoreReader& reader);
    JobBook* open_book(proto::JobSeq job, const queue::CoreReader& reader);
    void move(JobBook& job, const queue::EventRecord& event, const proto::Transition& row);
    void count_row(const JobBook& job, const proto::Transition& row);
    FaultSet faults_since(std::uint64_t moment) const;
    void check_claim(const JobBook& job, const queue::EventRecord& event);
    void check_honest(JobBook& job, const queue::EventRecord& event);
    void check_leave(const JobBook& job, const queue::EventRecord& event);
    void note_voice(JobBook& job, const queue::EventRecord& event);
    void check_budgets(const queue::CoreReader& reader);
    void check_waits(const JobBook& job, const queue::EventRecord& event,
                     const queue::CoreReader& reader);
    bool lacks_file(const JobBook& job, const queue::CoreReader& reader) const;
    void check_open(const JobBook& job, const std::string& where, const std::string& what);
    void check_inputs(JobBook& job, const queue::CoreReader& reader);
    void check_told(const JobBook& job, const queue::EventRecord& event,
                    const queue::CoreReader& reader);
    void check_expired(const JobBook& job, const queue::EventRecord& event);
    void check_spooled(const JobBook& job, const queue::EventRecord& event,
                       const queue::CoreReader& reader, const tests::SimFiles& files);
    void check_despaired(const JobBook& job, const queue::EventRecord& event,
                         const queue::CoreReader& reader, const tests::SimFiles& files);
    void check_artifacts(const JobBook& job, const queue::EventRecord& event,
                         const queue::CoreReader& reader, const tests::SimFiles& files);
    void check_slots(const JobBook& job, const std::string& account, std::uint32_t limit,
                     proto::Instant now);
    void check_upstream_slots(const JobBook& job, const Purchase& fresh);
    void check_settings(const queue::CoreReader& reader);
    void check_jobs(const queue::Store& store);
    void check_job(const JobBook& job, const queue::Store& store);
    void check_purchases(const JobBook& job, const queue::Store& store);
    void check_batches(const queue::CoreReader& reader);
    void check_blobs(const queue::Core& core, const tests::SimFiles& files);
    void check_files(const queue::Store& store, const tests::SimFiles& files);
    void check_leftovers(const queue::Store& store, const tests::SimFiles& files,
                         const std::set<std::string>& succeeded);
    void check_results(const tests::PosixMount& folders);
    void check_results(proto::BatchSeq batch, const std::string& name,
                       const tests::PosixMount& folders);
    std::string end_fault(const JobBook& job, const proto::JobRecord& record) const;

    proto::JobSeq owner_of_task(const std::string& account, const std::string& task) const;
    JobBook* owner_of(const std::string& ref, const std::string& url);
    const daemon::AccountConfig* account(const std::string& name) const;
    std::string place_of(const std::string& account) const;
    proto::Duration patience_of(const std::string& op) const;
    static Purchase* find_purchase(JobBook& job, proto::Send send);
    void tell(const std::string& what) const;

    Options options_;
    Coverage& coverage_;
    PollWatch polls_;
    HookWatch hooks_;
    std::unordered_map<proto::JobSeq, JobBook> jobs_;
    std::unordered_map<std::string, proto::JobSeq> refs_;
    std::unordered_map<std::string, proto::JobSeq> tasks_;
    std::unordered_map<std::string, proto::JobSeq> files_;  ///< by the upstream's number
    std::set<proto::JobSeq> active_;
    std::set<proto::JobSeq> living_;
    std::size_t open_ = 0;
    std::vector<proto::JobSeq> departed_;  ///< since the last look at the database
    std::map<SendKey, Lingering> lingering_;
    std::vector<UnderWay> under_way_;
    std::map<proto::BatchSeq, std::uint64_t> batches_;  ///< sealed in the log, with their jobs
    std::map<proto::BatchSeq, std::string> result_names_;
    std::map<std::string, std::set<std::string>> voices_;  ///< the accounts that each was made at
    std::map<std::string, proto::Instant> kept_;  ///< files that were handed in, not before
    std::set<std::string> dropped_;               ///< refs of jobs in files
    std::vector<std::pair<proto::JobId, std::string>> fresh_;  ///< acknowledged just now
    std::map<proto::BatchSeq, std::uint64_t> fresh_seals_;
    std::set<std::string> paused_;      ///< accounts; the empty name: the whole queue
    std::map<std::string, int> asked_;  ///< pauses not answered yet
    bool unsure_ = true;                ///< of pauses and accounts: something changed in this turn
    std::map<std::string, std::uint64_t> key_changed_;  ///< by account: the moment
    daemon::Config config_;
    std::uint64_t configuration_ = 0;         ///< counts them
    std::vector<queue::EventRecord> bought_;  ///< since the last look: these, and
    bool found_ = false;                      ///< whether a purchase was found that nobody counted
    proto::EventSeq last_;
    proto::JobSeq newest_;
    std::set<proto::JobSeq> fetched_;  ///< since the last check of files
    proto::JobSeq on_the_wire_;        ///< whose paid request the upstream is looking at
    bool unowned_fault_ = false;       ///< in the answer being made; its URL says whose it is
    std::array<std::uint64_t, fault_count> last_fault_{};
    std::uint64_t moment_ = 1;
    std::uint64_t transitions_ = 0;
    std::vector<std::string> broken_;
};

}  // namespace genspool::simulation
