#include "daemon/gateway/minimax/translation.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <functional>
#include <utility>

#include "proto/canonical_json.hpp"
#include "proto/minimax/t2a_async_body.hpp"
#include "proto/references.hpp"
#include "proto/upstream_text.hpp"
#include "proto/utf8.hpp"

namespace genspool::daemon::gateway::minimax {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 4> file_fields{"file_id", "prompt_audio", "text_file_id",
                                                      "input_file_id"};
constexpr std::string_view task_field = "source_task_id";
constexpr std::string_view file_scheme = "mm_file://";

/// What is shorter stays in the request.
constexpr std::size_t written_out_min = 32U << 10U;

/// A number, or a text of digits; 0: it is neither.
std::uint64_t number_in(const json::value& value) {
    if (const std::int64_t* const number = value.if_int64())
        return *number > 0 ? static_cast<std::uint64_t>(*number) : 0;
    const json::string* const text = value.if_string();
    return text != nullptr ? proto::whole_number(*text).value_or(0) : 0;
}

/// What stands in a place where a file or a task may be named; 0: no number.
std::uint64_t number_named(std::string_view name, const json::value& value) {
    if (std::ranges::find(file_fields, name) != file_fields.end() || name == task_field)
        return number_in(value);
    const json::string* const text = value.if_string();
    if (text == nullptr || !text->starts_with(file_scheme)) return 0;
    return proto::whole_number(std::string_view(*text).substr(file_scheme.size())).value_or(0);
}

template <class Value, class Visit>
void each_value(std::string_view name, Value& value, const Visit& visit) {
    if (auto* const fields = value.if_object()) {
        for (auto& member : *fields)
            each_value(std::string_view(member.key()), member.value(), visit);
    } else if (auto* const items = value.if_array()) {
        for (auto& item : *items)
            each_value(name, item, visit);
    } else {
        visit(name, value);
    }
}

/// Every value at any depth that is neither object nor array, by the name of its member.
template <class Object, class Visit>
void each_value(Object& fields, const Visit& visit) {
    for (auto& member : fields)
        each_value(std::string_view(member.key()), member.value(), visit);
}

void put_in(json::object& body, const Meant& meant) {
    each_value(body, [&](std::string_view name, json::value& value) {
        const std::uint64_t number = number_named(name, value);
        if (const auto file = meant.files.find(number); file != meant.files.end())
            value = file->second;
        if (const auto task = meant.tasks.find(number);
            name == task_field && task != meant.tasks.end())
            value = task->second;
    });
}

/// How the answer is to look is ours to see to: the files themselves are what does not run away.
void take_wishes_out(const PaidCall& call, json::object& body) {
    const auto drop = [&body](std::string_view name, std::string_view value) {
        if (proto::text_or_number(body, name) == value) body.erase(name);
    };
    if (call.shape == Shape::speech || call.shape == Shape::music) drop("output_format", "url");
    if (call.shape == Shape::pictures) drop("response_format", "url");
}

}  // namespace

Wishes read_wishes(const PaidCall& call, const json::object& body) {
    const auto is = [&body](std::string_view name, const json::value& wanted) {
        const json::value* const value = body.if_contains(name);
        return value != nullptr && *value == wanted;
    };
    Wishes wishes;
    const json::object* const options = proto::object_member(body, "stream_options");
    const auto wants = [&options](std::string_view name) {
        const json::value* const value = options != nullptr ? options->if_contains(name) : nullptr;
        return value != nullptr && *value == json::value(true);
    };
    const bool streams = call.shape == Shape::speech || call.shape == Shape::music ||
                         call.shape == Shape::chat || call.shape == Shape::openai_chat;
    wishes.stream = streams && is("stream", true);
    wishes.whole_at_end = !wants("exclude_aggregated_audio");
    wishes.usage_at_end = wants("include_usage");
    wishes.links = call.shape == Shape::pictures ? !is("response_format", "base64")
                                                 : is("output_format", "url") && !wishes.stream;
    wishes.characters = proto::code_points(proto::text_or_number(body, "text"));
    return wishes;
}

std::set<std::uint64_t> numbers_named(const json::object& body) {
    std::set<std::uint64_t> numbers;
    each_value(body, [&](std::string_view name, const json::value& value) {
        const std::uint64_t number = number_named(name, value);
        if (number != 0) numbers.insert(number);
    });
    return numbers;
}

std::vector<WrittenOut> written_out_files(json::object& body) {
    std::vector<WrittenOut> files;
    each_value(body, [&files](std::string_view name, json::value& value) {
        const json::string* const text = value.if_string();
        if (text == nullptr || text->size() < written_out_min) return;
        WrittenOut file{&value, {}, std::string_view(*text)};
        constexpr std::string_view scheme = "data:";
        constexpr std::string_view marker = ";base64,";
        if (file.base64.starts_with(scheme)) {
            const std::size_t end = file.base64.substr(0, 256).find(marker);
            if (end == std::string_view::npos) return;
            file.media_type = file.base64.substr(scheme.size(), end - scheme.size());
            file.base64.remove_prefix(end + marker.size());
        } else if (name != "audio_base64") {
            return;
        }
        files.push_back(std::move(file));
    });
    return files;
}

Order order_of(const PaidCall& call, json::object body, const Meant& meant,
               const std::string& account) {
    json::object labels;
    if (call.shape == Shape::batch)
        labels["input_file_id"] = proto::text_or_number(body, "input_file_id");
    put_in(body, meant);
    if (call.shape == Shape::async_speech) proto::minimax::speak_as_at_once(body);
    take_wishes_out(call, body);
    json::object job{{"kind", proto::to_string(call.kind)}, {"provider", "minimax"}};
    if (!account.empty()) job["account"] = account;
    job["request"] = std::move(body);
    Order order;
    order.identity = std::string(call.path) + '\n' + proto::canonical_json(job);
    order.line = "{\"labels\":" + proto::canonical_json(labels) + "," +
                 order.identity.substr(order.identity.find('{') + 1);
    order.answered_at_once = call.answered_at_once();
    return order;
}

}  // namespace genspool::daemon::gateway::minimax
