#pragma once

#include <string>
#include <vector>

#include "daemon/hooks/hook.hpp"
#include "daemon/secret.hpp"
#include "workers/clock.hpp"
#include "workers/http.hpp"

namespace genspool::daemon::hooks {

struct WebHookOptions {
    std::string url;              ///< empty: the address that each job names
    std::vector<Secret> secrets;  ///< each signs; at least one
    proto::Duration timeout{15'000};
    bool private_hosts = false;  ///< addresses of one's own network, too
};

/// Posts each message to an address, signed as Standard Webhooks asks for. A 2xx takes it; 410 says
/// that nobody wants it; anything else, a redirect too, is a failure.
class WebHook : public Hook {
public:
    WebHook(workers::Http& http, workers::Clock& clock, WebHookOptions options);

    bool wants(const queue::JobView& job) const override;
    boost::asio::awaitable<Outcome> tell(Message message) override;

private:
    workers::HttpCall call_for(Message message) const;

    workers::Http& http_;
    workers::Clock& clock_;
    WebHookOptions options_;
};

}  // namespace genspool::daemon::hooks
