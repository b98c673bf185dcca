#include "workers/upstream_call.hpp"

#include <utility>

namespace genspool::workers {
namespace {

/// Bytes a second. A paid request that is cut off on its way may have been bought for all we know.
constexpr std::size_t slowest_uplink = 64U << 10U;

}  // namespace

HttpCall upstream_call(const proto::Provider& provider, const Account& account, proto::Call call) {
    provider.address(call, account.upstream_account);
    HttpCall request;
    request.method = std::move(call.method);
    request.url = account.base_url + call.target;
    for (auto& [name, value] : provider.authorize(account.key))
        request.headers.push_back({std::move(name), std::move(value)});
    request.secrets = {account.key};
    // Some answers repeat the whole address.
    if (!account.callback_secret.empty()) request.secrets.push_back(account.callback_secret);
    if (!call.content_type.empty()) {
        request.headers.push_back({"Content-Type", std::move(call.content_type)});
    }
    request.body = std::move(call.body);
    request.deadlines.send += proto::Duration(1'000 * (request.body.size() / slowest_uplink));
    request.deadlines.first_byte = call.first_byte;
    request.deadlines.total = call.whole;
    request.reply_bytes_max = call.reply_bytes_max;
    return request;
}

}  // namespace genspool::workers
