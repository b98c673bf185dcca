#include "workers/queue_line.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

constexpr std::size_t batch_ids_max = 1000;

/// One who waits: its timer never expires, it is cancelled when the answer is there.
template <class T>
struct Wait {
    explicit Wait(const asio::any_io_executor& executor)
        : bell(executor, asio::steady_timer::time_point::max()) {}

    asio::steady_timer bell;
    std::optional<T> answer;
};

template <class T>
asio::awaitable<T> wait_for(std::shared_ptr<Wait<T>> wait) {
    // Without a slot the wait cannot see the caller's cancellation.
    const asio::cancellation_slot no_slot;
    while (!wait->answer) {
        co_await wait->bell.async_wait(
            asio::bind_cancellation_slot(no_slot, asio::as_tuple(asio::use_awaitable)));
    }
    co_return std::move(*wait->answer);
}

}  // namespace

/// Gathers answers on the queue's thread and delivers them on the loop's.
class QueueLine::Inbox : public std::enable_shared_from_this<Inbox> {
public:
    explicit Inbox(asio::any_io_executor executor) : executor_(std::move(executor)) {}

    /// `deliver` runs on the event loop. Any thread.
    void put(std::function<void()> deliver) {
        {
            const std::lock_guard lock(mutex_);
            arrived_.push_back(std::move(deliver));
            if (posted_) return;
            posted_ = true;
        }
        asio::post(executor_, [self = shared_from_this()] { self->deliver_all(); });
    }

private:
    void deliver_all() {
        std::vector<std::function<void()>> now;
        {
            const std::lock_guard lock(mutex_);
            now.swap(arrived_);
            posted_ = false;
        }
        for (const auto& deliver : now)
            deliver();
    }

    asio::any_io_executor executor_;
    std::mutex mutex_;
    std::vector<std::function<void()>> arrived_;
    bool posted_ = false;
};

QueueLine::QueueLine(asio::any_io_executor executor, queue::Queue& queue)
    : executor_(executor), queue_(queue), inbox_(std::make_shared<Inbox>(std::move(executor))) {}

QueueLine::~QueueLine() = default;

asio::awaitable<queue::Answer> QueueLine::ask(queue::Command command) {
    auto wait = std::make_shared<Wait<queue::Answer>>(executor_);
    queue::OnAnswer on_answer = [inbox = inbox_, wait](queue::Answer answer) {
        // The answer waits in a place of its own: the loop may look at `wait` at any time.
        auto held = std::make_shared<queue::Answer>(std::move(answer));
        inbox->put([wait, held] {
            wait->answer = std::move(*held);
            wait->bell.cancel();
        });
    };
    queue_.execute(std::move(command), std::move(on_answer));
    co_return co_await wait_for(std::move(wait));
}

template <class T>
asio::awaitable<T> QueueLine::look(std::function<T(const queue::Reader&)> at) {
    auto wait = std::make_shared<Wait<T>>(executor_);
    std::function<void(const queue::Reader&)> see = [inbox = inbox_, wait,
                                                     at](const queue::Reader& reader) {
        auto held = std::make_shared<T>(at(reader));
        inbox->put([wait, held] {
            wait->answer = std::move(*held);
            wait->bell.cancel();
        });
    };
    queue_.read(std::move(see));
    co_return co_await wait_for(std::move(wait));
}

asio::awaitable<std::optional<proto::JobRecord>> QueueLine::find(proto::JobSeq job) {
    using Found = std::optional<proto::JobRecord>;
    std::function<Found(const queue::Reader&)> at = [job](const queue::Reader& reader) {
        std::optional<queue::JobView> view = reader.find(job);
        return view ? Found(std::move(view->record)) : std::nullopt;
    };
    co_return co_await look(std::move(at));
}

asio::awaitable<bool> QueueLine::was_set_back() {
    std::function<bool(const queue::Reader&)> at = [](const queue::Reader& reader) {
        return reader.stats().setback.has_value();
    };
    co_return co_await look(std::move(at));
}

asio::awaitable<bool> QueueLine::has_blob(std::string sha256) {
    std::function<bool(const queue::Reader&)> at =
        [sha256 = std::move(sha256)](const queue::Reader& reader) {
            return reader.find_blob(sha256).has_value();
        };
    co_return co_await look(std::move(at));
}

asio::awaitable<std::optional<queue::UploadView>> QueueLine::find_upload(queue::UploadName name) {
    using Found = std::optional<queue::UploadView>;
    std::function<Found(const queue::Reader&)> at =
        [name = std::move(name)](const queue::Reader& reader) { return reader.find_upload(name); };
    co_return co_await look(std::move(at));
}

asio::awaitable<std::string> QueueLine::batch_id(proto::BatchSeq batch) {
    if (!batch) co_return std::string();
    const auto known = batch_ids_.find(batch);
    if (known != batch_ids_.end()) co_return known->second;
    std::function<std::string(const queue::Reader&)> at = [batch](const queue::Reader& reader) {
        const auto view = reader.find_batch(batch);
        return view ? view->id.text() : std::string();
    };
    std::string id = co_await look(std::move(at));
    if (batch_ids_.size() >= batch_ids_max) batch_ids_.clear();
    batch_ids_.emplace(batch, id);
    co_return id;
}

}  // namespace genspool::workers
