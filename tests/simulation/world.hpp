#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/caller.hpp"
#include "tests/simulation/oracle.hpp"
#include "tests/simulation/process.hpp"
#include "tests/simulation/scenario.hpp"
#include "tests/simulation/users.hpp"
#include "tests/support/fake_http.hpp"
#include "tests/workers/model_upstream.hpp"

namespace genspool::simulation {

/// One machine, one upstream, its users and everything that goes wrong, for some days of its own
/// time: then the faults end, and everything must come to its end. All of it follows from the seed.
class World {
public:
    /// `trace` gets a line for each thing that happens; may be null. `state_dir`: a directory of
    /// this program's own, which stays empty.
    World(const Scenario& scenario, double days, std::string state_dir, Coverage& coverage,
          std::function<void(const std::string&)> trace);
    ~World();

    /// True: every promise was kept.
    bool run();

    const std::vector<std::string>& broken() const { return oracle_.broken(); }
    std::uint64_t steps() const { return steps_; }
    /// Its disk, for who has something in mind for it; it is sound again in peace.
    tests::ForgetfulDisk& disk() { return *disk_; }

private:
    void step();
    void turn();
    void perhaps_die_at_file();
    void forge_later();
    void pass_time();
    void pass(proto::Duration span);
    void deed();
    void trouble();
    void end_life();
    void crash();
    void stop_and_start();
    void open();
    void boot();
    void cut_power();
    void end_process();
    void see_through(const bool& ended);
    void set_disk_trouble();
    void observe();
    void heal();
    void make_peace();
    bool settles();
    void linger(proto::Duration span);
    bool at_rest() const;
    std::string stuck() const;

    tests::FakeAnswer answer(const workers::HttpCall& call);
    tests::FakeAnswer session(const workers::HttpCall& call);
    bool nobody_there() const;
    proto::Instant upstream_now() const { return wire_.now(); }
    proto::Instant wall() const { return upstream_now() + wall_offset_; }
    void jump(proto::Duration by);
    void tell(const std::string& what) const;
    /// A step about so many from now; never, for 0.
    std::uint64_t later(std::uint64_t about) {
        return about == 0 ? std::numeric_limits<std::uint64_t>::max()
                          : steps_ + 1 + dice_.below(2 * about);
    }

    Scenario scenario_;
    std::string state_dir_;
    std::function<void(const std::string&)> trace_;
    Coverage& coverage_;
    Dice dice_;
    boost::asio::io_context io_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    tests::SimClock wire_;   ///< the true time, by which upstream and network go
    tests::SimClock clock_;  ///< the process's time, which never runs backwards in one life
    proto::Duration wall_offset_{0};  ///< of the wall clock before the true time
    std::shared_ptr<tests::ForgetfulDisk> disk_;
    proto::Registry registry_;
    Oracle oracle_;
    tests::ModelUpstream upstream_;
    tests::FakeHttp http_;
    Users users_;
    Caller caller_;
    Listener listener_;
    std::unique_ptr<Process> process_;

    std::uint64_t steps_ = 0;
    std::uint64_t deed_at_ = 0;
    std::uint64_t trouble_at_ = 0;
    std::uint64_t crash_at_ = 0;
    std::uint64_t forgery_at_ = 0;
    std::uint64_t check_at_ = 0;
    std::uint64_t heal_at_ = 0;  ///< when the disk's trouble is over
    std::uint64_t commits_ = 0;  ///< of this life, as seen last
    std::uint64_t disk_life_ = 0;
    bool file_changed_ = false;  ///< since that was looked at, where deaths come at that
    proto::Instant end_;         ///< by the upstream's clock
    proto::JobSeq cursed_;       ///< on the CPU at the last death
    proto::JobSeq last_cursed_;
    bool peace_ = false;
    bool in_a_loop_ = false;  ///< of crashes
    std::optional<Fault> disk_trouble_;
};

}  // namespace genspool::simulation
