#include <functional>
#include <utility>

#include "daemon/ledger_text.hpp"
#include "daemon/lookup.hpp"
#include "daemon/queue_calls.hpp"
#include "daemon/routes/routes.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

namespace {

/// The batch that is meant. One that is gone is still known by its whole id: the ledger outlives
/// it.
asio::awaitable<FoundBatch> find_or_recall(Api& api, std::string reference,
                                           std::optional<proto::BatchSeq>& batch) {
    FoundBatch found = co_await find_batch(api, reference);
    const auto id = proto::JobId::parse(reference);
    if (found.batch) {
        batch = found.batch->seq;
    } else if (id) {
        batch = id->batch_seq();
        found.problem.reset();
    }
    co_return found;
}

}  // namespace

asio::awaitable<Reply> ledger(Api& api, Request& request) {
    Query query(request);
    LedgerQuery wanted = read_ledger_query(query);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    if (wanted.batch) {
        std::string reference = *wanted.batch;
        const FoundBatch found =
            co_await find_or_recall(api, std::move(reference), wanted.filter.batch);
        if (found.problem) co_return to_reply(*found.problem);
    }
    std::string out;
    std::function<void(const queue::Reader&)> errand = [&](const queue::Reader& reader) {
        const auto batch_id = [&reader](proto::BatchSeq batch) {
            const auto view = reader.find_batch(batch);
            return view ? view->id.text() : std::string();
        };
        out = ledger_text(reader.ledger(wanted.filter, wanted.after, wanted.limit), batch_id);
    };
    co_await look(api.queue, std::move(errand));
    co_return Reply(200, std::move(out));
}

asio::awaitable<Reply> ledger_totals(Api& api, Request& request) {
    Query query(request);
    const TotalsQuery wanted = read_totals_query(query);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    std::string out;
    std::function<void(const queue::Reader&)> errand = [&](const queue::Reader& reader) {
        out = totals_text(reader.ledger_totals(wanted.filter, wanted.limit));
    };
    co_await look(api.queue, std::move(errand));
    co_return Reply(200, std::move(out));
}

}  // namespace genspool::daemon::routes
