#include "proto/minimax/event_reply.hpp"

#include <boost/json/serialize.hpp>

#include "proto/minimax/envelope.hpp"

namespace genspool::proto::minimax {

std::optional<Refusal> refusal_in(const boost::json::object& event, int status) {
    if (!event.contains("base_resp") && !event.contains("error")) return std::nullopt;
    boost::json::object said = event;
    said.erase("data");
    Reply one;
    one.status = status;
    one.body = boost::json::serialize(said);
    const Envelope envelope = read_envelope(one);
    if (succeeded(one, envelope)) return std::nullopt;
    return refusal(one, envelope);
}

}  // namespace genspool::proto::minimax
