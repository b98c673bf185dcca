#include "daemon/event_text.hpp"

#include "proto/json_writer.hpp"

namespace genspool::daemon {
namespace {

/// A job that is not there yet, or no longer, has no state that anybody knows by name.
std::string_view state_name(proto::State state) {
    return state == proto::State::absent ? std::string_view() : proto::to_string(state);
}

}  // namespace

std::string event_text(const queue::EventRecord& event, std::string_view batch_id) {
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.count("seq", event.seq.value);
    // An event without a job is a batch's: it was sealed, and its jobs are there from now on.
    const bool of_batch = !event.job;
    json.text_or_null("job_id", of_batch ? std::string() : event.id.text());
    json.text_or_null("batch", batch_id);
    json.moment("at", event.at);
    json.text("event", of_batch ? "batch_sealed" : proto::to_string(event.event));
    json.text_or_null("from", state_name(event.from));
    json.text_or_null("to", of_batch ? std::string_view() : state_name(event.to));
    json.count("send", event.send);
    json.text_or_null("account", event.account);
    json.text_or_null("detail", event.detail);
    json.end_object();
    return out;
}

}  // namespace genspool::daemon
