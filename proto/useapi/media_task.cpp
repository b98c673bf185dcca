#include "proto/useapi/media_task.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <utility>
#include <vector>

#include "proto/upstream_request.hpp"
#include "proto/upstream_text.hpp"
#include "proto/useapi/scheduler.hpp"
#include "proto/useapi/targets.hpp"
#include "proto/utf8.hpp"

namespace genspool::proto::useapi {

namespace json = boost::json;

namespace {

constexpr std::size_t tasks_max = 64;  ///< of one purchase: more than four were never seen
constexpr std::size_t word_bytes_max = 64;
constexpr std::size_t result_bytes_max = 16'384;

/// The scheduler tells no word; it lists what it calls executing.
constexpr std::string_view listed_state = "executing";

constexpr std::array<std::string_view, 1> of_speech{"cost_credit"};
constexpr std::array<std::string_view, 2> of_music{"title", "lyrics"};

void add_id(std::vector<std::string>& ids, std::string id) {
    if (!is_usable_id(id) || ids.size() == tasks_max) return;
    if (std::ranges::find(ids, id) == ids.end()) ids.push_back(std::move(id));
}

void add_ids(std::vector<std::string>& ids, const Family& family, const json::object& made) {
    add_id(ids, text_or_number(made, family.id));
    const json::value* const list = family.ids.empty() ? nullptr : made.if_contains(family.ids);
    const json::array* const items = list != nullptr ? list->if_array() : nullptr;
    if (items == nullptr) return;
    for (const json::value& item : *items)
        if (item.is_string()) add_id(ids, std::string(item.get_string()));
}

/// How a task stands, by its words. The number beside them lies.
struct Standing {
    std::string word;
    bool final = false;
    bool completed = false;
    bool failed = false;
    bool moderated = false;
    bool known = false;
};

Standing standing_of(const json::object& fields) {
    Standing found;
    found.word = state_word(fields, "statusLabel");
    const std::string word = lower(found.word);
    const json::value* const final = fields.if_contains("statusFinal");
    const bool ends = word == "completed" || word == "failed" || word == "moderated";
    found.final = final != nullptr && final->is_bool() ? final->get_bool() : ends;
    found.completed = found.final && word == "completed";
    found.failed = found.final && word == "failed";
    found.moderated = found.final && word == "moderated";
    found.known = !found.final && (word == "pending" || word == "queued" || word == "processing");
    return found;
}

/// The upstream's words for what went wrong; empty: it says nothing of use.
std::string reason_of(const json::object& fields) {
    std::string text = error_text(fields);
    return text.empty() ? text_or_number(fields, "message") : text;
}

TaskFailed failed_task(const Family& family, const Reply& reply, const json::object& fields,
                       bool moderated) {
    const int status = error_status(fields);
    TaskFailed failed;
    // Who blames the request would do so again.
    failed.again = !moderated && !family.several && !(status >= 400 && status <= 499);
    std::string why = reason_of(fields);
    if (why.empty())
        why = moderated ? "the upstream's moderation refused it" : "the upstream gives no reason";
    failed.failure =
        task_failure(reply, failed.again ? FailureClass::transient : FailureClass::rejected,
                     moderated ? "task.moderated" : "task.failed", std::move(why));
    return failed;
}

std::string link_of(const Family& family, const json::object& fields) {
    for (const std::string_view name : family.links) {
        std::string link = name.empty() ? "" : text_or_number(fields, name);
        if (is_link(link)) return link;
    }
    return {};
}

std::string result_of(const Family& family, const json::object& fields) {
    json::object kept;
    for (const std::string_view name : family.result) {
        const json::value* const value = fields.if_contains(name);
        if (value != nullptr && value->is_primitive() && !value->is_null()) kept[name] = *value;
    }
    std::string text = kept.empty() ? "" : json::serialize(kept);
    return text.size() <= result_bytes_max ? text : "";
}

std::optional<std::uint32_t> permille_of(const json::object& fields) {
    const json::value* const percent = fields.if_contains("percent");
    boost::system::error_code ec;
    const double number = percent != nullptr ? percent->to_number<double>(ec) : -1;
    if (ec || !(number >= 0 && number <= 100)) return std::nullopt;
    return static_cast<std::uint32_t>(std::lround(number * 10));
}

Call ask(const Family& family, std::string_view id) {
    return query(std::string(family.path) + encoded_id(id));
}

}  // namespace

const Family video_family{.path = "/videos/",
                          .id = "videoId",
                          .ids = "videoIds",
                          .mark = "-video:",
                          .links = {"downloadURL", "videoURL"},
                          .media_type = "video/mp4"};
const Family image_family{.path = "/images/",
                          .id = "imageId",
                          .ids = "imageIds",
                          .mark = "-image:",
                          .links = {"downloadURL", "videoURL"},
                          .media_type = "",
                          .several = true};
const Family speech_family{.path = "/speech/",
                           .id = "audioId",
                           .ids = "",
                           .mark = "-audio:",
                           .links = {"audio_url", ""},
                           .media_type = "audio/mpeg",
                           .service = Service::speech,
                           .word_counts = false,
                           .result = of_speech};
const Family music_family{.path = "/music/",
                          .id = "musicId",
                          .ids = "musicIds",
                          .mark = "-music:",
                          .links = {"audio_url", "audioURL"},
                          .media_type = "audio/mpeg",
                          .service = Service::music,
                          .result = of_music,
                          .several = true};

SubmitOutcome taken(const Family& family, const Reply& reply) {
    const Answer answer = read_answer(reply);
    if (!succeeded(reply, answer)) return refusal(family.service, reply, answer);
    Taken found;
    add_ids(found.tasks, family, answer.fields());
    if (const json::array* const several = answer.json.if_array()) {
        for (const json::value& made : *several)
            if (made.is_object()) add_ids(found.tasks, family, made.get_object());
    }
    if (found.tasks.empty()) return names_no_task(reply);
    return found;
}

SubmitOutcome MediaCodec::on_submit(const JobSpec&, const Reply& reply) const {
    return taken(family_, reply);
}

Call MediaCodec::poll(const Task& task) const {
    return ask(family_, task.id);
}

PollOutcome MediaCodec::on_poll(const Task& task, const Reply& reply) const {
    const Answer answer = read_answer(reply);
    if (!succeeded(reply, answer)) return refused_poll(refusal(family_.service, reply, answer));
    const json::object& fields = answer.fields();
    const Standing standing = standing_of(fields);
    if (standing.failed || standing.moderated)
        return failed_task(family_, reply, fields, standing.moderated);
    const bool made = standing.completed || (standing.final && !family_.word_counts);
    // "Completed, but no file" has been seen: asked again, and counted as something odd.
    if (!made || link_of(family_, fields).empty())
        return StillRunning{standing.word, standing.known, permille_of(fields)};
    TaskDone done;
    done.artifacts.push_back(linked_artifact(task.id, std::string(family_.media_type)));
    done.upstream_state = standing.word;
    done.result = result_of(family_, fields);
    return done;
}

Call MediaCodec::poll_many(std::span<const Task>, std::string_view) const {
    return query(std::string(scheduler));
}

PollManyOutcome MediaCodec::on_poll_many(std::string_view, const Reply& reply) const {
    return polled_together(running_jobs(reply, family_.mark), listed_state);
}

Call MediaCodec::link(const Source& source) const {
    return ask(family_, source.value);
}

LinkOutcome MediaCodec::on_link(const Source&, const Reply& reply) const {
    const Answer answer = read_answer(reply);
    if (!succeeded(reply, answer)) return refused_link(refusal(family_.service, reply, answer));
    std::string link = link_of(family_, answer.fields());
    if (!link.empty()) return Link{std::move(link)};
    return incomplete(reply, "the answer holds no link");
}

ExtractOutcome MediaCodec::extract(const JobSpec&, const Reply&, std::size_t) const {
    return nothing_spooled();
}

Failure nothing_spooled() {
    Failure failure;
    failure.failure = FailureClass::artifact;
    failure.code = "artifact.missing";
    failure.message = "what is made never lies in the reply";
    return failure;
}

Artifact linked_artifact(std::string handle, std::string media_type) {
    Artifact artifact;
    artifact.source.from = Source::From::handle;
    artifact.source.value = std::move(handle);
    artifact.media_type = std::move(media_type);
    return artifact;
}

std::string state_word(const json::object& fields, std::string_view name) {
    return bounded_utf8(text_or_number(fields, name), word_bytes_max);
}

LinkOutcome refused_link(Refusal refusal) {
    if (refusal.on_query == OnQuery::gone) refusal.failure.failure = FailureClass::expired;
    return refusal;
}

}  // namespace genspool::proto::useapi
