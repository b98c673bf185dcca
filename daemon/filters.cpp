#include "daemon/filters.hpp"

#include <utility>

#include "daemon/lookup.hpp"
#include "proto/json_writer.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;

asio::awaitable<ReadFilter> read_filter(Api& api, Query& query) {
    ReadFilter read;
    if (const auto state = query.text("state")) {
        read.filter.state = proto::parse_state(*state);
        if (!read.filter.state) query.refuse("state", "\"" + *state + "\" is no state of a job.");
        read.selects = true;
    }
    if (const auto kind = query.text("kind")) {
        read.filter.kind = proto::parse_kind(*kind);
        if (!read.filter.kind) query.refuse("kind", "\"" + *kind + "\" is no kind of job.");
        read.selects = true;
    }
    read.filter.op = query.text("op").value_or("");
    read.filter.account = query.text("account").value_or("");
    read.filter.doubtful = query.flag("doubtful");
    read.filter.unanswered = query.flag("unanswered");
    for (const std::string& label : query.texts("label")) {
        const std::size_t equals = label.find('=');
        if (equals == 0 || equals == std::string::npos) {
            query.refuse("label", "A label is selected as label=NAME=VALUE.");
        } else {
            read.filter.labels.emplace_back(label.substr(0, equals), label.substr(equals + 1));
        }
    }
    read.selects = read.selects || read.filter.doubtful || read.filter.unanswered ||
                   !read.filter.op.empty() || !read.filter.account.empty() ||
                   !read.filter.labels.empty();
    std::optional<std::string> reference = query.text("batch");
    if (reference) {
        FoundBatch found = co_await find_batch(api, std::move(*reference));
        read.problem = std::move(found.problem);
        if (read.problem) read.problem->field = "batch";
        if (found.batch) read.filter.batch = found.batch->seq;
        read.selects = true;
    }
    co_return read;
}

proto::JobSeq read_cursor(Query& query) {
    return {query.count("cursor", 1, UINT64_MAX).value_or(0)};
}

void write_next(proto::JsonWriter& json, std::uint64_t next) {
    json.text_or_null("next", next == 0 ? std::string() : std::to_string(next));
}

}  // namespace genspool::daemon
