#include "daemon/callback_listener.hpp"

#include <openssl/crypto.h>

#include <boost/asio/ip/tcp.hpp>
#include <stdexcept>
#include <utility>
#include <vector>

#include "daemon/body.hpp"
#include "daemon/log.hpp"
#include "daemon/tcp_listener.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr std::uint64_t body_bytes_max = 64U << 10U;

/// What stands before it is the business of whoever forwards to this port.
std::string_view last_segment(std::string_view target) {
    target = target.substr(0, target.find('?'));
    return target.substr(target.rfind('/') + 1);
}

/// Takes as long wherever they differ.
bool same_secret(std::string_view said, const std::string& secret) {
    return !secret.empty() && said.size() == secret.size() &&
           CRYPTO_memcmp(said.data(), secret.data(), secret.size()) == 0;
}

tcp::acceptor listening(const asio::any_io_executor& executor, const Config::Callbacks& config) {
    const auto endpoint = parse_listen(config.listen);
    if (!endpoint) throw std::runtime_error("[callbacks] listen: no address: " + config.listen);
    return listen_at(executor, *endpoint);
}

}  // namespace

ServerOptions callback_limits() {
    ServerOptions limits;
    limits.session.header_bytes_max = 8U << 10U;
    limits.session.body_bytes_max = body_bytes_max;
    limits.session.idle = std::chrono::seconds{15};
    limits.session.header = std::chrono::seconds{5};
    limits.session.piece = std::chrono::seconds{5};
    limits.session.unread_bytes_max = body_bytes_max;
    limits.connections_max = 64;
    limits.stop_patience = std::chrono::seconds{1};
    return limits;
}

CallbackListener::CallbackListener(const asio::any_io_executor& executor, workers::Clock& clock,
                                   workers::QueueLine& queue, const proto::Registry& registry,
                                   const Config::Callbacks& config, ServerOptions limits)
    : queue_(queue),
      registry_(registry),
      acceptor_(executor),
      server_(executor, clock, {Door{acceptor_, nullptr, nullptr, true}}, limits,
              [this](Request& request) { return answer(request); }) {
    tcp::acceptor acceptor = listening(executor, config);
    const tcp::endpoint bound = acceptor.local_endpoint();
    port_ = bound.port();
    acceptor_ = std::move(acceptor);
    log(Level::info, "callbacks_listening", {{"address", described(bound)}, {"url", config.url}});
}

void CallbackListener::set_accounts(std::shared_ptr<const workers::Accounts> accounts) {
    accounts_ = std::move(accounts);
    for (const auto& [name, account] : accounts_->all())
        hide_in_logs(Secret(account.callback_secret));
}

std::optional<CallbackListener::Address> CallbackListener::find(std::string_view target) const {
    const std::string_view said = last_segment(target);
    std::optional<Address> found;
    for (const auto& [name, account] : accounts_->all()) {
        if (same_secret(said, account.callback_secret))
            found = Address{name, registry_.provider(account.provider)};
    }
    return found;
}

/// Whoever does not know a path learns nothing; whoever does learns nothing but that.
asio::awaitable<Reply> CallbackListener::answer(Request& request) {
    const std::optional<Address> address = find(request.target);
    if (!address || address->provider == nullptr) co_return Reply(404);
    if (request.method != "POST") {
        Reply refused(405);
        refused.headers.emplace_back("Allow", "POST");
        co_return refused;
    }
    std::string nothing;
    const WholeBody body = co_await read_body(request, std::move(nothing), body_bytes_max);
    if (body.problem) co_return Reply(problem_kind(body.problem->code).status);
    proto::Callback said = address->provider->read_callback(body.bytes);
    if (!said.task.empty()) {
        log(Level::debug, "callback", {{"account", address->account}, {"task", said.task}});
        queue::Hint hint;
        hint.account = address->account;
        hint.task = std::move(said.task);
        queue::Command command = std::move(hint);
        // Whether it is known is nobody's business: it may be soon.
        co_await queue_.ask(std::move(command));
    }
    Reply reply(200, std::move(said.answer));
    co_return reply;
}

}  // namespace genspool::daemon
