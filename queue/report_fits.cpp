#include "queue/report_fits.hpp"

namespace genspool::queue {
namespace {

using proto::JobRecord;
using proto::State;

struct Fits {
    const JobRecord& record;

    bool operator()(const Prepared&) const { return is(State::preparing); }
    bool operator()(const PutBack&) const { return is(State::preparing) || is(State::submitting); }
    bool operator()(const Refused& report) const {
        const bool nothing_bought = report.refusal.on_create == proto::OnCreate::not_created;
        return is(State::submitting) || (is(State::preparing) && nothing_bought);
    }
    bool operator()(const TakenUp& report) const {
        return is(State::submitting) && !report.tasks.empty();
    }
    bool operator()(const DeliveredAtOnce&) const { return is(State::submitting); }
    bool operator()(const Ambiguous&) const { return is(State::submitting); }
    bool operator()(const Searched&) const { return sought(); }
    bool operator()(const Unchanged&) const { return upstream() || sought(); }
    bool operator()(const QueryRefused&) const { return upstream(); }
    bool operator()(const Done&) const { return upstream(); }
    bool operator()(const Failed&) const { return upstream(); }
    bool operator()(const ArtifactNamed& report) const { return has(report.n); }
    bool operator()(const ArtifactHome& report) const { return has(report.n); }
    bool operator()(const ArtifactLost& report) const { return has(report.n); }
    bool operator()(const FetchLater&) const { return is(State::fetching); }

private:
    bool is(State state) const { return record.state == state; }
    bool upstream() const { return is(State::running) || is(State::canceling); }
    bool sought() const { return is(State::unknown) || is(State::held); }
    bool has(std::uint32_t artifact) const {
        return is(State::fetching) && artifact < record.artifacts.size();
    }
};

/// A step begun in one state may report in it, or where a cancel has taken the job meanwhile.
bool follows(State from, State now) {
    return from == now || (from == State::running && now == State::canceling);
}

}  // namespace

bool fits(const JobRecord& record, State from, const Report& report) {
    return follows(from, record.state) && std::visit(Fits{record}, report);
}

}  // namespace genspool::queue
