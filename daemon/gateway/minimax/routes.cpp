#include "daemon/gateway/minimax/routes.hpp"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/gateway/minimax/calls.hpp"
#include "daemon/gateway/minimax/desk.hpp"
#include "daemon/gateway/minimax/envelope.hpp"
#include "daemon/router.hpp"

namespace genspool::daemon::gateway::minimax {

namespace asio = boost::asio;

namespace {

// What costs nothing. What does stands in calls.cpp.
constexpr std::array table = {
    Route{"GET", "/v1/query/video_generation", query_video},
    Route{"GET", "/v1/query/video_template_generation", query_template},
    Route{"GET", "/v1/query/t2a_async_query_v2", query_speech},
    Route{"GET", "/v2/query/video_generation", list_v2},
    Route{"GET", "/v2/query/video_generation/{}", query_v2},
    Route{"DELETE", "/v2/video_generation/{}", cancel_v2},
    Route{"GET", "/v1/batches", list_batches},
    Route{"GET", "/v1/batches/{}", show_batch},
    Route{"POST", "/v1/batches/{}/cancel", cancel_batch},
    Route{"POST", "/v1/files/upload", upload_file},
    Route{"GET", "/v1/files/list", list_files},
    Route{"GET", "/v1/files/retrieve", retrieve_file},
    Route{"GET", "/v1/files/retrieve_content", file_content},
    Route{"POST", "/v1/files/delete", delete_file},
    Route{"GET", "/download/{}", download},
    Route{"POST", "/v1/get_voice", get_voice},
    Route{"POST", "/v1/delete_voice", delete_voice},
    Route{"GET", "/v1/models", models},
    Route{"GET", "/v1/token_plan/remains", plan},
};

}  // namespace

asio::awaitable<Reply> answer(Api& api, Request& request) {
    const std::string path = request.arguments[0];
    const std::string_view method =
        request.method == "HEAD" ? "GET" : std::string_view(request.method);
    Handler handler = nullptr;
    if (method == "POST" && find_paid_call(path) != nullptr) handler = paid_call;
    for (const Route& each : table) {
        std::vector<std::string> arguments;
        if (handler != nullptr || each.method != method) continue;
        if (!matches(each.pattern, path, arguments)) continue;
        handler = each.handler;
        for (std::string& argument : arguments)
            request.arguments.push_back(std::move(argument));
    }
    if (handler == nullptr) {
        Reply reply = refusal(
            Problem("not_found", "there is no " + request.method + " " + path + " in the gateway"),
            path);
        reply.status = 404;
        co_return reply;
    }
    Reply reply = co_await handler(api, request);
    co_return reply;
}

}  // namespace genspool::daemon::gateway::minimax
