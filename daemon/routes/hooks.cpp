#include "daemon/hooks/hooks.hpp"

#include <functional>
#include <optional>
#include <utility>

#include "daemon/api.hpp"
#include "daemon/body.hpp"
#include "daemon/query.hpp"
#include "daemon/queue_calls.hpp"
#include "daemon/routes/routes.hpp"
#include "proto/json_writer.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

namespace {

constexpr std::uint64_t page_max = 1'000;
constexpr std::uint64_t page_default = 100;

/// Without what stands behind the host, which may be as good as a key.
std::string host_of(const std::string& url) {
    const std::size_t host = url.find("://");
    return url.substr(0, url.find_first_of("/?", host == std::string::npos ? 0 : host + 3));
}

std::string hook_text(const hooks::Hooks::Entry& entry) {
    const hooks::Courier& courier = *entry.courier;
    const hooks::Standing standing = courier.standing();
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.text("name", courier.name());
    json.text_or_null("address", host_of(entry.url));
    json.text_or_null("command", entry.command.empty() ? "" : entry.command.front());
    json.begin_array("events");
    for (const proto::State state : courier.tells())
        json.element(proto::to_string(state));
    json.end_array();
    json.count("taken", standing.taken);
    json.count("failed", standing.failed);
    json.count("waiting", standing.waiting);
    json.count("behind", standing.behind);
    json.moment("taken_at", standing.taken_at);
    json.moment("failed_at", standing.failed_at);
    json.text_or_null("error", standing.error);
    json.end_object();
    return out;
}

/// An event that the hook has not taken so far.
struct Untaken {
    queue::EventRecord event;
    hooks::Attempts attempts;
};

std::string untaken_text(const Untaken& untaken) {
    const hooks::Attempts& attempts = untaken.attempts;
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.count("event", untaken.event.seq.value);
    json.text("job_id", untaken.event.id.text());
    json.text("state", proto::to_string(untaken.event.to));
    json.moment("at", untaken.event.at);
    json.count("attempts", attempts.made);
    json.moment("next_at", attempts.given_up ? std::nullopt : std::optional(attempts.next));
    json.flag("given_up", attempts.given_up);
    json.text_or_null("error", attempts.error);
    json.end_object();
    return out;
}

std::vector<Untaken> read_untaken(const queue::Reader& reader, const std::string& name,
                                  proto::EventSeq after, std::size_t limit) {
    std::vector<Untaken> all;
    const auto notes = reader.event_notes(hooks::Courier::cursor_of(name), after, limit);
    for (const queue::NoteEvent& note : notes) {
        const auto attempts = hooks::parse_attempts(note.value);
        const auto events = reader.events({note.event.value - 1}, 1, std::nullopt);
        if (attempts && !events.empty() && events.front().seq == note.event)
            all.push_back({events.front(), *attempts});
    }
    return all;
}

Reply no_such_hook(const std::string& name) {
    return to_reply(Problem("not_found", "There is no hook \"" + name + "\"."));
}

const hooks::Hooks::Entry* find(const Api& api, const std::string& name) {
    return api.hooks == nullptr ? nullptr : api.hooks->find(name);
}

std::optional<proto::EventSeq> read_event(ObjectBody& body) {
    const boost::json::value* const value = body.take("event");
    if (value == nullptr) return std::nullopt;
    if (!value->is_int64() || value->get_int64() < 1) {
        body.refuse("event", "event must be the number of an event.");
        return std::nullopt;
    }
    return proto::EventSeq{static_cast<std::uint64_t>(value->get_int64())};
}

}  // namespace

asio::awaitable<Reply> list_hooks(Api& api, Request& request) {
    Query query(request);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.begin_array("hooks");
    if (api.hooks != nullptr)
        for (const hooks::Hooks::Entry& entry : api.hooks->all())
            json.raw_element(hook_text(entry));
    json.end_array();
    json.end_object();
    co_return Reply(200, std::move(out));
}

asio::awaitable<Reply> show_hook(Api& api, Request& request) {
    Query query(request);
    const auto limit = query.count("limit", 1, page_max).value_or(page_default);
    const proto::EventSeq after{query.count("cursor", 0, UINT64_MAX).value_or(0)};
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    const std::string& name = request.arguments[0];
    const hooks::Hooks::Entry* const entry = find(api, name);
    if (entry == nullptr) co_return no_such_hook(name);
    std::vector<Untaken> untaken;
    std::function<void(const queue::Reader&)> errand = [&](const queue::Reader& reader) {
        untaken = read_untaken(reader, name, after, limit);
    };
    co_await look(api.queue, std::move(errand));
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.raw("hook", hook_text(*entry));
    json.begin_array("untaken");
    for (const Untaken& each : untaken)
        json.raw_element(untaken_text(each));
    json.end_array();
    const bool more = untaken.size() == limit;
    json.text_or_null("next", more ? std::to_string(untaken.back().event.seq.value) : "");
    json.end_object();
    co_return Reply(200, std::move(out));
}

asio::awaitable<Reply> retry_hook(Api& api, Request& request) {
    Query query(request);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    ObjectBody body = co_await read_object(request);
    hooks::Again which;
    which.event = read_event(body);
    body.finish();
    if (body.problem) co_return to_reply(*body.problem);
    const std::string& name = request.arguments[0];
    const hooks::Hooks::Entry* const entry = find(api, name);
    if (entry == nullptr) co_return no_such_hook(name);
    if (!request.caller.admin)
        co_return to_reply(Problem("not_owner", "Only an admin may have hooks told again."));
    const std::size_t count = co_await entry->courier->tell_again(which);
    if (which.event && count == 0)
        co_return to_reply(
            Problem("not_found", "Event " + std::to_string(which.event->value) +
                                     " is none that this hook could be told of again."));
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.text("hook", name);
    json.count("events", count);
    json.end_object();
    co_return Reply(202, std::move(out));
}

}  // namespace genspool::daemon::routes
