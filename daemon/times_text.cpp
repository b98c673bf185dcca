#include "daemon/times_text.hpp"

#include <cstdint>
#include <string_view>

#include "proto/json_writer.hpp"

namespace genspool::daemon {
namespace {

void write_within(proto::JsonWriter& json, std::string_view key,
                  const proto::CompletionTimes& times, std::uint32_t percent) {
    if (!times.tell()) return json.null(key);
    json.text(key, proto::format_duration(times.within(percent)));
}

}  // namespace

std::string times_text(const std::vector<queue::LearnedTimes>& learned) {
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.begin_array("times");
    for (const queue::LearnedTimes& sort : learned) {
        json.begin_object();
        json.text("key", sort.sort);
        json.count("tasks", sort.times->took().size());
        write_within(json, "quick", *sort.times, 5);
        write_within(json, "median", *sort.times, 50);
        write_within(json, "slow", *sort.times, 95);
        json.moment("learned_at", sort.learned_at);
        json.end_object();
    }
    json.end_array();
    json.end_object();
    return out;
}

}  // namespace genspool::daemon
