#include "proto/useapi/agent.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "proto/upstream_request.hpp"
#include "proto/upstream_text.hpp"
#include "proto/useapi/agent_request.hpp"
#include "proto/useapi/media_task.hpp"
#include "proto/useapi/purchases.hpp"
#include "proto/useapi/scheduler.hpp"
#include "proto/useapi/targets.hpp"
#include "proto/useapi/times.hpp"
#include "proto/utf8.hpp"

namespace genspool::proto::useapi {
namespace {

namespace json = boost::json;

constexpr OpInfo op{.name = "useapi.agent",
                    .provider = "useapi",
                    .kind = Kind::agent,
                    .slot_class = "agent",
                    .patience = std::chrono::minutes{20},
                    .unknown_window = lists_window,
                    .poll = PollSchedule{.first = std::chrono::seconds{15},
                                         .min = std::chrono::seconds{15},
                                         .floor = std::chrono::seconds{10}},
                    .poll_many_max = 100,
                    .takes_callback = true,
                    .takes_reference = true};

constexpr std::string_view working = "started";

/// With its attachments and a picture of each; nobody says how many there are at most.
constexpr std::uint64_t job_bytes_max = 8U << 20U;
constexpr std::size_t attachments_max = 64;
constexpr std::size_t words_bytes_max = 4'000;  ///< of what the agent says

Call ask(std::string_view id) {
    Call call = query("/agent/" + encoded_id(id));
    call.reply_bytes_max = job_bytes_max;
    return call;
}

const json::object& member(const json::object& fields, std::string_view name) {
    static const json::object none;
    const json::object* const found = object_member(fields, name);
    return found != nullptr ? *found : none;
}

json::array attachments_of(const json::object& job) {
    const json::value* const list = member(job, "response").if_contains("attachments");
    return list != nullptr && list->is_array() ? list->get_array() : json::array();
}

/// Without a watermark where there is such; empty: it has none.
std::string link_of(const json::value& attachment) {
    if (!attachment.is_object()) return {};
    const json::object& file = member(attachment.get_object(), "file");
    const json::object& extra = member(file, "extra");
    const json::object& kept = member(member(attachment.get_object(), "node"), "agentFile");
    for (const std::string& link :
         {text_or_number(extra, "no_watermark_url"), text_or_number(kept, "noWatermarkUrl"),
          text_or_number(file, "fileUrl"), text_or_number(kept, "url"),
          text_or_number(extra, "watermark_url")}) {
        if (is_link(link)) return link;
    }
    return {};
}

/// Of films and sounds; of a picture its host knows better in which form it hands it out.
std::string type_of(const json::value& attachment) {
    std::string type = text_or_number(member(attachment.get_object(), "file"), "type");
    return type.starts_with("video/") || type.starts_with("audio/") ? type : "";
}

std::string words_of(const json::object& job) {
    return bounded_utf8(text_or_number(member(job, "response"), "msg_content"), words_bytes_max);
}

PollOutcome completed(const Task& task, const Reply& reply, const json::object& job) {
    TaskDone done;
    const json::array attachments = attachments_of(job);
    for (std::size_t n = 0; n < attachments.size() && n < attachments_max; ++n) {
        if (link_of(attachments[n]).empty()) continue;
        done.artifacts.push_back(
            linked_artifact(task.id + "/" + std::to_string(n), type_of(attachments[n])));
    }
    const std::string words = words_of(job);
    if (done.artifacts.empty()) {
        TaskFailed failed;
        failed.failure = task_failure(reply, FailureClass::rejected, "agent.no_file",
                                      words.empty() ? "the agent made no file" : words);
        return failed;
    }
    done.upstream_state = state_word(job, "status");
    if (!words.empty()) done.result = json::serialize(json::object{{"message", words}});
    return done;
}

TaskFailed failed_job(const Reply& reply, const json::object& job) {
    const int status = error_status(job);
    std::string why = error_text(job);
    if (why.empty()) why = words_of(job);
    TaskFailed failed;
    // Who blames the request would do so again.
    failed.again = !(status >= 400 && status <= 499);
    failed.failure =
        task_failure(reply, failed.again ? FailureClass::transient : FailureClass::rejected,
                     "task.failed", why.empty() ? "the upstream gives no reason" : std::move(why));
    return failed;
}

/// "JOB/2" as the job and the place among its attachments.
std::pair<std::string_view, std::size_t> place_of(std::string_view handle) {
    const std::size_t slash = handle.rfind('/');
    if (slash == std::string_view::npos) return {handle, attachments_max};
    const auto n = whole_number(handle.substr(slash + 1));
    return {handle.substr(0, slash), n ? static_cast<std::size_t>(*n) : attachments_max};
}

class Agent final : public Codec {
public:
    const OpInfo& info() const override { return op; }

