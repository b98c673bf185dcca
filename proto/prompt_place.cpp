#include "proto/prompt_place.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <utility>

namespace genspool::proto {

namespace json = boost::json;

namespace {

void push(json::object& request, std::string_view name, json::object item) {
    json::value& items = request[json::string_view(name.data(), name.size())];
    if (!items.is_array()) items = json::array();
    items.get_array().push_back(std::move(item));
}

bool wants_content(const json::object& request) {
    const json::value* model = request.if_contains("model");
    return model != nullptr && model->is_string() && model->get_string().starts_with("MiniMax-H3");
}

}  // namespace

void put_prompt(json::object& request, std::string_view kind, const std::string& prompt) {
    const bool chats = kind == "chat";
    if (kind == "tts") {
        request["text"] = prompt;
    } else if ((chats || kind == "video") && wants_content(request)) {
        push(request, "content", {{"type", "text"}, {"text", prompt}});
    } else if (chats) {
        push(request, "messages", {{"role", "user"}, {"content", prompt}});
    } else if (kind == "video_template") {
        push(request, "text_inputs", {{"value", prompt}});
    } else {
        request["prompt"] = prompt;
    }
}

}  // namespace genspool::proto
