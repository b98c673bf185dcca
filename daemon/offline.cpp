#include "daemon/offline.hpp"

#include <ostream>
#include <stdexcept>
#include <utility>

#include "daemon/idle_state.hpp"
#include "daemon/ledger_text.hpp"
#include "daemon/router.hpp"
#include "daemon/verify_state.hpp"
#include "queue/keys.hpp"
#include "queue/ledger.hpp"
#include "queue/rows.hpp"

namespace genspool::daemon {

namespace {

/// What was asked for cannot be answered.
class Refused : public std::runtime_error {
public:
    Refused(ExitCode exit, const std::string& sentence)
        : std::runtime_error(sentence), exit_(exit) {}

    ExitCode exit() const { return exit_; }

private:
    ExitCode exit_;
};

ExitCode exit_of(NotIdle::Why why) {
    return why == NotIdle::Why::missing ? ExitCode::not_found : ExitCode::not_allowed;
}

std::string batch_id(const queue::Store& store, proto::BatchSeq batch) {
    const auto bytes = store.get(queue::keys::batch(batch));
    const auto view = bytes ? queue::decode<queue::BatchView>(*bytes) : std::nullopt;
    return view ? view->id.text() : std::string();
}

/// By whole id, which may be of a batch that is gone, or by the beginning of one.
proto::BatchSeq find_batch(const queue::Store& store, const std::string& reference) {
    if (const auto id = proto::JobId::parse(reference)) return id->batch_seq();
    const auto first = proto::JobId::lowest_with_prefix(reference);
    const auto last = proto::JobId::highest_with_prefix(reference);
    proto::BatchSeq match;
    store.scan(queue::keys::family_begin(queue::keys::batch_family),
               queue::keys::family_end(queue::keys::batch_family),
               [&](std::string_view, std::string_view value) {
                   const auto batch = queue::decode<queue::BatchView>(value);
                   if (!batch || !first || !last || batch->id < *first || *last < batch->id)
                       return true;
                   if (match)
                       throw Refused(ExitCode::usage,
                                     "more than one batch begins with " + reference);
                   match = batch->seq;
                   return true;
               });
    if (!match) throw Refused(ExitCode::not_found, "there is no batch " + reference);
    return match;
}

void refuse_wrong(Query& query) {
    if (const auto problem = query.finish()) throw Refused(ExitCode::usage, problem->detail);
}

void tell_rows(const queue::Store& store, const Request& request, std::ostream& out) {
    Query query(request);
    LedgerQuery wanted = read_ledger_query(query);
    refuse_wrong(query);
    if (wanted.batch) wanted.filter.batch = find_batch(store, *wanted.batch);
    const auto id_of = [&store](proto::BatchSeq batch) { return batch_id(store, batch); };
    do {
        const queue::LedgerPage page =
            queue::read_ledger(store, wanted.filter, wanted.after, wanted.limit);
        out << ledger_text(page, id_of) << '\n';
        wanted.after = page.next;
    } while (wanted.after);
}

void tell_totals(const queue::Store& store, const Request& request, std::ostream& out) {
    Query query(request);
    TotalsQuery wanted = read_totals_query(query);
    refuse_wrong(query);
    do {
        const queue::LedgerTotals page =
            queue::read_ledger_totals(store, wanted.filter, wanted.limit);
        out << totals_text(page) << '\n';
        wanted.filter.first = page.next;
    } while (!wanted.filter.first.empty());
}

ExitCode tell_ledger(const OfflineOptions& options, std::ostream& out) {
    Request request;
    request.target = options.target;
    const auto path = read_target(request);
    const bool rows = path == "/v1/ledger";
    if (!rows && path != "/v1/ledger/totals")
        throw Refused(ExitCode::usage, "a directory cannot be asked for " + options.target);
    const IdleState state(options.ledger);
    if (rows) {
        tell_rows(state.store(), request, out);
    } else {
        tell_totals(state.store(), request, out);
    }
    return ExitCode::ok;
}

ExitCode tell_verdict(const OfflineOptions& options, std::ostream& out) {
    const StateVerdict verdict = verify_state(options.verify, !options.quick);
    out << verdict_text(options.verify, verdict) << '\n';
    return verdict.broken().empty() ? ExitCode::ok : ExitCode::failed;
}

}  // namespace

ExitCode run_offline(const OfflineOptions& options, std::ostream& out, std::ostream& err) {
    ExitCode exit = ExitCode::failed;
    std::string why;
    try {
        exit = options.verify.empty() ? tell_ledger(options, out) : tell_verdict(options, out);
        if (out.flush()) return exit;
        why = "the answer cannot be written";
        exit = ExitCode::failed;
    } catch (const Refused& refused) {
        exit = refused.exit();
        why = refused.what();
    } catch (const NotIdle& busy) {
        exit = exit_of(busy.why());
        why = busy.what();
    } catch (const std::exception& error) {
        why = error.what();
    }
    err << "genspool: " << why << '\n';
    return exit;
}

}  // namespace genspool::daemon
