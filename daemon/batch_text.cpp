#include "daemon/batch_text.hpp"

#include "proto/json_writer.hpp"

namespace genspool::daemon {

std::string batch_text(const queue::BatchView& batch) {
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.text("id", batch.id.text());
    json.text("source", batch.source == queue::BatchSource::http ? "http" : "inbox");
    json.text_or_null("name", batch.name);
    json.text("principal", batch.principal);
    json.moment("created_at", batch.created_at);
    json.moment("ended_at", batch.ended_at);
    json.count("accepted", batch.accepted);
    json.count("refused", batch.refused);
    json.begin_object("states");
    for (std::size_t i = 1; i < proto::state_count; ++i) {
        if (batch.by_state[i] == 0) continue;
        json.count(proto::to_string(static_cast<proto::State>(i)), batch.by_state[i]);
    }
    json.end_object();
    json.begin_object("cost");
    json.money("spent", batch.spent);
    json.money("reserved", batch.reserved);
    json.money("uncertain", batch.uncertain);
    json.text_or_null("unit", proto::to_string(batch.unit));
    json.money("budget", batch.budget);
    json.end_object();
    json.end_object();
    return out;
}

}  // namespace genspool::daemon
