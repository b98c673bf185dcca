// How a world's processes begin and end.
#include <chrono>
#include <stdexcept>
#include <utility>

#include "tests/simulation/world.hpp"

namespace genspool::simulation {

using namespace std::chrono_literals;
using proto::Duration;
using proto::Instant;

/// A process starts, and perhaps dies at it.
void World::open() {
    while (true) {
        try {
            boot();
            return;
        } catch (const queue::StoreFailed& failed) {
            tell(std::string("the start fails: ") + failed.what());
            oracle_.befell(Fault::commit_error);
            ++coverage_.crashes;
            if (disk_->life() == disk_life_) disk_->kill();
            disk_life_ = disk_->life();
        }
    }
}

void World::boot() {
    tell("a process starts");
    // What the last life knew of time is on the disk; the rest it takes from the wall.
    clock_.jump(wall() - clock_.now());
    Machine machine{io_,
                    clock_,
                    disk_,
                    http_,
                    registry_,
                    state_dir_,
                    [this] { return clock_.now(); },
                    [this](const std::string& line) { tell(line); },
                    oracle_.polls(),
                    listener_};
    oracle_.polls().begin();
    process_ = std::make_unique<Process>(std::move(machine), users_.config(), dice_.next());
    clock_.jump(process_->queue().core().now() - clock_.now());
    heal_at_ = 0;
    disk_trouble_.reset();
    users_.configure(*process_);
    process_->start(cursed_);
    cursed_ = {};
    commits_ = process_->commits();
    oracle_.check_start(process_->queue().core(), process_->files());
    // What a death has broken mostly stays so until the next look at everything.
    if (dice_.chance(10)) oracle_.check_all(process_->queue().core(), process_->files());
    crash_at_ = later(scenario_.steps_a_crash);
    // Now and then it dies again and again as soon as it is up.
    in_a_loop_ = scenario_.steps_a_crash != 0 && dice_.chance(in_a_loop_ ? 70 : 4);
    if (in_a_loop_) crash_at_ = steps_ + 1 + dice_.below(dice_.chance(50) ? 12 : 50);
}

void World::end_life() {
    const bool lives = disk_->life() == disk_life_ && !process_->dead();
    if (lives) oracle_.check_done(process_->results_upto(), process_->folders());
    if (lives && dice_.chance(15)) return stop_and_start();
    crash();
}

void World::crash() {
    ++coverage_.crashes;
    const bool already_dead = process_->dead();
    if (disk_->life() != disk_life_) {
        tell("the power went in the middle of a write");
        oracle_.befell(Fault::torn_write);
        process_->die();
    } else if (!already_dead && dice_.chance(50)) {
        tell("the power goes");
        oracle_.befell(Fault::power_cut);
        process_->die();
        disk_->power_cut(dice_.next());
    } else {
        tell("the process dies");
        if (!already_dead) oracle_.befell(Fault::kill);
        process_->die();
        disk_->kill();
    }
    disk_life_ = disk_->life();
    // One job is cursed: whenever it is at work as the process dies, it was on the CPU.
    const auto& active = oracle_.active();
    if (!active.empty() && (in_a_loop_ || dice_.chance(60))) {
        const bool again = active.contains(last_cursed_) && (in_a_loop_ || dice_.chance(95));
        cursed_ = again ? last_cursed_
                        : *std::next(active.begin(),
                                     static_cast<std::ptrdiff_t>(dice_.below(active.size())));
        last_cursed_ = cursed_;
    }
    end_process();
    if (scenario_.deaths_at_files == 0 && dice_.chance(30)) {
        // It takes a while until somebody switches it on again.
        pass(dice_.span(dice_.chance(20) ? Duration(4h) : Duration(20min)));
    }
    open();
}

/// At a moment when nothing is under way.
void World::cut_power() {
    tell("the power goes at last");
    oracle_.befell(Fault::power_cut);
    ++coverage_.crashes;
    process_->die();
    disk_->power_cut();
    disk_life_ = disk_->life();
    end_process();
    open();
}

void World::end_process() {
    bool ended = false;
    process_->stop(Duration(0), ended);
    see_through(ended);
}

/// The coroutines of a process that is dead, or has stopped, find their end.
void World::see_through(const bool& ended) {
    while (!ended) {
        if (io_.poll_one() == 0 && !clock_.step() && !wire_.step())
            throw std::logic_error("a dead process does not end");
    }
    while (io_.poll_one() > 0) {
    }
    process_.reset();
    while (io_.poll_one() > 0) {
    }
}

void World::stop_and_start() {
    tell("a clean stop");
    oracle_.befell(Fault::stop);
    bool ended = false;
    process_->stop(dice_.chance(70) ? Duration(10min) : dice_.span(Duration(30s)), ended);
    while (!ended && broken().empty()) {
        ++steps_;
        if (disk_->life() != disk_life_ || process_->dead()) {
            ++coverage_.crashes;
            oracle_.befell(Fault::torn_write);
            break;
        }
        if (!peace_ && steps_ >= deed_at_) deed();
        turn();
        observe();
    }
    process_->die();
    if (disk_->life() == disk_life_) disk_->kill();
    disk_life_ = disk_->life();
    see_through(ended);
    if (broken().empty()) open();
}

}  // namespace genspool::simulation
