#include "tests/simulation/hook_watch.hpp"

#include "daemon/hooks/courier.hpp"
#include "queue/reader.hpp"

namespace genspool::simulation {

namespace {

constexpr int refusals_max = 3;

std::string name_of(const queue::EventRecord& event) {
    return "event " + std::to_string(event.seq.value) + " (" + event.id.text() + " is " +
           std::string(proto::to_string(event.to)) + ")";
}

}  // namespace

const std::set<proto::State>& HookWatch::tells() {
    static const std::set<proto::State> states{proto::State::succeeded, proto::State::failed,
                                               proto::State::canceled, proto::State::held};
    return states;
}

void HookWatch::note(const queue::EventRecord& event, const queue::Core& core) {
    last_ = event.seq;
    const auto& cursors = core.memory().cursors;
    const auto cursor = cursors.find(daemon::hooks::Courier::cursor_of(name));
    if (!from_ && cursor != cursors.end()) from_ = cursor->second.upto;
    const bool told = told_before_noted_.erase(event.seq) > 0;
    const bool to_be_told = event.job && event.from != event.to && tells().contains(event.to);
    if (from_ && event.seq > *from_ && to_be_told && !told) untold_.emplace(event.seq, event);
}

void HookWatch::told(const queue::EventRecord& event) {
    if (event.seq > last_) told_before_noted_.insert(event.seq);
    untold_.erase(event.seq);
}

std::string HookWatch::untold(const queue::Core& core) const {
    std::string text;
    for (const auto& [seq, event] : untold_)
        text += " the hook is still to be told of " + name_of(event);
    for (const auto& [cursor, at] : core.memory().cursors)
        text += " (cursor " + cursor + ": " + std::to_string(at.upto.value) + ", done with " +
                std::to_string(at.done.value) + ")";
    const std::string mine = daemon::hooks::Courier::cursor_of(name);
    for (const queue::NoteEvent& note : queue::CoreReader(core).event_notes(mine, {}, 100))
        text += " (note " + std::to_string(note.event.value) + ": " + note.value + ")";
    return text;
}

void HookWatch::check_end() const {
    for (const auto& [seq, event] : untold_)
        broke_("the hook was never told of " + name_of(event));
}

boost::asio::awaitable<daemon::hooks::Outcome> Listener::tell(daemon::hooks::Message message) {
    const proto::Duration taking = dice_.span(proto::Duration{4'000});
    const bool refuses = dice_.chance(30);
    const bool taken_for_lost = dice_.chance(10);
    daemon::hooks::Outcome outcome;
    const bool slept = co_await clock_.sleep_until(clock_.now() + taking);
    int& refused = refused_[message.event.seq];
    if (!slept || (refuses && refused < refusals_max)) {
        if (slept) ++refused;
        outcome.error = "it was not taken";
        co_return outcome;
    }
    watch_.told(message.event);
    if (taken_for_lost && refused < refusals_max) {
        ++refused;
        outcome.error = "the answer was lost";
    }
    co_return outcome;
}

}  // namespace genspool::simulation
