#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proto/codec.hpp"
#include "tests/support/fake_http.hpp"
#include "tests/support/inline_queue.hpp"
#include "tests/support/sim_clock.hpp"
#include "tests/support/sim_files.hpp"
#include "tests/workers/model_upstream.hpp"
#include "workers/engine.hpp"

namespace genspool::tests {

struct EngineWorldOptions {
    std::uint64_t seed = 1;
    std::map<std::string, std::uint32_t> slots{{"video", 3}, {"music", 3},     {"image", 3},
                                               {"tts", 3},   {"tts_async", 3}, {"tts_ws", 3}};
    /// Of accounts beside "main", whose keys are their names; each has its own upstream.
    std::map<std::string, std::map<std::string, std::uint32_t>> others{};
    /// Accounts of useapi.net behind one key, called by their numbers there.
    std::map<std::string, std::map<std::string, std::uint32_t>> linked{};
    simulator::ModelOptions upstream;
    std::uint32_t submit_workers_max = 16;
    std::uint32_t fetch_workers_max = 40;
    std::uint64_t disk_reserve_bytes = 1'000'000;
    const proto::Provider* provider = nullptr;  ///< named "minimax"; null: the real one
    std::uint64_t input_bytes_max = 1'000'000;
    std::string callback_url{};                 ///< that "main" tells its upstream
    std::optional<proto::Duration> poll_min{};  ///< of "main"
    std::optional<proto::Duration> poll_max{};
    bool sound_files = true;  ///< false: the case itself takes files away
};

/// A queue that a dead process can no longer speak to.
class SeveredQueue;

/// The whole machine on one thread and a simulated clock: the engine, the real queue core, the
/// upstream's model, and a disk under queue and files that forgets what was not synced. Days cost
/// nothing, processes can be killed at any moment, and a seed repeats everything. What a process
/// leaves on the disk is verified whenever it dies.
class EngineWorld {
public:
    explicit EngineWorld(EngineWorldOptions options = {});
    ~EngineWorld();

    /// Admits a job of this kind and request, as the daemon would. `change` may alter its spec.
    proto::JobSeq admit(proto::Kind kind, const std::string& request,
                        const std::function<void(proto::JobSpec&)>& change = {});
    /// The same for useapi.net.
    proto::JobSeq admit_useapi(proto::Kind kind, const std::string& request,
                               const std::function<void(proto::JobSpec&)>& change = {});
    /// A sealed batch of such jobs: their kinds and requests.
    proto::BatchSeq admit_batch(const std::vector<std::pair<proto::Kind, std::string>>& jobs,
                                const std::function<void(proto::JobSpec&)>& change = {});
    /// A request of this kind whose prompt has the marker [[ref:REF]] and what `extra` says.
    static std::string request(proto::Kind kind, const std::string& ref,
                               const std::string& extra = "");
    /// As useapi.net takes it.
    static std::string useapi_request(proto::Kind kind, const std::string& ref,
                                      const std::string& extra = "");

    queue::Answer act(proto::JobSeq job, queue::Verb verb, bool again = false);
    queue::Answer ask(queue::Command command) { return queue_->ask(std::move(command)); }

    proto::JobRecord job(proto::JobSeq seq) const;
    std::vector<proto::JobRecord> jobs() const;
    /// What happened to a job so far, in order.
    std::vector<queue::EventRecord> events(proto::JobSeq seq) const;
    queue::BatchView batch(proto::BatchSeq seq) const;
    queue::AccountView account(const std::string& name) const;
    proto::State state(proto::JobSeq seq) const { return job(seq).state; }

    /// Hands a file in; answers its name, "sha256:…".
    std::string hand_in(std::string bytes, std::string said = {});

    /// Lets time pass until `done` holds, for `span` at most. Answers done().
    bool run_until(const std::function<bool()>& done, proto::Duration span);
    bool run_until_state(proto::JobSeq seq, proto::State wanted, proto::Duration span);
    void run_for(proto::Duration span);
    /// So many handlers of the loop, letting time pass between them: stops in the middle of things.
    void run_handlers(std::uint64_t count);
    proto::Instant now() const { return clock_.now(); }

    /// The process dies at this moment, with the machine (`power`) or without, and a new one
    /// starts.
    void crash(bool power, std::uint64_t seed);
    /// A clean stop and a start.
    void restart(proto::Duration patience);

    ModelUpstream& upstream() { return upstream_; }
    const ModelUpstream& upstream() const { return upstream_; }
    SimFiles& files() { return *files_; }
    const SimFiles& files() const { return *files_; }
    const FakeHttp& http() const { return http_; }
    workers::Engine& engine() { return *engine_; }
    /// The job whose bytes are being worked on; 0: none.
    std::uint64_t on_cpu() const { return on_cpu_.load(); }
    /// As the daemon does after a reload without this account, or with all of them.
    void configure(const std::string& without = {});
    /// The engine alone knows no account any more.
    void forget_accounts();
    void restore_accounts();
    /// As the daemon does after a reload with another key of the account.
    void change_key(const std::string& key);
    /// How many purchases carry this ref, and how many of them the upstream itself failed.
    std::uint64_t bought(const std::string& ref) const;
    std::uint64_t failed_upstream(const std::string& ref) const;
    /// The hashes of what was bought under this ref and not failed upstream.
    std::vector<std::string> hashes(const std::string& ref) const;
    /// Sends that were on record as under way at a crash or a stop.
    std::uint64_t cut_paid() const { return cut_paid_; }
    /// What the engine complained of.
    const std::vector<std::string>& log() const { return log_; }

    /// What is wrong with this job's artifacts on disk, or empty: each has the hash on record, lies
    /// under its name, and is what was bought.
    std::string artifact_fault(const proto::JobRecord& record, const std::string& ref) const;

private:
    void open();
    queue::AdmitOne order(proto::Kind kind, const std::string& request,
                          const std::function<void(proto::JobSpec&)>& change,
                          const std::string& provider = "minimax") const;
    proto::JobSeq hand_over(queue::AdmitOne job);
    std::shared_ptr<const workers::Accounts> accounts(const std::string& without = {}) const;
    void check_disk() const;
    std::uint64_t in_submitting() const;
    bool pass_time(proto::Instant end);
    void end_process();
    void drain(proto::Duration patience);

    EngineWorldOptions options_;
    proto::Registry registry_;
    boost::asio::io_context io_;
    SimClock clock_;
    std::shared_ptr<ForgetfulDisk> disk_;
    std::string key_ = "secret-key";  ///< of "main"
    ModelUpstream upstream_;
    FakeHttp http_;
    queue::Random random_;
    std::vector<std::string> log_;
    std::uint64_t cut_paid_ = 0;
    std::atomic<std::uint64_t> on_cpu_{0};

    // Of one life:
    std::unique_ptr<InlineQueue> queue_;
    std::unique_ptr<SeveredQueue> line_;
    std::unique_ptr<SimFiles> files_;
    std::unique_ptr<workers::Engine> engine_;
};

}  // namespace genspool::tests
