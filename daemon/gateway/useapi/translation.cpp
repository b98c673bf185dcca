#include "daemon/gateway/useapi/translation.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <set>
#include <utility>

#include "daemon/gateway/goods.hpp"
#include "daemon/gateway/useapi/envelope.hpp"
#include "daemon/gateway/useapi/ids.hpp"
#include "proto/canonical_json.hpp"
#include "proto/references.hpp"
#include "proto/upstream_text.hpp"
#include "proto/utf8.hpp"

namespace genspool::daemon::gateway::useapi {

namespace json = boost::json;

namespace {

/// A label holds 256 characters: a longer word goes on in the next.
constexpr std::size_t label_characters = 256;
constexpr int labels_most = 8;

std::string ref_label(int n) {
    return n == 0 ? "replyRef" : "replyRef." + std::to_string(n);
}

/// As much of the text as one label holds.
std::string_view label_part(std::string_view text) {
    std::size_t bytes = 0;
    for (std::size_t n = 0; n < label_characters && bytes < text.size(); ++n)
        bytes += std::max<std::size_t>(proto::character_length(text.substr(bytes)), 1);
    return text.substr(0, bytes);
}

void add_ref(json::object& labels, std::string_view ref) {
    for (int n = 0; !ref.empty() && n < labels_most; ++n) {
        const std::string_view part = label_part(ref);
        labels[ref_label(n)] = part;
        ref.remove_prefix(part.size());
    }
}

bool is_file_id(const json::value& value) {
    if (!value.is_string()) return false;
    const auto id = read_id(value.get_string());
    return id && id->word == Word::file;
}

/// Every text that stands in a body itself, or in a list in it.
template <class Object, class Visit>
void each_text(Object& body, const Visit& visit) {
    for (auto& member : body) {
        if (auto* const items = member.value().if_array()) {
            for (auto& item : *items)
                visit(item);
        } else {
            visit(member.value());
        }
    }
}

void put_in(json::object& body, const Meant& meant) {
    each_text(body, [&meant](json::value& value) {
        if (!value.is_string()) return;
        const auto file = meant.find(std::string(value.get_string()));
        if (file != meant.end()) value = file->second;
    });
    // Where a file lies belongs to its id; ours is uploaded on the way, and lies elsewhere then.
    const json::value* const file = body.if_contains("fileID");
    if (file != nullptr && file->is_object()) body.erase("ossPath");
}

}  // namespace

Wishes take_wishes(const PaidCall& call, json::object& body) {
    const auto take = [&body](std::string_view name) {
        std::string text = proto::text_or_number(body, name);
        const json::value* const value = body.if_contains(name);
        const bool says_nothing = value != nullptr && (value->is_null() || *value == "");
        if (!text.empty() || says_nothing) body.erase(name);
        return text;
    };
    Wishes wishes;
    wishes.account = take("account");
    wishes.reply_ref = take("replyRef");
    // Whoever wants to be called is refused later.
    const std::string url = take("replyUrl");
    if (!url.empty()) body["replyUrl"] = url;
    const json::value* const async = body.if_contains("async");
    const bool waits_not = async != nullptr && *async == json::value(true);
    if (call.shape == Shape::agent) {
        wishes.answered_at_once = waits_not;
        if (async != nullptr && async->is_bool()) body.erase("async");
    } else {
        wishes.answered_at_once = call.shape != Shape::spoken && call.shape != Shape::played;
    }
    // How many run at once at an account its slots here say.
    body.erase("maxJobs");
    return wishes;
}

std::vector<std::string> files_named(const json::object& body) {
    std::vector<std::string> names;
    // A body has room for very many names.
    std::set<std::string_view> known;
    each_text(body, [&names, &known](const json::value& value) {
        if (!is_file_id(value)) return;
        const std::string_view name = value.get_string();
        if (known.insert(name).second) names.emplace_back(name);
    });
    return names;
}

json::value field_value(std::string_view name, std::string_view text) {
    constexpr std::array<std::string_view, 9> flags{
        "promptOptimization", "instrumental", "stream", "async",     "spacious_echo",
        "lofi_telephone",     "robotic",      "lo_fi",  "auditorium"};
    constexpr std::array<std::string_view, 9> numbers{
        "duration", "quantity",       "maxJobs",         "speed",      "pitch",
        "vol",      "deepen_lighten", "stronger_softer", "nasal_crisp"};
    if (std::ranges::find(flags, name) != flags.end()) {
        if (text == "true") return true;
        if (text == "false") return false;
    }
    constexpr std::size_t digits_max = 32;
    if (std::ranges::find(numbers, name) != numbers.end() && text.size() <= digits_max) {
        boost::system::error_code error;
        json::value number = json::parse(text, error);
        if (!error && number.is_number()) return number;
    }
    return json::string(text);
}

Order order_of(const PaidCall& call, json::object body, const Meant& meant,
               const std::string& account, const Wishes& wishes) {
    json::object labels;
    add_ref(labels, wishes.reply_ref);
    put_in(body, meant);
    json::object job{{"kind", proto::to_string(call.kind)}, {"provider", provider}};
    if (!account.empty()) job["account"] = account;
    job["request"] = std::move(body);
    Order order;
    order.answered_at_once = wishes.answered_at_once;
    order.identity = std::string(call.path) + (wishes.answered_at_once ? "\n" : " waits\n") +
                     proto::canonical_json(job) + '\n' + wishes.reply_ref;
    job["labels"] = std::move(labels);
    order.line = proto::canonical_json(job);
    return order;
}

std::string reply_ref_of(const queue::JobView& job) {
    std::string ref;
    for (int n = 0; n < labels_most; ++n)
        ref += label_of(job, ref_label(n));
    return ref;
}

}  // namespace genspool::daemon::gateway::useapi
