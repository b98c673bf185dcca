#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/programs/daemon_program.hpp"
#include "tests/programs/simulator_program.hpp"
#include "tests/support/temporary_directory.hpp"

namespace genspool::tests {

/// A daemon with a little of everything to do, in the same order each time: every op, files, a
/// batch over HTTP, a dropped file and one that is rejected, a retry, a backup. It is killed at one
/// place after the other, or its disk breaks, and it is told all of it again in its next life.
class KillWalk {
public:
    KillWalk();

    /// The daemon lives until it is killed at `kill_at` (as GENSPOOL_KILL_AT), or until its work is
    /// done and it is told to stop. True: it was killed.
    bool killed(const std::string& kill_at);
    /// The same of a daemon that takes the disk for full, and has nothing to do.
    bool killed_on_full_disk(const std::string& kill_at);

    /// The same on a disk of which a change goes wrong (tests/broken_disk; `fault` as it takes it).
    /// Work that is refused meanwhile is handed in again. What that disk told.
    std::vector<std::string> lived_on_broken_disk(const std::string& fault);

    /// Before the first life: the watch folder lies on another file system; false if there is none.
    bool move_inbox_to_another_disk();
    /// Between two lives: the file whose import was cut off is gone. It is dropped once more later.
    void take_dropped_file_away();
    /// Between two lives, the first of which ended at results.done_written: a line of results that
    /// was written and never counted.
    void plant_line() const;
    /// Between two lives: what a download of an ended job left behind.
    void plant_part_file() const;

    /// A life without a kill, in which all the work is done. Then every promise is checked.
    void finish();

    std::size_t purchases() const { return simulator_.purchases().size(); }
    std::uint64_t held() const { return held_; }

private:
    void make_daemon(const std::string& disk_reserve, const std::string& disk_fault = {});
    bool work(const std::string& kill_at);
    bool work_on(void (KillWalk::*step)());
    void change_something();
    int end();
    void note_spooled();
    bool dead();
    template <class Condition>
    void until(const std::string& what, Condition condition);
    boost::json::value call(const std::string& target, const std::string& body,
                            const ApiHeaders& headers = {});
    std::string hand_in(const std::string& name, const std::string& job);
    std::string hand_in_file(const std::string& bytes);

    void let_run();
    void hand_in_jobs();
    void hand_in_files();
    void order_through_gateway();
    void hand_in_batches();
    void drop_file();
    void drop_nonsense();
    void spool_file_in_the_way();
    void retry_failed();
    void back_up();
    void await_quiet();
    void await_told();

    std::optional<TemporaryDirectory> elsewhere_;
    TemporaryDirectory directory_;
    SimulatorProgram simulator_;
    std::unique_ptr<DaemonProgram> daemon_;
    bool served_ = false;  ///< some life has come so far, so there is a database
    bool file_dropped_ = false;
    bool nonsense_dropped_ = false;
    bool gateway_answered_ = false;
    bool disk_breaks_ = false;
    std::uint64_t backups_ = 0;
    std::uint64_t submitting_at_kills_ = 0;
    std::set<std::string> spooled_;  ///< jobs whose whole paid reply lay in the spool after a kill
    std::uint64_t held_ = 0;
};

}  // namespace genspool::tests
