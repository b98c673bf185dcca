#include "workers/remote_calls.hpp"

#include <utility>

#include "workers/upstream_call.hpp"

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

constexpr std::size_t places = 8;
constexpr std::size_t places_of_one = 4;

/// Whoever waits for an answer is told of the time-out before losing patience himself.
constexpr proto::Duration answer_total{55'000};
/// A file on its way up takes as long as it takes.
constexpr std::size_t small_body_bytes = 64U << 10U;
/// A download that nobody reads any more ends as soon as nothing comes, too.
constexpr proto::Duration download_idle{30'000};

}  // namespace

RemoteCalls::Place::Place(RemoteCalls& calls, std::string principal)
    : calls_(&calls), principal_(std::move(principal)) {
    ++calls.taken_in_all_;
    ++calls.taken_[principal_];
}

RemoteCalls::Place::Place(Place&& other) noexcept
    : calls_(std::exchange(other.calls_, nullptr)), principal_(std::move(other.principal_)) {}

RemoteCalls::Place::~Place() {
    if (calls_ == nullptr) return;
    --calls_->taken_in_all_;
    const auto mine = calls_->taken_.find(principal_);
    if (--mine->second == 0) calls_->taken_.erase(mine);
}

RemoteCalls::RemoteCalls(asio::any_io_executor executor, Http& http, TaskGroup::OnError on_error)
    : executor_(executor), http_(http), downloads_(executor, std::move(on_error)) {}

void RemoteCalls::set_accounts(std::shared_ptr<const Accounts> accounts) {
    accounts_ = std::move(accounts);
}

std::optional<RemoteCalls::Place> RemoteCalls::take_place(const std::string& principal) {
    const auto mine = taken_.find(principal);
    const bool full =
        taken_in_all_ >= places || (mine != taken_.end() && mine->second >= places_of_one);
    if (full || downloads_.cancelled()) return std::nullopt;
    return std::optional<Place>(std::in_place, *this, principal);
}

asio::awaitable<HttpReply> RemoteCalls::ask(const proto::Provider& provider, Account account,
                                            proto::Call call) {
    HttpCall request = upstream_call(provider, account, std::move(call));
    if (request.body.size() < small_body_bytes) request.deadlines.total = answer_total;
    HttpReply reply = co_await http_.call(std::move(request));
    co_return reply;
}

std::shared_ptr<RemoteDownload> RemoteCalls::download(Place place, const proto::Provider& provider,
                                                      const Account& account, proto::Call call) {
    HttpCall request = upstream_call(provider, account, std::move(call));
    request.deadlines.idle = download_idle;
    auto download = std::make_shared<RemoteDownload>(executor_);
    request.sink = download.get();
    downloads_.spawn("download", carry(std::move(place), std::move(request), download));
    return download;
}

asio::awaitable<void> RemoteCalls::carry(Place place, HttpCall call,
                                         std::shared_ptr<RemoteDownload> download) {
    const Place held = std::move(place);
    HttpReply reply = co_await http_.call(std::move(call));
    download->ended(std::move(reply));
}

asio::awaitable<void> RemoteCalls::stop() {
    downloads_.cancel_all();
    co_await downloads_.join();
}

}  // namespace genspool::workers
