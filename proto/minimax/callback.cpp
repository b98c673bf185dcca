#include "proto/minimax/callback.hpp"

#include <boost/json.hpp>
#include <utility>

#include "proto/minimax/envelope.hpp"
#include "proto/minimax/task_reply.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

/// v1 names it at the top, v2 inside the task; a batch is shown as it is.
std::string task_of(const json::object& fields) {
    const json::object* const task = object_member(fields, "task");
    std::string id = task != nullptr ? text_or_number(*task, "id") : std::string();
    for (const std::string_view name : {"task_id", "id"})
        if (!is_usable_id(id)) id = text_or_number(fields, name);
    return is_usable_id(id) ? id : std::string();
}

}  // namespace

Callback read_callback(std::string_view body) {
    Callback said;
    json::error_code error;
    const json::value parsed = json::parse(json::string_view(body.data(), body.size()), error);
    if (error || !parsed.is_object()) return said;
    const json::object& fields = parsed.get_object();
    const json::value* const challenge = fields.if_contains("challenge");
    if (challenge == nullptr || !challenge->is_string()) {
        said.task = task_of(fields);
    } else {
        json::object echo;
        echo.emplace("challenge", *challenge);
        said.answer = json::serialize(echo);
    }
    return said;
}

}  // namespace genspool::proto::minimax
