#include "queue/rocksdb_queue.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "queue/ballast.hpp"
#include "queue/core.hpp"
#include "queue/forward_time.hpp"
#include "queue/high_water.hpp"
#include "queue/reader.hpp"

namespace genspool::queue {
namespace {

using Look = std::function<void(const Reader&)>;

/// So many commands at most share a commit: its size, and the wait for it, stay bounded.
constexpr std::size_t commands_a_commit = 2'000;
/// The thread looks up at least so often, should the wall clock jump.
constexpr proto::Duration sleep_max{1'000};

std::uint64_t fresh_seed() {
    std::random_device device;
    return (static_cast<std::uint64_t>(device()) << 32U) | device();
}

struct Asked {
    Command command;
    OnAnswer on_answer;
};
using Item = std::variant<Asked, Look>;

}  // namespace

struct RocksQueue::Impl {
    Impl(const std::string& directory, Ballast room, QueueOptions options,
         std::function<void(std::string)> fatal)
        : store(StoreOptions{directory}),
          high_water(directory + ".high_water"),
          random(fresh_seed()),
          core(store, std::move(options), ForwardTime().now(), random, high_water.found()),
          time(core.now()),
          ballast(std::move(room)),
          on_fatal(std::move(fatal)) {}

    void run();
    bool gather(std::vector<Item>& items);
    void work_off(std::vector<Item>& items);
    void commit(std::vector<Asked>& asked);
    void post(Item item);
    void watch_disk();
    std::function<void(proto::EventSeq, bool)> current_listener();

    Store store;
    HighWater high_water;
    Random random;
    Core core;
    proto::Instant opened_at = core.now();
    ForwardTime time;
    Ballast ballast;
    std::optional<DiskGate> gate;  ///< as last seen
    std::function<void(std::string)> on_fatal;

    std::mutex mutex;
    std::function<void(proto::EventSeq, bool)> listener;
    std::condition_variable wake;
    std::vector<Item> mailbox;
    bool stopping = false;
    proto::Instant wake_at{};  ///< thread's own
    std::thread thread;
};

/// The last watermark: the database gets the ballast's room until there is enough again. Nothing is
/// taken before somebody has looked: a start may find the disk as full as the last life left it.
void RocksQueue::Impl::watch_disk() {
    const DiskGate now = core.memory().disk;
    if (!core.memory().disk_known || now == gate) return;
    if (now == DiskGate::no_intake) ballast.release();
    if (now == DiskGate::open) ballast.fill();
    gate = now;
}

void RocksQueue::Impl::post(Item item) {
    bool first = false;
    {
        const std::lock_guard lock(mutex);
        first = mailbox.empty();
        mailbox.push_back(std::move(item));
    }
    if (first) wake.notify_one();
}

/// The thread may do its first upkeep before anybody has had the time to listen.
std::function<void(proto::EventSeq, bool)> RocksQueue::Impl::current_listener() {
    const std::lock_guard lock(mutex);
    return listener;
}

/// Waits for mail or the next due time. False: stopping, and nothing is left.
bool RocksQueue::Impl::gather(std::vector<Item>& items) {
    std::unique_lock lock(mutex);
    const auto pause =
        std::clamp<proto::Duration>(wake_at - time.now(), proto::Duration(0), sleep_max);
    if (mailbox.empty() && !stopping) wake.wait_for(lock, pause);
    items.swap(mailbox);
    return !(stopping && items.empty());
}

void RocksQueue::Impl::commit(std::vector<Asked>& asked) {
    std::vector<Command> commands;
    commands.reserve(asked.size());
    for (Asked& item : asked)
        commands.push_back(std::move(item.command));
    Core::Outcome outcome = core.execute(commands, time.now(), random);
    wake_at = outcome.wake_at;
    high_water.reached(outcome.last_event);
    watch_disk();
    for (std::size_t i = 0; i < asked.size(); ++i) {
        if (asked[i].on_answer) asked[i].on_answer(std::move(outcome.answers[i]));
    }
    asked.clear();
    if (const auto hear = current_listener()) hear(outcome.last_event, outcome.work);
}

void RocksQueue::Impl::work_off(std::vector<Item>& items) {
    std::vector<Asked> asked;
    std::vector<Look> looks;
    for (Item& item : items) {
        if (auto* look = std::get_if<Look>(&item)) {
            looks.push_back(std::move(*look));
            continue;
        }
        asked.push_back(std::move(std::get<Asked>(item)));
        if (asked.size() == commands_a_commit) commit(asked);
    }
    if (!asked.empty() || wake_at <= time.now()) commit(asked);
    const CoreReader reader(core);
    for (const Look& look : looks)
        look(reader);
    items.clear();
}

void RocksQueue::Impl::run() {
    try {
        std::vector<Item> items;
        while (gather(items))
            work_off(items);
    } catch (const StoreFailed& failed) {
        on_fatal(failed.what());
    }
}

RocksQueue::RocksQueue(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {
    impl_->thread = std::thread([impl = impl_.get()] { impl->run(); });
}

RocksQueue::~RocksQueue() {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->stopping = true;
    }
    impl_->wake.notify_one();
    impl_->thread.join();
}

std::unique_ptr<RocksQueue> RocksQueue::open(const std::string& directory, QueueOptions options,
                                             std::function<void(std::string why)> on_fatal) {
    Ballast ballast(directory + ".ballast", options.ballast_bytes);
    ballast.make_room();
    auto impl = std::make_unique<Impl>(directory, std::move(ballast), std::move(options),
                                       std::move(on_fatal));
    return std::unique_ptr<RocksQueue>(new RocksQueue(std::move(impl)));
}

void RocksQueue::execute(Command command, OnAnswer on_answer) {
    impl_->post(Asked{std::move(command), std::move(on_answer)});
}

void RocksQueue::read(std::function<void(const Reader&)> look) {
    impl_->post(std::move(look));
}

BackedUp RocksQueue::back_up(const std::string& directory) const {
    StoreOptions copy;
    copy.path = directory;
    copy.background = false;  // what it would tidy up is not worth the wait
    return queue::back_up(impl_->store, copy, ForwardTime().now());
}

proto::Instant RocksQueue::opened_at() const {
    return impl_->opened_at;
}

void RocksQueue::on_commit(std::function<void(proto::EventSeq last, bool work)> listener) {
    const std::lock_guard lock(impl_->mutex);
    impl_->listener = std::move(listener);
}

}  // namespace genspool::queue
