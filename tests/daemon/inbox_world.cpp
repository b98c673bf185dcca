#include "tests/daemon/inbox_world.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "daemon/verify_results.hpp"
#include "proto/minimax/provider.hpp"
#include "queue/verify.hpp"
#include "tests/support/forgetful_disk.hpp"
#include "tests/support/job_factory.hpp"

namespace genspool::tests {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

proto::Instant wall_clock() {
    return std::chrono::floor<proto::Duration>(std::chrono::system_clock::now());
}

asio::awaitable<void> visit(workers::FilePool& pool, bool& done) {
    std::function<void()> nothing = [] {};
    co_await pool.visit(std::move(nothing));
    done = true;
}

asio::awaitable<void> end(daemon::Inbox* inbox, daemon::ResultWriter* results,
                          workers::TaskGroup& group, bool& done) {
    if (inbox != nullptr) co_await inbox->stop();
    if (results != nullptr) co_await results->stop();
    co_await group.join();
    done = true;
}

queue::QueueOptions options_with(std::optional<std::uint64_t> jobs_max) {
    queue::QueueOptions options = queue_options();
    if (jobs_max) options.jobs_max = *jobs_max;
    return options;
}

}  // namespace

void CutQueue::execute(queue::Command command, queue::OnAnswer on_answer) {
    if (left_ == 0) throw std::runtime_error("the power is cut");
    if (left_) --*left_;
    ++commands_;
    inner_.execute(std::move(command), std::move(on_answer));
}

void CutQueue::read(std::function<void(const queue::Reader&)> look) {
    if (left_ == 0) throw std::runtime_error("the power is cut");
    inner_.read(std::move(look));
}

void CutQueue::on_commit(std::function<void(proto::EventSeq, bool)> listener) {
    inner_.on_commit(std::move(listener));
}

InboxWorld::InboxWorld(std::optional<std::uint64_t> jobs_max)
    : clock(io, wall_clock()),
      core(
          std::make_shared<ForgetfulDisk>(), options_with(jobs_max), [this] { return clock.now(); },
          7),
      queue(core),
      registry_({&proto::minimax_provider()}),
      admission_(registry_, config_) {
    inbox_options.state_dir = state.path();
    results_options.dir = state.path("results");
    results_options.gather = {};
    for (const char* name : {"inbox", "accepted", "rejected", "results"}) {
        fs::create_directory(state.path(name));
    }
    queue.on_commit([this](proto::EventSeq last, bool) {
        if (results) results->on_events(last);
    });
    idle_ = round();
}

InboxWorld::~InboxWorld() {
    if (running()) stop();
    if (tampered) return;
    for (const std::string& sentence : queue::verify(core.core().store()).broken)
        FAIL_CHECK(sentence);
    const workers::LocalStateFiles files(state.path());
    for (const std::string& sentence : daemon::verify_results(core.core().store(), files).broken)
        FAIL_CHECK(sentence);
}

workers::TaskGroup& InboxWorld::group() {
    if (!group_) {
        const auto keep = [this](std::string_view name, const std::exception_ptr&) {
            errors.emplace_back(name);
        };
        group_ = std::make_unique<workers::TaskGroup>(io.get_executor(), keep);
    }
    return *group_;
}

void InboxWorld::start_inbox() {
    inbox = std::make_unique<daemon::Inbox>(io.get_executor(), queue, clock, pool_, admission_,
                                            blobs_, inbox_options);
    inbox->start(group());
    quiesce();
}

void InboxWorld::start_results() {
    results = std::make_unique<daemon::ResultWriter>(io.get_executor(), queue, clock, pool_,
                                                     results_options);
    results->start(group());
    quiesce();
}

void InboxWorld::stop() {
    bool done = false;
    asio::co_spawn(io, end(inbox.get(), results.get(), *group_, done), [](std::exception_ptr) {});
    while (!done) {
        io.restart();
        io.run_one();
    }
    group_.reset();
    inbox.reset();
    results.reset();
}

/// One visit to the file pool, whose only thread is then done with all that was asked before.
std::size_t InboxWorld::round() {
    bool done = false;
    std::size_t ran = 0;
    asio::co_spawn(io, visit(pool_, done), [](std::exception_ptr) {});
    while (!done) {
        io.restart();
        ran += io.run_one();
    }
    io.restart();
    return ran + io.poll();
}

void InboxWorld::quiesce() {
    // Twice, because what the kernel tells of a directory comes by way of the first.
    int quiet = 0;
    while (quiet < 2)
        quiet = round() > idle_ ? 0 : quiet + 1;
}

void InboxWorld::advance(proto::Duration span) {
    const proto::Instant until = clock.now() + span;
    quiesce();
    while (clock.next() && *clock.next() <= until) {
        clock.step();
        quiesce();
    }
    clock.jump(until - clock.now());
}

void InboxWorld::write(const std::string& name, std::string_view bytes) const {
    std::ofstream(state.path(name), std::ios::binary) << bytes;
}

void InboxWorld::append(const std::string& name, std::string_view bytes) const {
    std::ofstream(state.path(name), std::ios::binary | std::ios::app) << bytes;
}

void InboxWorld::drop(const std::string& name, std::string_view bytes) const {
    write("inbox/.making", bytes);
    fs::rename(state.path("inbox/.making"), state.path("inbox/" + name));
}

void InboxWorld::age(const std::string& name, proto::Duration by) const {
    const fs::path path = state.path(name);
    fs::last_write_time(path, fs::last_write_time(path) - by);
}

std::string InboxWorld::read(const std::string& name) const {
    std::ifstream in(state.path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> InboxWorld::read_lines(const std::string& name) const {
    std::ifstream in(state.path(name), std::ios::binary);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

bool InboxWorld::exists(const std::string& name) const {
    return fs::exists(fs::symlink_status(state.path(name)));
}

std::vector<std::string> InboxWorld::names(const std::string& directory) const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(state.path(directory))) {
        names.push_back(entry.path().filename());
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::vector<queue::BatchView> InboxWorld::batches(bool unsealed) {
    std::vector<queue::BatchView> found;
    core.read([&](const queue::Reader& reader) { found = reader.list_batches({}, 100, unsealed); });
    return found;
}

queue::BatchView InboxWorld::only_batch() {
    auto found = batches(true);
    if (found.size() != 1) throw std::runtime_error("there is not exactly one batch");
    return found.front();
}

std::vector<queue::JobView> InboxWorld::jobs(proto::BatchSeq batch) {
    std::vector<queue::JobView> found;
    core.read([&](const queue::Reader& reader) {
        for (const proto::JobSeq job : reader.batch_jobs(batch, {}, 1'000)) {
            if (auto view = reader.find(job)) found.push_back(std::move(*view));
        }
    });
    return found;
}

std::string job_line(const std::string& custom_id) {
    return R"({"kind":"video","provider":"minimax","custom_id":")" + custom_id +
           R"(","request":{"model":"MiniMax-Hailuo-02","prompt":"a kite"}})";
}

std::string job_lines(int count) {
    std::string lines;
    for (int n = 1; n <= count; ++n)
        lines += job_line("job-" + std::to_string(n)) + "\n";
    return lines;
}

}  // namespace genspool::tests
