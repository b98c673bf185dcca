// What costs money: a body becomes a job, and the job's end an answer.
#include <functional>
#include <stdexcept>
#include <utility>

#include "daemon/gateway/ended_reply.hpp"
#include "daemon/gateway/minimax/desk.hpp"
#include "daemon/gateway/minimax/ended_words.hpp"
#include "daemon/gateway/minimax/translation.hpp"
#include "daemon/gateway/placing.hpp"
#include "daemon/lookup.hpp"
#include "proto/base64.hpp"
#include "proto/references.hpp"
#include "proto/request_check.hpp"
#include "workers/file_pool.hpp"

namespace genspool::daemon::gateway::minimax {

namespace asio = boost::asio;

namespace {

/// A completion in a file is no longer than its reply was.
constexpr std::uint64_t completion_bytes_max = 128U << 20U;

/// Puts into `meant` what this number stands for, if it is ours. Why it can stand for nothing.
asio::awaitable<std::optional<Problem>> find_meant(Api& api, std::uint64_t number, Meant& meant) {
    std::optional<Problem> problem;
    const auto read = read_number(number);
    if (!read) co_return problem;
    if (read->of == Number::Of::upload) {
        const auto upload = co_await find_upload(api, std::to_string(number));
        if (upload)
            meant.files[number] =
                boost::json::object{{proto::file_member, proto::file_name_of(upload->sha256)}};
        co_return problem;
    }
    const auto job = co_await find_named(api, *read);
    if (!job) co_return problem;
    if (read->of == Number::Of::artifact && file_at(*job, read->artifact) == nullptr) {
        problem.emplace("invalid", "file " + std::to_string(number) + " is not made yet");
    } else if (read->of == Number::Of::artifact) {
        meant.files[number] = boost::json::object{
            {"$artifact", job->record.id.text() + "/" + place_of(*job, read->artifact)}};
    } else if (!job->record.tasks.empty()) {
        meant.tasks.emplace(number, job->record.tasks.back().id);
    } else {
        problem.emplace("invalid", "task " + std::to_string(number) +
                                       " is not at the upstream yet, or was never there");
    }
    co_return problem;
}

/// The same of all numbers in a body.
asio::awaitable<std::optional<Problem>> find_all_meant(Api& api, const boost::json::object& body,
                                                       Meant& meant) {
    const std::set<std::uint64_t> numbers = numbers_named(body);
    std::optional<Problem> problem;
    if (numbers.size() > names_max)
        problem.emplace("invalid", "the body names too many files and tasks");
    for (auto number = numbers.begin(); !problem && number != numbers.end(); ++number)
        problem = co_await find_meant(api, *number, meant);
    co_return problem;
}

/// Puts files in the place of those that are written out in the body.
asio::awaitable<std::optional<Problem>> hand_in_files(Api& api, boost::json::object& body) {
    std::optional<Problem> problem;
    const std::vector<WrittenOut> files = written_out_files(body);
    for (const WrittenOut& file : files) {
        auto bytes = proto::base64_decode(file.base64);
        if (!bytes) {
            problem.emplace("invalid", "a file in the body is no valid base64");
            co_return problem;
        }
        auto kept = co_await keep_file(api, std::move(*bytes), file.media_type);
        if (kept.problem) co_return std::move(kept.problem);
        *file.place =
            boost::json::object{{proto::file_member, proto::file_name_of(kept.kept.sha256)}};
    }
    co_return problem;
}

/// nullopt: the file is gone, or cannot be read now.
std::optional<std::string> read_whole(const workers::LocalRoot& artifacts,
                                      const std::string& name) {
    auto opened = open_artifact(artifacts, name);
    if (!opened || opened->bytes > completion_bytes_max) return std::nullopt;
    std::string text = read_at(opened->file, 0, opened->bytes);
    if (text.size() < opened->bytes) return std::nullopt;
    return text;
}

/// The job as it has ended, with all of what it said.
asio::awaitable<FoundJob> find_ended(Api& api, proto::JobSeq seq, const PaidCall& call) {
    FoundJob found = co_await find_job(api, seq, false);
    const bool chat = call.shape == Shape::chat || call.shape == Shape::openai_chat;
    if (!found.job || !chat || !is_home(*found.job, 0)) co_return found;
    const std::string name = file_at(*found.job, 0)->name;
    std::function<std::optional<std::string>()> read = [&api, &name] {
        return read_whole(api.artifacts, name);
    };
    auto text = co_await workers::on_pool(api.pool, std::move(read));
    if (text) {
        found.job->record.result = std::move(*text);
    } else {
        found.problem.emplace("internal", "a file of the job is gone, or cannot be read now");
        found.job.reset();
    }
    co_return found;
}

/// What is told of the job now.
asio::awaitable<Answer> answer_now(Api& api, Request& request, const PaidCall& call,
                                   proto::JobSeq seq, const Wishes& wishes) {
    const FoundJob found = co_await find_ended(api, seq, call);
    Answer answer;
    if (!found.job) {
        Reply reply = refused(request, *found.problem);
        answer.status = reply.status;
        answer.final = false;
        answer.add(std::move(reply.body));
        co_return answer;
    }
    const Link link = link_for(api, request, *found.job);
    answer = wishes.stream ? ended_events(call, *found.job, wishes, link)
                           : ended(call, *found.job, wishes, link);
    co_return answer;
}

}  // namespace

asio::awaitable<Reply> paid_call(Api& api, Request& request) {
    const PaidCall& call = *find_paid_call(request.arguments[0]);
    ObjectRead body = co_await read_json(api, request);
    if (body.problem) co_return refused(request, *body.problem);
    if (const auto fault = proto::request_fault(body.object))
        co_return refused(request, to_problem(*fault));
    const Wishes wishes = read_wishes(call, body.object);
    Meant meant;
    auto problem = co_await find_all_meant(api, body.object, meant);
    if (problem) co_return refused(request, *problem);
    const std::string* const account = request.parameter("account");
    const std::string bound = account != nullptr ? *account : std::string();
    problem = co_await hand_in_files(api, body.object);
    if (problem) co_return refused(request, *problem);
    Order order = order_of(call, std::move(body.object), meant, bound);
    if (order.line.size() > api.config.limits.line_bytes_max)
        co_return refused(request, Problem("too_large", "the body is too long, files apart"));
    Placed placed = co_await place(api, request, std::move(order));
    request.body->holds(0);
    if (placed.problem) co_return refused(request, *placed.problem);
    Receipt receipt;
    receipt.job = placed.job.record.id;
    receipt.waiter = std::move(placed.waiter);
    if (call.answered_at_once()) {
        Answer answer(created(call, placed.job, wishes));
        auto reply = co_await reply_with(api, std::move(answer), std::move(receipt));
        if (!reply) throw std::logic_error("an answer without files lacks one");
        co_return std::move(*reply);
    }
    const proto::JobSeq seq = receipt.job.seq();
    EventAnswer::Make make = [&api, &request, &call, seq, wishes] {
        return answer_now(api, request, call, seq, wishes);
    };
    if (wishes.stream) co_return answer_as_events(api, std::move(receipt), std::move(make));
    Reply reply = co_await answer_when_ended(api, request, std::move(receipt), std::move(make));
    co_return reply;
}

}  // namespace genspool::daemon::gateway::minimax
