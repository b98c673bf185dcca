#include <algorithm>
#include <utility>

#include "daemon/body.hpp"
#include "daemon/job_text.hpp"
#include "daemon/lookup.hpp"
#include "daemon/query.hpp"
#include "daemon/routes/routes.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::size_t labels_max = 64;
constexpr std::size_t label_name_bytes_max = 64;
constexpr std::size_t label_value_bytes_max = 256;

void read_priority(ObjectBody& body, queue::Patch& patch) {
    const json::value* const value = body.take("priority");
    if (value == nullptr) return;
    const std::int64_t* const number = value->if_int64();
    if (number == nullptr || *number < 0 || *number > 9) {
        body.refuse("priority", "priority must be a whole number from 0 (last) to 9 (first).");
    } else {
        patch.priority = static_cast<std::uint8_t>(*number);
    }
}

void read_labels(ObjectBody& body, queue::Patch& patch) {
    const json::value* const value = body.take("labels");
    if (value == nullptr) return;
    if (!value->is_object() || value->get_object().size() > labels_max) {
        body.refuse("labels", "labels must be an object of at most 64 texts.");
        return;
    }
    std::vector<std::pair<std::string, std::string>> labels;
    for (const auto& [name, text] : value->get_object()) {
        const bool fits = !name.empty() && name.size() <= label_name_bytes_max &&
                          text.is_string() && text.get_string().size() <= label_value_bytes_max;
        if (!fits) {
            body.refuse("labels." + std::string(name),
                        "A label has a name of 1 to 64 bytes and a text of at most 256.");
            return;
        }
        labels.emplace_back(name, text.get_string());
    }
    std::ranges::sort(labels);
    patch.labels = std::move(labels);
}

}  // namespace

asio::awaitable<Reply> patch_job(Api& api, Request& request) {
    Query query(request);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    ObjectBody body = co_await read_object(request);
    queue::Patch patch;
    read_priority(body, patch);
    read_labels(body, patch);
    body.finish();
    if (!patch.priority && !patch.labels)
        body.refuse("", "Only priority and labels can be changed; name one of them.");
    if (body.problem) co_return to_reply(*body.problem);

    FoundJob found = co_await find_job(api, request.arguments[0], false);
    if (!found.job) co_return to_reply(*found.problem);
    const proto::JobSeq job = found.job->record.seq;
    patch.job = job;
    patch.actor = queue::Actor{request.caller.principal, request.caller.admin};
    queue::Command command = std::move(patch);
    queue::Answer answer = co_await api.line.ask(std::move(command));
    if (answer.errc != queue::Errc::ok && answer.errc != queue::Errc::already) {
        Problem problem = to_problem(answer);
        problem.job_id = found.job->record.id.text();
        co_return to_reply(problem);
    }
    FoundJob after = co_await find_job(api, job, true);
    if (!after.job) co_return to_reply(*after.problem);
    co_return Reply(200,
                    job_text(*after.job, after.explanation, api.artifact_root, api.clock.now()));
}

}  // namespace genspool::daemon::routes
