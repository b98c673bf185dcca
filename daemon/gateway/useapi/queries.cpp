// What becomes of what was ordered, one by one; and what a client wants to see no more.
#include <algorithm>
#include <utility>

#include "daemon/gateway/order.hpp"
#include "daemon/gateway/useapi/desk.hpp"
#include "daemon/gateway/useapi/envelope.hpp"
#include "daemon/gateway/useapi/task_words.hpp"

namespace genspool::daemon::gateway::useapi {

namespace asio = boost::asio;

namespace {

asio::awaitable<Reply> show(Api& api, Request& request, Word word) {
    const std::string given = request.arguments[1];
    const auto id = read_id(given);
    if (!id || id->word != word) co_return no_id(given);
    if (!id->ours()) {
        Reply reply = co_await pass_on(api, request);
        co_return reply;
    }
    const auto piece = co_await find_piece(api, *id);
    if (!piece) co_return nothing_there(given);
    const Link link = link_for(api, request, piece->job);
    co_return answered(shown(piece->job, word, piece->n, link));
}

/// Says on the job that lists are to leave it out: what it made stays.
asio::awaitable<std::optional<Problem>> hide(Api& api, const Request& request,
                                             const queue::JobView& job) {
    queue::Patch patch;
    patch.job = job.record.seq;
    patch.actor = {request.caller.principal, request.caller.admin};
    patch.labels = job.spec.labels;
    // The note that it was answered may be on its way, and must not be taken back.
    if (api.gateway->answers.answered(patch.job))
        for (auto& [name, value] : *patch.labels)
            if (name == answer_label) value = answer_given;
    if (!is_deleted(job)) patch.labels->emplace_back(deleted_label, deleted_value);
    std::sort(patch.labels->begin(), patch.labels->end());
    queue::Command command = std::move(patch);
    const queue::Answer answer = co_await api.line.ask(std::move(command));
    std::optional<Problem> problem;
    if (answer.errc != queue::Errc::ok && answer.errc != queue::Errc::already)
        problem = to_problem(answer);
    co_return problem;
}

/// Answers 200 for what was never there, too.
asio::awaitable<Reply> remove(Api& api, Request& request, Word word) {
    const std::string given = request.arguments[1];
    const auto id = read_id(given);
    if (!id || id->word != word) co_return no_id(given);
    if (!id->ours()) {
        Reply reply = co_await pass_on(api, request);
        co_return reply;
    }
    const auto piece = co_await find_piece(api, *id);
    if (!piece) co_return answered(boost::json::object());
    if (word == Word::audio && !proto::is_terminal(piece->job.record.state))
        co_return refused(Problem("invalid", "still running: DELETE /scheduler/" + given));
    const auto problem = co_await hide(api, request, piece->job);
    if (problem) co_return refused(*problem);
    co_return answered(boost::json::object());
}

}  // namespace

asio::awaitable<Reply> show_video(Api& api, Request& request) {
    return show(api, request, Word::video);
}

asio::awaitable<Reply> show_image(Api& api, Request& request) {
    return show(api, request, Word::image);
}

asio::awaitable<Reply> show_clip(Api& api, Request& request) {
    return show(api, request, Word::audio);
}

asio::awaitable<Reply> show_song(Api& api, Request& request) {
    return show(api, request, Word::music);
}

asio::awaitable<Reply> show_agent(Api& api, Request& request) {
    return show(api, request, Word::agent);
}

asio::awaitable<Reply> delete_video(Api& api, Request& request) {
    return remove(api, request, Word::video);
}

asio::awaitable<Reply> delete_image(Api& api, Request& request) {
    return remove(api, request, Word::image);
}

asio::awaitable<Reply> delete_clip(Api& api, Request& request) {
    return remove(api, request, Word::audio);
}

}  // namespace genspool::daemon::gateway::useapi
