#include "tests/simulator/streamed.hpp"

#include <boost/json/serialize.hpp>

#include "tests/simulator/replies.hpp"

namespace genspool::simulator {

namespace json = boost::json;

ModelReply answer_events(const std::vector<json::object>& events) {
    std::string body;
    for (const json::object& event : events)
        body += "data: " + json::serialize(event) + "\r\n\r\n";
    ModelReply reply;
    reply.headers.emplace_back("Content-Type", "text/event-stream");
    reply.body = std::move(body);
    return reply;
}

ModelReply stream_audio(std::string_view hex, json::object last, bool excluded) {
    constexpr std::size_t pieces = 3;
    std::vector<json::object> events;
    const std::size_t size = (hex.size() / pieces + 1) & ~std::size_t{1};
    for (std::size_t at = 0; at < hex.size(); at += size) {
        json::object data{{"audio", hex.substr(at, size)}, {"status", 1}};
        events.push_back({{"data", std::move(data)}, {"extra_info", nullptr}});
    }
    last["data"] = json::object{{"audio", excluded ? std::string_view() : hex}, {"status", 2}};
    json::object base{{"status_code", 0}, {"status_msg", "success"}};
    last["base_resp"] = std::move(base);
    events.push_back(std::move(last));
    return answer_events(events);
}

}  // namespace genspool::simulator
