#include "daemon/gateway/useapi/routes.hpp"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/gateway/useapi/calls.hpp"
#include "daemon/gateway/useapi/desk.hpp"
#include "daemon/gateway/useapi/envelope.hpp"
#include "daemon/router.hpp"
#include "proto/resources.hpp"

namespace genspool::daemon::gateway::useapi {

namespace asio = boost::asio;

namespace {

// What costs nothing. What does stands in calls.cpp. The first that fits counts; what fits none is
// passed on, if the upstream has it for free.
constexpr std::array table = {
    Route{"GET", "/videos", list_videos},
    Route{"GET", "/videos/characters", pass_on},
    Route{"GET", "/videos/agent-templates", pass_on},
    Route{"POST", "/videos/cancel", cancel_video},
    Route{"GET", "/videos/{}", show_video},
    Route{"DELETE", "/videos/{}", delete_video},
    Route{"GET", "/images", list_images},
    Route{"GET", "/images/{}", show_image},
    Route{"DELETE", "/images/{}", delete_image},
    Route{"GET", "/speech", list_clips},
    Route{"GET", "/speech/voices", pass_on},
    Route{"GET", "/speech/{}", show_clip},
    Route{"DELETE", "/speech/{}", delete_clip},
    Route{"GET", "/music/{}", show_song},
    Route{"GET", "/agent/jobs", list_agents},
    Route{"GET", "/agent/{}", show_agent},
    Route{"GET", "/scheduler", show_scheduler},
    Route{"GET", "/scheduler/available", show_available},
    Route{"DELETE", "/scheduler/{}", take_from_scheduler},
    Route{"POST", "/files", upload_file},
    Route{"DELETE", "/files/{}", delete_file},
};

/// Why the upstream has this no more; empty: it never had, or still has.
std::string gone(const Api& api, std::string_view method, std::string_view path) {
    if (!path.starts_with('/')) return {};
    return api.registry.provider(provider)->resources()->gone(method, path.substr(1));
}

}  // namespace

asio::awaitable<Reply> answer(Api& api, Request& request) {
    std::string path = request.arguments[0];
    std::vector<std::string> arguments;
    const std::string_view method =
        request.method == "HEAD" ? "GET" : std::string_view(request.method);
    if (method == "GET" && matches("/download/{}", path, arguments)) {
        Reply reply = co_await download(api, request);
        co_return reply;
    }
    if (!path.starts_with(std::string(base) + "/"))
        co_return refused(Problem("not_found", "there is no " + path + " in the gateway"));
    path.erase(0, base.size());
    if (path.ends_with('/')) path.pop_back();
    const std::string away = gone(api, method, path);
    if (!away.empty()) {
        Problem problem("not_available", away);
        problem.status = 410;
        co_return refused(problem);
    }
    request.arguments = {path};
    Handler handler = nullptr;
    if (method == "POST" && find_paid_call(path) != nullptr) handler = paid_call;
    for (const Route& each : table) {
        if (handler != nullptr || each.method != method) continue;
        if (!matches(each.pattern, path, arguments)) continue;
        handler = each.handler;
        for (std::string& argument : arguments)
            request.arguments.push_back(std::move(argument));
    }
    if (handler == nullptr) handler = pass_on;
    Reply reply = co_await handler(api, request);
    co_return reply;
}

}  // namespace genspool::daemon::gateway::useapi
