// What costs money: a body becomes a job, and the job, or its end, an answer.
#include <boost/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "daemon/gateway/ended_reply.hpp"
#include "daemon/gateway/intake.hpp"
#include "daemon/gateway/placing.hpp"
#include "daemon/gateway/useapi/desk.hpp"
#include "daemon/gateway/useapi/envelope.hpp"
#include "daemon/gateway/useapi/order_body.hpp"
#include "daemon/gateway/useapi/task_words.hpp"
#include "daemon/gateway/useapi/translation.hpp"
#include "daemon/lookup.hpp"
#include "proto/canonical_json.hpp"
#include "proto/references.hpp"
#include "proto/request_check.hpp"
#include "proto/utf8.hpp"

namespace genspool::daemon::gateway::useapi {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::size_t reply_ref_max = 1'024;  ///< characters

/// What the ids of files in a body stand for, and the account that it is bound to.
struct Looked {
    Meant meant;
    std::string account;
    std::optional<Problem> problem;

    Looked() = default;
};

/// Of an id of ours: the file that was uploaded, or that a job makes; null: there is none.
asio::awaitable<json::value> find_meant(Api& api, Id id) {
    const auto number = read_number(id.number);
    json::value reference;
    if (number && number->of == Number::Of::upload) {
        const auto upload = co_await find_upload(api, id.number);
        if (upload)
            reference = json::object{{proto::file_member, proto::file_name_of(upload->sha256)}};
    } else if (number && number->of == Number::Of::artifact) {
        const auto job = co_await find_named(api, *number);
        if (job)
            reference = json::object{
                {"$artifact", job->record.id.text() + "/" + std::to_string(number->artifact)}};
    }
    co_return reference;
}

asio::awaitable<Looked> look_up(Api& api, const json::object& body, const std::string& called) {
    Looked looked;
    const bool named = !called.empty() && called != "0";
    if (named) looked.account = find_account(api, called);
    if (named && looked.account.empty()) {
        looked.problem.emplace("invalid", "account " + called + " is not configured", "account");
        co_return looked;
    }
    const std::vector<std::string> names = files_named(body);
    if (names.size() > names_max) {
        looked.problem.emplace(
            "invalid", "the body names too many files, more than " + std::to_string(names_max));
        co_return looked;
    }
    for (const std::string& name : names) {
        const Id id = read_id(name).value();
        if (!id.ours()) {
            // Only the account that has the file can use it.
            if (looked.account.empty()) looked.account = find_account(api, id.account);
            continue;
        }
        json::value reference = co_await find_meant(api, id);
        if (reference.is_null()) {
            looked.problem.emplace("invalid", "there is no file " + name);
            co_return looked;
        }
        looked.meant.emplace(name, std::move(reference));
    }
    co_return looked;
}

/// What is told of the job now, to who has waited for it.
asio::awaitable<Answer> answer_now(Api& api, Request& request, const PaidCall& call,
                                   proto::JobSeq seq) {
    const FoundJob found = co_await find_job(api, seq, false);
    Answer answer;
    if (!found.job) {
        Reply reply = refused(*found.problem);
        answer.status = reply.status;
        answer.final = false;
        const bool event = call.shape == Shape::played;
        answer.add(event ? "data: " + reply.body + "\n\n" : std::move(reply.body));
        co_return answer;
    }
    const queue::JobView& job = *found.job;
    const Link link = link_for(api, request, job);
    const json::object view = shown(job, word_of(call.kind).value(), 0, link);
    answer.final = proto::is_terminal(job.record.state);
    if (call.shape == Shape::played) {
        answer.add("data: " + proto::compact_json(view) + "\n\n");
        co_return answer;
    }
    if (job.record.state != proto::State::succeeded) co_return no_answer(job);
    answer.add(proto::compact_json(view));
    co_return answer;
}

/// Word of the job, and then its end.
asio::awaitable<Reply> answer_later(Api& api, Request& request, const PaidCall& call,
                                    const queue::JobView& job, Receipt receipt) {
    const proto::JobSeq seq = job.record.seq;
    EventAnswer::Make make = [&api, &request, &call, seq] {
        return answer_now(api, request, call, seq);
    };
    if (call.shape == Shape::played) {
        const Link link = link_for(api, request, job);
        std::string first =
            "data: " + proto::compact_json(shown(job, Word::video, 0, link)) + "\n\n";
        co_return answer_as_events(api, std::move(receipt), std::move(make), std::move(first));
    }
    Reply reply = co_await answer_when_ended(api, request, std::move(receipt), std::move(make));
    co_return reply;
}

}  // namespace

asio::awaitable<Reply> paid_call(Api& api, Request& request) {
    const PaidCall& call = *find_paid_call(request.arguments[0]);
    ObjectRead body = co_await read_order(api, request);
    if (body.problem) co_return refused(*body.problem);
    Wishes wishes = take_wishes(call, body.object);
    if (const auto fault = proto::request_fault(body.object)) co_return refused(to_problem(*fault));
    if (wishes.account.empty()) wishes.account = parameter(request, "account");
    if (proto::code_points(wishes.reply_ref) > reply_ref_max)
        co_return refused(Problem("too_long", "replyRef is longer than 1024 characters"));
    const Looked looked = co_await look_up(api, body.object, wishes.account);
    if (looked.problem) co_return refused(*looked.problem);
    Order order = order_of(call, std::move(body.object), looked.meant, looked.account, wishes);
    if (order.line.size() > api.config.limits.line_bytes_max)
        co_return refused(Problem("too_large", "the body is too long"));
    Placed placed = co_await place(api, request, std::move(order));
    request.body->holds(0);
    if (placed.problem) co_return refused(*placed.problem);
    Receipt receipt;
    receipt.job = placed.job.record.id;
    receipt.waiter = std::move(placed.waiter);
    if (!wishes.answered_at_once) {
        Reply reply = co_await answer_later(api, request, call, placed.job, std::move(receipt));
        co_return reply;
    }
    Answer answer(created(call, placed.job, link_for(api, request, placed.job)));
    answer.status = call.status;
    auto reply = co_await reply_with(api, std::move(answer), std::move(receipt));
    if (!reply) throw std::logic_error("an answer without files lacks one");
    co_return std::move(*reply);
}

}  // namespace genspool::daemon::gateway::useapi
