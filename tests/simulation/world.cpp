#include "tests/simulation/world.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>
#include <stdexcept>
#include <utility>

#include "daemon/setup.hpp"
#include "proto/catalog/catalog.hpp"
#include "tests/simulation/refs.hpp"

namespace genspool::simulation {

using namespace std::chrono_literals;
using proto::Duration;
using proto::Instant;
using proto::State;

namespace {

const Instant start_of_time{Duration(1'800'000'000'000)};
constexpr std::uint64_t steps_a_check = 12'000;
constexpr std::uint64_t steps_a_look = 40;
/// A world that is at peace settles within so many turns, or never.
constexpr std::uint64_t steps_to_settle_max = 1'000'000;

Duration days_of(double days) {
    return Duration(std::llround(days * 86'400'000.0));
}

}  // namespace

World::World(const Scenario& scenario, double days, std::string state_dir, Coverage& coverage,
             std::function<void(const std::string&)> trace)
    : scenario_(scenario),
      state_dir_(std::move(state_dir)),
      trace_(std::move(trace)),
      coverage_(coverage),
      dice_(scenario_.seed ^ 0x5EEDU),
      work_(io_.get_executor()),
      wire_(io_, start_of_time),
      clock_(io_, start_of_time),
      disk_(std::make_shared<tests::ForgetfulDisk>()),
      registry_(proto::catalog()),
      oracle_({daemon::queue_options(scenario_.config, registry_), registry_,
               [this] { return upstream_now(); }, trace_},
              coverage_),
      upstream_(
          scenario_.upstream, dice_.next(), [this] { return upstream_now(); }, &oracle_),
      http_(wire_, [this](const workers::HttpCall& call) { return answer(call); }),
      users_(scenario_, oracle_, dice_.next()),
      caller_(scenario_.callbacks, oracle_, scenario_.seed ^ 0xCA11ED),
      listener_(clock_, oracle_.hooks(), scenario_.seed ^ 0x700D),
      end_(start_of_time + days_of(days)) {
    upstream_.set_way(scenario_.way);
    upstream_.on_callbacks([this](simulator::Callbacks plan, Duration answer) {
        caller_.promise(std::move(plan), answer, upstream_now());
    });
    if (scenario_.deaths_at_files > 0) {
        disk_->set_judge(
            [this, database = state_dir_ + "/db"](tests::DiskCall, const std::string& path) {
                file_changed_ = file_changed_ || !path.starts_with(database);
                return std::nullopt;
            });
    }
    // Before the first life, so that a crash may come before its first commit.
    disk_life_ = disk_->life();
    deed_at_ = later(scenario_.steps_a_deed);
    trouble_at_ = later(scenario_.steps_a_trouble);
    crash_at_ = later(scenario_.steps_a_crash);
    check_at_ = steps_a_check;
    forge_later();
}

World::~World() {
    if (!process_) return;
    process_->die();
    end_process();
}

void World::tell(const std::string& what) const {
    if (trace_) trace_("step " + std::to_string(steps_) + ": " + what);
}

bool World::run() {
    open();
    while (upstream_now() < end_ && broken().empty())
        step();
    if (broken().empty()) make_peace();
    coverage_.steps += steps_;
    ++coverage_.worlds;
    return broken().empty();
}

void World::step() {
    ++steps_;
    if (disk_->life() != disk_life_ || process_->dead()) return end_life();
    if (!peace_) {
        if (steps_ >= crash_at_) return end_life();
        if (steps_ >= deed_at_) deed();
        if (steps_ >= trouble_at_) trouble();
        if (steps_ >= forgery_at_) {
            caller_.forge(upstream_now());
            forge_later();
        }
        if (heal_at_ != 0 && steps_ >= heal_at_) heal();
    }
    turn();
    if (file_changed_) perhaps_die_at_file();
    observe();
}

void World::perhaps_die_at_file() {
    file_changed_ = false;
    if (peace_ || scenario_.deaths_at_files == 0 || !dice_.chance(5)) return;
    --scenario_.deaths_at_files;
    crash_at_ = steps_ + dice_.below(4);
}

/// By the caller's dice, so that nothing else goes by other chances than without.
void World::forge_later() {
    const std::uint64_t about = scenario_.callbacks.steps_a_forgery;
    forgery_at_ =
        about == 0 ? std::numeric_limits<std::uint64_t>::max() : steps_ + caller_.some_steps(about);
}

/// One turn: of the loop, of the queue's thread, or of the clock if nobody has anything to do.
void World::turn() {
    if (caller_.next() && *caller_.next() <= upstream_now())
        return caller_.call(nobody_there() ? nullptr : process_.get(), upstream_now());
    Mailbox& mail = process_->mail();
    const bool queue_due = process_->queue().wake_at() <= clock_.now();
    if ((mail.has_mail() || queue_due) && dice_.chance(60)) {
        if (!mail.turn(queue_due)) {
            tell("a commit has failed");
            oracle_.befell(Fault::commit_error);
            process_->die();
        }
        return;
    }
    if (io_.poll_one() > 0 || mail.has_mail() || queue_due) return;
    pass_time();
}

/// To the next moment at which somebody wakes.
void World::pass_time() {
    const auto until = [](std::optional<Instant> due, Instant now) {
        return due ? std::max(*due - now, Duration(0)) : Duration(60s);
    };
    const Duration own = until(clock_.next(), clock_.now());
    const Duration wire = until(wire_.next(), wire_.now());
    const Duration queue = process_->queue().wake_at() - clock_.now();
    const Duration call = until(caller_.next(), upstream_now());
    const Duration span = std::min({own, wire, queue, call, Duration(60s)});
    pass(span);
    if (span == own && clock_.next()) {
        clock_.step();
    } else if (span == wire && wire_.next()) {
        wire_.step();
    }
}

void World::pass(Duration span) {
    clock_.jump(span);
    wire_.jump(span);
}

void World::observe() {
    if (process_->dead() || disk_->life() != disk_life_) return;
    if (process_->commits() != commits_) {
        commits_ = process_->commits();
        oracle_.observe(process_->queue().core(), process_->files());
    }
    oracle_.polls().forget_reports();
    if (steps_ < check_at_ || peace_) return;
    check_at_ = steps_ + steps_a_check;
    oracle_.check_all(process_->queue().core(), process_->files());
    oracle_.check_done(process_->results_upto(), process_->folders());
}

void World::deed() {
    deed_at_ = later(scenario_.steps_a_deed);
    users_.act(*process_, clock_.now());
}

void World::jump(Duration by) {
    wall_offset_ += by;
    const Duration ahead = wall() - clock_.now();
    if (ahead > Duration(0)) clock_.jump(ahead);
    tell("the wall clock jumps by " + std::to_string(by.count()) + " ms");
    oracle_.befell(by > Duration(0) ? Fault::clock_ahead : Fault::clock_back);
}

void World::trouble() {
    trouble_at_ = later(scenario_.steps_a_trouble);
    if (scenario_.clock_runs_ahead && dice_.chance(70))
        return jump(Duration(5min) + dice_.span(Duration(5min)));
    const std::uint64_t what = dice_.below(100);
    if (what < 20) return jump(dice_.span(dice_.chance(20) ? Duration(3h) : Duration(20min)));
    if (what < 40) return jump(-dice_.span(dice_.chance(20) ? Duration(3h) : Duration(20min)));
    if (what < 50) {
        tell("the next writes of the disk fail");
        const auto fault = static_cast<tests::Fault>(dice_.below(3));
        return disk_->fail_after(1 + dice_.below(20), fault);
    }
    if (what < 65) {
        return disk_->cut_after(1 + dice_.below(60), dice_.next());
    }
    set_disk_trouble();
}

/// For a while the disk is fuller than it should be, or full, or does not read or write.
void World::set_disk_trouble() {
    if (disk_trouble_) heal();
    heal_at_ = steps_ + 1 + dice_.below(600);
    const std::uint64_t what = dice_.below(7);
    tests::SimFiles& files = process_->files();
    tell("the disk has trouble " + std::to_string(what));
    disk_trouble_ = what < 5 ? Fault::disk_full : Fault::file_error;
    oracle_.befell(*disk_trouble_);
    if (what < 3) {
        const std::uint64_t reserve = scenario_.config.disk.reserve_bytes;
        files.set_space(what == 0 ? reserve * 3 / 4 : what == 1 ? reserve / 4 : reserve / 16);
    } else if (what < 5) {
        files.set_full(true);
        process_->folders().set_write_error(std::errc::no_space_on_device);
    } else if (what == 5) {
        files.set_write_error(std::errc::io_error);
        process_->folders().set_write_error(std::errc::io_error);
    } else {
        files.set_unreadable(true);
        process_->folders().set_crowded(true);
    }
}

void World::heal() {
    heal_at_ = 0;
    if (disk_trouble_) oracle_.befell(*disk_trouble_);
    disk_trouble_.reset();
    tests::SimFiles& files = process_->files();
    files.set_space(1ULL << 40U);
    files.set_full(false);
    process_->folders().set_write_error({});
    files.set_unreadable(false);
    process_->folders().set_crowded(false);
}

bool World::nobody_there() const {
    return process_->dead() || disk_->life() != disk_life_;
}

tests::FakeAnswer World::answer(const workers::HttpCall& call) {
    if (nobody_there()) {
        tests::FakeAnswer nothing;
        nothing.progress = workers::HttpProgress::not_sent;
        nothing.error = workers::HttpError::cancelled;
        return nothing;
    }
    if (call.session) return session(call);
    const std::string ref = call.paid ? ref_in(call.body) : std::string();
    if (call.paid) oracle_.paid_call(call.body);
    tests::FakeAnswer answer = upstream_.answer(call);
    if (call.paid) oracle_.paid_call_ends();
    oracle_.answered(ref, call.url, answer.body);
    if (answer.progress != workers::HttpProgress::complete) oracle_.lost(ref, call.url);
    return answer;
}

/// The purchase is made with the piece of the text that has the ref in it, the first.
tests::FakeAnswer World::session(const workers::HttpCall& call) {
    tests::FakeAnswer answer = upstream_.answer(call);
    if (!answer.peer) return answer;
    answer.peer = [this, peer = std::move(answer.peer)](const std::string* frame) {
        tests::FakeSaid said;
        said.hangs_up = true;
        if (nobody_there()) return said;
        const std::string ref = frame ? ref_in(*frame) : std::string();
        if (ref.empty()) return peer(frame);
        oracle_.paid_call(*frame);
        said = peer(frame);
        oracle_.paid_call_ends();
        oracle_.answered(ref, "", "");
        if (said.hangs_up) oracle_.lost(ref, "");
        return said;
    };
    return answer;
}

/// Everything at rest but for what waits for a person, or for ever.
bool World::at_rest() const {
    if (oracle_.hooks().waits()) return false;
    // Whoever comes after one of these waits as well. Earlier jobs have smaller numbers.
    std::set<proto::JobSeq> waiting;
    for (const proto::JobSeq seq : oracle_.living()) {
        const JobBook& job = *oracle_.find(seq);
        if (proto::is_terminal(job.state)) continue;
        const auto waits = [&](const proto::JobId& id) { return waiting.contains(id.seq()); };
        const auto bad = [&](const proto::JobId& id) {
            const State state = oracle_.find(id.seq())->state;
            return state == State::failed || state == State::canceled;
        };
        const bool behind = job.state == State::blocked &&
                            std::any_of(job.after.begin(), job.after.end(), waits) &&
                            std::none_of(job.after.begin(), job.after.end(), bad);
        const bool parked = job.state == State::queued && job.parked;
        if (job.state != State::held && !parked && !behind) return false;
        waiting.insert(seq);
    }
    return true;
}

std::string World::stuck() const {
    std::string text = "it does not settle:";
    if (oracle_.hooks().waits()) text += oracle_.hooks().untold(process_->queue().core());
    for (const proto::JobSeq seq : oracle_.living()) {
        const JobBook& job = *oracle_.find(seq);
        if (proto::is_terminal(job.state)) continue;
        text += " " + job.id.text() + " (" + job.ref + ") is " +
                std::string(proto::to_string(job.state));
        const auto why = queue::CoreReader(process_->queue().core()).explain(seq);
        for (const queue::Gate& gate : why ? why->gates : std::vector<queue::Gate>())
            text += " (" + gate.name + ": " + gate.detail + ")";
    }
    return text;
}

/// True once everything has ended, or a promise is broken.
bool World::settles() {
    const std::uint64_t last_step = steps_ + steps_to_settle_max;
    while (steps_ < last_step && broken().empty()) {
        if (steps_ % steps_a_look == 0 && at_rest()) return true;
        step();
    }
    return !broken().empty();
}

/// The faults end; then everything has to end as well, and every artifact to be home.
void World::make_peace() {
    tell("peace");
    peace_ = true;
    heal();
    disk_->fail_after(0, tests::Fault::io_error);
    disk_->cut_after(0, 0);
    disk_->set_judge({});
    upstream_.set_way({});
    for (const simulator::FaultInfo& fault : simulator::fault_table())
        upstream_.command("/sim/faults", "{\"" + std::string(fault.name) + "\":0}");
    for (const auto& [code, rate] : scenario_.upstream.faults.refusals())
        upstream_.command("/sim/faults", "{\"refuse-" + std::to_string(code) + "\":0}");
    upstream_.command("/sim/allow-downloads", "");
    users_.make_peace(*process_);
    users_.finish_files(*process_);
    // What is settled may have to be fetched, and what lies in the watch folder to be bought.
    bool stood = true;
    for (int round = 0; round < 5 && (stood || round < 2) && broken().empty(); ++round) {
        if (!settles()) oracle_.broke(stuck());
        stood = users_.settle(*process_);
        linger(Duration(2min));
    }
    if (broken().empty()) stop_and_start();
    if (broken().empty() && !settles()) oracle_.broke(stuck());
    linger(Duration(2min));
    // Whatever was said to be done survives it, with all that was never synced gone.
    if (broken().empty()) cut_power();
    if (broken().empty() && !settles()) oracle_.broke(stuck());
    linger(Duration(2min));
    if (broken().empty()) {
        oracle_.check_end(process_->queue().core(), process_->files(), process_->folders());
    }
}

void World::linger(Duration span) {
    const Instant until = clock_.now() + span;
    while (clock_.now() < until && broken().empty())
        step();
}

}  // namespace genspool::simulation