    Result<Checked> check(const json::object& request) const override {
        return check_agent_request(request);
    }

    Call submit(const JobSpec& spec) const override { return agent_call(spec.request); }

    SubmitOutcome on_submit(const JobSpec& spec, const Reply& reply) const override;

    Call poll(const Task& task) const override { return ask(task.id); }
    PollOutcome on_poll(const Task& task, const Reply& reply) const override;

    Call poll_many(std::span<const Task>, std::string_view) const override {
        return query(std::string(agent_jobs));
    }
    PollManyOutcome on_poll_many(std::string_view, const Reply& reply) const override {
        return polled_together(running_agents(reply), working);
    }

    /// The list of what runs shows no names of sends: each job is asked for its own. The pages that
    /// follow are the ids that are left.
    Call list(std::string_view page) const override {
        return page.empty() ? query(std::string(agent_jobs)) : ask(page.substr(0, page.find(' ')));
    }
    ListOutcome on_list(std::string_view page, const Reply& reply) const override;

    Call link(const Source& source) const override { return ask(place_of(source.value).first); }
    LinkOutcome on_link(const Source& source, const Reply& reply) const override;

    ExtractOutcome extract(const JobSpec&, const Reply&, std::size_t) const override {
        return nothing_spooled();
    }
};

SubmitOutcome Agent::on_submit(const JobSpec&, const Reply& reply) const {
    const Answer answer = read_answer(reply);
    if (!succeeded(reply, answer)) return refusal(Service::credits, reply, answer);
    std::string id = text_or_number(answer.fields(), "jobId");
    if (!is_usable_id(id)) return names_no_task(reply);
    return Taken{{std::move(id)}};
}

PollOutcome Agent::on_poll(const Task& task, const Reply& reply) const {
    const Answer answer = read_answer(reply);
    if (!succeeded(reply, answer)) return refused_poll(refusal(Service::credits, reply, answer));
    const json::object& job = answer.fields();
    const std::string word = state_word(job, "status");
    const std::string state = lower(word);
    if (state == "completed") return completed(task, reply, job);
    if (state == "failed") return failed_job(reply, job);
    return StillRunning{word, state == working};
}

ListOutcome Agent::on_list(std::string_view page, const Reply& reply) const {
    if (page.empty()) {
        ListOutcome listed = listed_running(running_agents(reply), {});
        if (auto* const found = std::get_if<ListPage>(&listed)) {
            found->partial = true;
            for (const Listed& entry : found->entries)
                found->next.append(found->next.empty() ? "" : " ").append(entry.task);
        }
        return listed;
    }
    const std::size_t blank = page.find(' ');
    ListPage found;
    found.partial = true;
    if (blank != std::string_view::npos) found.next = page.substr(blank + 1);
    const Answer answer = read_answer(reply);
    if (!succeeded(reply, answer)) {
        Refusal refused = refusal(Service::credits, reply, answer);
        if (refused.on_query == OnQuery::gone) return found;
        return refused;
    }
    const json::object& request = member(answer.fields(), "request");
    const std::string prompt = text_or_number(request, "prompt");
    found.entries.push_back(
        {std::string(page.substr(0, blank)), prompt.empty() ? "" : shown_as(op.name, prompt),
         time_member(answer.fields(), "created"), text_or_number(request, "replyRef")});
    return found;
}

LinkOutcome Agent::on_link(const Source& source, const Reply& reply) const {
    const Answer answer = read_answer(reply);
    if (!succeeded(reply, answer)) return refused_link(refusal(Service::credits, reply, answer));
    const json::array attachments = attachments_of(answer.fields());
    const std::size_t n = place_of(source.value).second;
    std::string link = n < attachments.size() ? link_of(attachments[n]) : "";
    if (link.empty()) return incomplete(reply, "the answer holds no link");
    return Link{std::move(link)};
}

}  // namespace

const Codec& agent() {
    static const Agent codec;
    return codec;
}

}  // namespace genspool::proto::useapi
