#include <boost/json/array.hpp>

#include "tests/simulator/replies.hpp"
#include "tests/simulator/sale.hpp"
#include "tests/simulator/streamed.hpp"

namespace genspool::simulator {
namespace {

namespace json = boost::json;

std::string said_back(const json::object& request) {
    return "You said: " + std::string(last_message(request));
}

json::object chunk(std::string_view content) {
    json::object delta{{"role", "assistant"}, {"content", content}};
    json::object choice{{"index", 0}, {"delta", std::move(delta)}};
    return {{"object", "chat.completion.chunk"}, {"choices", json::array{std::move(choice)}}};
}

}  // namespace

json::object completion(World& world, const json::object& request, Instant now) {
    const std::string content = said_back(request);
    json::object message{{"role", "assistant"}, {"content", content}};
    json::object choice{{"finish_reason", "stop"}, {"index", 0}, {"message", std::move(message)}};
    json::object usage{{"total_tokens", 30}, {"prompt_tokens", 10}, {"completion_tokens", 20}};
    json::object answer;
    answer.emplace("id", std::to_string(world.next_number()));
    answer.emplace("choices", json::array{std::move(choice)});
    answer.emplace("created", now.time_since_epoch().count() / 1000);
    answer.emplace("model", text_field(request, "model"));
    answer.emplace("object", "chat.completion");
    answer.emplace("usage", std::move(usage));
    answer.emplace("base_resp", json::object{{"status_code", 0}, {"status_msg", ""}});
    return answer;
}

Problem check_chat(const json::object& body) {
    const auto* messages = body.if_contains("messages");
    const bool some = messages != nullptr && messages->is_array() && !messages->get_array().empty();
    return FieldCheck(body)
        .need_family("model", {"MiniMax-", "M2-"})
        .require(some, "messages are required")
        .may_flag("stream")
        .may_whole("max_completion_tokens", 1, 1'000'000)
        .problem();
}

std::string_view last_message(const json::object& body) {
    const auto* messages = body.if_contains("messages");
    if (messages == nullptr || !messages->is_array() || messages->get_array().empty()) return {};
    const json::object* const last = messages->get_array().back().if_object();
    if (last == nullptr) return {};
    const auto* const content = last->if_contains("content");
    if (content == nullptr || !content->is_array()) return text_field(*last, "content");
    for (const json::value& item : content->get_array()) {
        if (item.is_object() && text_field(item.get_object(), "type") == "text")
            return text_field(item.get_object(), "text");
    }
    return {};
}

Sold make_chat(World& world, const Sale& sale) {
    Sold sold;
    sold.work = world.work_time(sale.markers);
    json::object answer = completion(world, sale.body, sale.call.now);
    if (flag_field(sale.body, "stream")) {
        const std::string content = said_back(sale.body);
        const std::size_t middle = content.size() / 2;
        sold.reply =
            answer_events({chunk(std::string_view(content).substr(0, middle)),
                           chunk(std::string_view(content).substr(middle)), std::move(answer)});
    } else {
        sold.reply = answer_json(answer);
    }
    sold.reply.delay = sold.work;
    return sold;
}

}  // namespace genspool::simulator
