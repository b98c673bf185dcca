#include "replies.hpp"

#include <utility>

#include "proto/useapi/provider.hpp"

namespace genspool::tests {

namespace {

std::string outcome_of(const proto::PollOutcome& outcome) {
    if (const auto* running = std::get_if<proto::StillRunning>(&outcome))
        return (running->known_word ? "running " : "running? ") + running->upstream_state;
    if (const auto* failed = std::get_if<proto::TaskFailed>(&outcome))
        return "failed " + failed->failure.code + (failed->again ? " again" : "");
    if (const auto* refused = std::get_if<proto::Refusal>(&outcome))
        return refused->on_query == proto::OnQuery::gone ? "gone"
                                                         : "refused " + refused->failure.code;
    std::string text = "done";
    for (const proto::Artifact& artifact : std::get<proto::TaskDone>(outcome).artifacts)
        text += " " + artifact.source.value + " " + artifact.media_type + ",";
    return text;
}

}  // namespace

proto::Reply dated(proto::Reply reply) {
    reply.headers.emplace_back("Date", "Fri, 01 Jan 2027 12:00:00 GMT");
    return reply;
}

proto::Instant noon() {
    return *proto::parse_rfc3339("2027-01-01T12:00:00Z");
}

proto::JobSpec spec(std::string_view request) {
    proto::JobSpec made;
    made.provider = "useapi";
    made.request = request;
    return made;
}

proto::Task task(std::string_view id) {
    return {std::string(id), "main", 1, proto::Task::Status::open};
}

proto::Source source(std::string_view handle) {
    proto::Source made;
    made.from = proto::Source::From::handle;
    made.value = handle;
    return made;
}

proto::Call sent(const proto::Codec& codec, std::string_view request, std::string_view account) {
    proto::Call call = codec.submit(spec(request));
    proto::useapi_provider().add_callback(call, "https://spool.example/cb/x");
    proto::useapi_provider().add_reference(call, "01J#2");
    proto::useapi_provider().address(call, account);
    return call;
}

std::string shown(proto::Call call, std::string_view account) {
    proto::useapi_provider().address(call, account);
    return call.method + " " + call.target + (call.body.empty() ? "" : " " + call.body);
}

std::string polled(const proto::Codec& codec, std::string_view id, const proto::Reply& reply) {
    return outcome_of(codec.on_poll(task(id), reply));
}

std::string listed(const proto::Codec& codec, std::string_view page, const proto::Reply& reply) {
    const proto::ListOutcome outcome = codec.on_list(page, reply);
    if (const auto* refused = std::get_if<proto::Refusal>(&outcome)) return refused->failure.code;
    const auto& found = std::get<proto::ListPage>(outcome);
    std::string text = found.partial ? "part: " : "";
    for (const proto::Listed& entry : found.entries) {
        text += entry.task;
        if (!entry.listed_as.empty()) text += " as " + entry.listed_as;
        if (entry.made_at)
            text += " at " + std::to_string(entry.made_at->time_since_epoch().count());
        if (!entry.reference.empty()) text += " named " + entry.reference;
        if (!entry.together.empty()) text += " of " + entry.together;
        text += "; ";
    }
    return text + found.next;
}

std::string polled_together(const proto::Codec& codec, const proto::Reply& reply) {
    const proto::PollManyOutcome outcome = codec.on_poll_many("", reply);
    if (const auto* refused = std::get_if<proto::Refusal>(&outcome)) return refused->failure.code;
    std::string text;
    for (const auto& [id, told] : std::get<proto::PolledPage>(outcome).told)
        text += id + " " + outcome_of(told) + "; ";
    return text;
}

std::string files(const proto::Codec& codec, std::string_view request) {
    const auto checked = codec.check(object(request));
    if (!checked) return checked.error().code + " " + checked.error().field;
    std::string found;
    for (const proto::FileField& file : checked->files)
        found += file.path + " " + std::string(file.rule.family) + " " +
                 std::string(file.rule.purpose) + ";";
    return found;
}

}  // namespace genspool::tests
