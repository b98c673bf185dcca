#include "daemon/callbacks.hpp"

#include <utility>

#include "daemon/body.hpp"
#include "daemon/log.hpp"
#include "daemon/problem.hpp"
#include "daemon/signature.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;

namespace {

/// What stands before it is the business of whoever forwards to this port.
std::string_view last_segment(std::string_view target) {
    target = target.substr(0, target.find('?'));
    return target.substr(target.rfind('/') + 1);
}

}  // namespace

void Callbacks::set_accounts(std::shared_ptr<const workers::Accounts> accounts) {
    accounts_ = std::move(accounts);
    for (const auto& [name, account] : accounts_->all())
        hide_in_logs(Secret(account.callback_secret));
}

std::optional<Callbacks::Address> Callbacks::find(std::string_view target) const {
    const std::string_view said = last_segment(target);
    std::optional<Address> found;
    for (const auto& [name, account] : accounts_->all()) {
        if (same_secret(said, account.callback_secret))
            found = Address{name, registry_.provider(account.provider)};
    }
    return found;
}

/// Whoever does not know a path learns nothing, and shares his place with his like.
std::optional<Reply> Callbacks::stop(Request& request) {
    const std::optional<Address> address = find(request.target);
    if (!address) return Reply(404);
    request.caller.principal = "callback:" + address->account;
    return std::nullopt;
}

asio::awaitable<Reply> Callbacks::answer(Request& request) {
    const std::optional<Address> address = find(request.target);
    if (!address || address->provider == nullptr) co_return Reply(404);
    if (request.method != "POST") {
        Reply refused(405);
        refused.headers.emplace_back("Allow", "POST");
        co_return refused;
    }
    std::string nothing;
    const WholeBody body = co_await read_body(request, std::move(nothing), callback_bytes_max);
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
