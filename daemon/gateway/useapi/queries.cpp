// What becomes of what was ordered, one by one; and what a client wants to see no more.
#include <algorithm>
#include <utility>
#include <vector>

#include "daemon/gateway/useapi/desk.hpp"
#include "daemon/gateway/useapi/envelope.hpp"
#include "daemon/gateway/useapi/task_words.hpp"
#include "daemon/lookup.hpp"

namespace genspool::daemon::gateway::useapi {

namespace asio = boost::asio;

namespace {

constexpr int tries_max = 8;

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

/// The job's labels, with its n-th thing among those that are deleted.
std::vector<std::pair<std::string, std::string>> labels_without(const queue::JobView& job,
                                                                std::size_t n) {
    auto labels = job.spec.labels;
    const std::string deleted = label_of(job, deleted_label);
    std::erase_if(labels, [](const auto& label) { return label.first == deleted_label; });
    labels.emplace_back(deleted_label,
                        deleted.empty() ? std::to_string(n) : deleted + " " + std::to_string(n));
    std::ranges::sort(labels);
    return labels;
}

/// Says on the job that lists are to leave its n-th thing out: it stays.
asio::awaitable<std::optional<Problem>> hide(Api& api, const Request& request, Piece piece) {
    std::optional<Problem> problem;
    // Whoever says it of another at the same time may undo it: labels are written whole.
    for (int tries = 0; !problem && tries < tries_max && !is_deleted(piece.job, piece.n); ++tries) {
        queue::Patch patch;
        patch.job = piece.job.record.seq;
        patch.actor = {request.caller.principal, request.caller.admin};
        patch.labels = labels_without(piece.job, piece.n);
        queue::Command command = std::move(patch);
        const queue::Answer answer = co_await api.line.ask(std::move(command));
        if (answer.errc != queue::Errc::ok) problem = to_problem(answer);
        FoundJob found = co_await find_job(api, piece.job.record.seq, false);
        if (!found.job) break;  // its retention is over
        piece.job = std::move(*found.job);
    }
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
    auto piece = co_await find_piece(api, *id);
    if (!piece) co_return answered(boost::json::object());
    if (word == Word::audio && !proto::is_terminal(piece->job.record.state))
        co_return refused(Problem("invalid", "still running: DELETE /scheduler/" + given));
    const auto problem = co_await hide(api, request, std::move(*piece));
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
