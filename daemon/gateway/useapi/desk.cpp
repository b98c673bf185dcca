#include "daemon/gateway/useapi/desk.hpp"

#include <boost/json/serialize.hpp>

#include "daemon/gateway/intake.hpp"
#include "daemon/gateway/useapi/envelope.hpp"
#include "daemon/gateway/useapi/task_words.hpp"
#include "proto/canonical_json.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::daemon::gateway::useapi {

namespace asio = boost::asio;

asio::awaitable<std::optional<Piece>> find_piece(Api& api, Id id) {
    std::optional<Piece> piece;
    const auto number = read_number(id.number);
    if (!id.ours() || !number || number->of == Number::Of::upload) co_return piece;
    auto job = co_await find_named(api, *number);
    if (!job || job->spec.provider != provider || word_of(job->spec.kind) != id.word)
        co_return piece;
    const std::size_t n = number->of == Number::Of::artifact ? number->artifact : 0;
    if (n >= count_of(*job, id.word)) co_return piece;
    piece.emplace();
    piece->job = std::move(*job);
    piece->n = n;
    co_return piece;
}

std::string find_account(const Api& api, std::string_view called) {
    if (called.empty()) return {};
    const auto accounts = api.remote.accounts();
    std::string unnamed;  // one whose number at the upstream nobody has written down
    int all = 0;
    for (const auto& [name, account] : accounts->all()) {
        if (account.provider != provider) continue;
        if (name == called || account.upstream_account == called) return name;
        ++all;
        if (account.upstream_account.empty()) unnamed = name;
    }
    return all == 1 && proto::whole_number(called) ? unnamed : "";
}

std::string listed_account(const Api& api, const Request& request,
                           std::optional<Problem>& problem) {
    const std::string called = parameter(request, "account");
    if (called.empty() || called == "0") return {};
    std::string name = find_account(api, called);
    if (name.empty())
        problem.emplace("invalid", "account " + called + " is not configured", "account");
    return name;
}

bool is_at(const queue::JobView& job, std::string_view account) {
    return (job.record.account.empty() ? job.spec.account : job.record.account) == account;
}

std::string shown_account(const Api& api, const std::string& name) {
    const auto accounts = api.remote.accounts();
    const workers::Account* const account = accounts->find(name);
    if (account != nullptr && !account->upstream_account.empty()) return account->upstream_account;
    return name.empty() ? "0" : name;
}

bool is_deleted(const queue::JobView& job, std::size_t n) {
    const std::string deleted = " " + label_of(job, deleted_label) + " ";
    return deleted.find(" " + std::to_string(n) + " ") != std::string::npos;
}

Reply answered(const boost::json::value& value) {
    return Reply(200, proto::compact_json(value));
}

Reply refused(const Problem& problem) {
    return refusal(problem, {});
}

Reply no_id(const std::string& given) {
    return refused(Problem("invalid", "'" + given + "' is no such id"));
}

Reply nothing_there(const std::string& id) {
    return refused(Problem("not_found", "there is no " + id));
}

}  // namespace genspool::daemon::gateway::useapi
