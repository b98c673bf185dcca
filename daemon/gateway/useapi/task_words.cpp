#include "daemon/gateway/useapi/task_words.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "daemon/gateway/number.hpp"
#include "daemon/gateway/useapi/envelope.hpp"
#include "daemon/gateway/useapi/translation.hpp"
#include "proto/canonical_json.hpp"
#include "proto/upstream_text.hpp"
#include "proto/useapi/image_request.hpp"

namespace genspool::daemon::gateway::useapi {

namespace json = boost::json;
using proto::State;

namespace {

constexpr Standing queued{11, "queued"};
constexpr Standing preparing{12, "processing"};
constexpr Standing processing{1, "processing"};
constexpr Standing completed{2, "completed", true, true};
constexpr Standing failed{3, "failed", true};
constexpr Standing moderated{5, "moderated", true};

void copy(const json::object& from, json::object& to, std::string_view name) {
    if (const json::value* const value = from.if_contains(name)) to[name] = *value;
}

/// What all of them have at their end: the client's own word for it.
void add_ref(const queue::JobView& job, json::object& view) {
    const std::string ref = reply_ref_of(job);
    if (!ref.empty()) view["replyRef"] = ref;
}

/// A failure has its code; what is held has not failed, and is told in words.
void add_trouble(const queue::JobView& job, std::size_t n, const Standing& standing,
                 json::object& view) {
    if (standing.completed || (!standing.final && job.record.state != State::held)) return;
    const Trouble trouble = trouble_of(job, n);
    view["message"] = trouble.message;
    if (!standing.final) return;
    view["error"] = trouble.message;
    view["code"] = trouble.code;
}

std::uint32_t percent_of(const queue::JobView& job, const Standing& standing) {
    if (standing.completed) return 100;
    return standing.final ? 0 : job.said_permille.value_or(0) / 10;
}

/// A video or a picture: to the upstream they are the same sort of thing.
json::object shown_picture(const queue::JobView& job, Word word, std::size_t n, const Link& link) {
    const Standing standing = standing_of(job, n);
    const json::object request = request_of(job);
    const std::string url = standing.completed ? link(n) : "";
    const std::string id = id_of(job.record.id, word, n);
    const auto& failure = job.record.failure;
    json::object view{{"id", id.substr(id.rfind(':') + 1)},
                      {"desc", proto::text_or_number(request, "prompt")},
                      {"coverURL", word == Word::image ? url : ""},
                      {"videoURL", url},
                      {"downloadURL", url},
                      {"status", standing.number},
                      {"statusLabel", standing.label},
                      {"statusFinal", standing.final},
                      {"message", ""},
                      {"percent", percent_of(job, standing)},
                      {"modelID", job.spec.model},
                      {"createTime", milliseconds(job.record.created_at)},
                      {"originFiles", json::array()},
                      {"canAppeal", false},
                      {"canRetry", standing.final && failure && failure->retryable},
                      {id_member(word), id}};
    if (word == Word::image) {
        view["batchID"] = std::to_string(task_number(job.record.id));
        view["fileID"] = standing.completed ? file_id_of(job.record.id, n) : "";
    }
    add_trouble(job, n, standing, view);
    add_ref(job, view);
    return view;
}

/// What a spoken text and a song have in common. Their number says nothing there, either.
json::object shown_sound(const queue::JobView& job, Word word, std::size_t n, const Link& link) {
    const Standing standing = standing_of(job, n);
    json::object view{{id_member(word), id_of(job.record.id, word, n)},
                      {"status", 0},
                      {"statusLabel", standing.final ? standing.label : "pending"},
                      {"statusFinal", standing.final},
                      {"create_time", milliseconds(job.record.created_at)}};
    if (standing.completed) view["audio_url"] = link(n);
    add_trouble(job, n, standing, view);
    add_ref(job, view);
    return view;
}

json::object shown_clip(const queue::JobView& job, std::size_t n, const Link& link) {
    json::object view = shown_sound(job, Word::audio, n, link);
    // Of a spoken text there is no moderated end there.
    const Standing standing = standing_of(job, n);
    if (standing.final && !standing.completed) view["statusLabel"] = failed.label;
    const json::object request = request_of(job);
    for (const std::string_view name : {"text", "emotion", "speed", "pitch", "vol", "model"})
        copy(request, view, name);
    view["voice_info"] = json::object{{"voice_id", proto::text_or_number(request, "voice_id")}};
    copy(result_of(job), view, "cost_credit");
    return view;
}

json::object shown_song(const queue::JobView& job, std::size_t n, const Link& link) {
    json::object view = shown_sound(job, Word::music, n, link);
    const json::object request = request_of(job);
    for (const std::string_view name : {"prompt", "title", "lyrics", "model"})
        copy(request, view, name);
    // The upstream tells those of the last song only.
    const json::object result = result_of(job);
    if (count_of(job, Word::music) == 1) {
        copy(result, view, "title");
        copy(result, view, "lyrics");
        return view;
    }
    json::array ids;
    for (std::size_t other = 0; other < count_of(job, Word::music); ++other)
        ids.emplace_back(id_of(job.record.id, Word::music, other));
    view["musicIds"] = std::move(ids);
    return view;
}

json::object attachment(const queue::JobView& job, std::size_t n, const std::string& url) {
    const proto::Artifact& artifact = *file_at(job, n);
    const std::string name = artifact.name.substr(artifact.name.rfind('/') + 1);
    const std::string number = std::to_string(n + 1);
    const json::object extra{{"no_watermark_url", url}, {"watermark_url", ""}};
    const json::object file{
        {"fileName", name}, {"fileUrl", url}, {"type", artifact.media_type}, {"extra", extra}};
    const json::object kept{{"id", file_id_of(job.record.id, n)},
                            {"name", name},
                            {"url", url},
                            {"noWatermarkUrl", url}};
    return {{"attachmentID", "a" + number},
            {"type", artifact.media_type.starts_with("video/") ? 1 : 2},
            {"status", 3},
            {"file", file},
            {"node", json::object{{"nodeID", "n" + number}, {"status", 3}, {"agentFile", kept}}}};
}

/// The request as its query shows it: models as a list, and no files.
json::object agent_request(const queue::JobView& job) {
    const json::object request = request_of(job);
    json::array models;
    std::string_view names = job.spec.model;
    while (!names.empty()) {
        const std::size_t end = std::min(names.find(','), names.size());
        models.emplace_back(names.substr(0, end));
        names.remove_prefix(std::min(end + 1, names.size()));
    }
    json::object told{{"prompt", proto::text_or_number(request, "prompt")},
                      {"models", std::move(models)},
                      {"async", true}};
    add_ref(job, told);
    return told;
}

json::object agent_response(const queue::JobView& job, const Link& link) {
    const proto::Instant end = job.record.finished_at.value_or(job.record.updated_at);
    json::array attachments;
    for (std::size_t n = 0; n < file_count(job); ++n)
        if (is_home(job, n)) attachments.emplace_back(attachment(job, n, link(n)));
    return {{"projectID", std::to_string(task_number(job.record.id))},
            {"msg_content", proto::text_or_number(result_of(job), "message")},
            {"timestamp", milliseconds(end)},
            {"elapsedTime", elapsed(end - job.record.created_at)},
            {"attachments", std::move(attachments)}};
}

json::object shown_agent(const queue::JobView& job, const Link& link) {
    const proto::JobRecord& record = job.record;
    json::object view{{"jobId", id_of(record.id, Word::agent, 0)},
                      {"status", "started"},
                      {"created", proto::format_rfc3339(record.created_at)},
                      {"request", agent_request(job)}};
    const Trouble trouble = trouble_of(job, 0);
    if (record.state == State::held) view["message"] = trouble.message;
    // All that it makes is one answer: it is complete when the last of it is here.
    if (record.state == State::succeeded) {
        view["status"] = completed.label;
        view["response"] = agent_response(job, link);
    } else if (proto::is_terminal(record.state)) {
        view["status"] = failed.label;
        view["error"] = json::object{{"message", trouble.message}, {"status", trouble.code}};
        view["code"] = trouble.code;
    }
    return view;
}

}  // namespace

std::size_t count_of(const queue::JobView& job, Word word) {
    const std::size_t there = std::max<std::size_t>(file_count(job), 1);
    if (word == Word::music) return there;
    if (word != Word::image) return 1;
    // How many a request comes to its check knows, as before the purchase.
    const auto checked = proto::useapi::check_image_request(request_of(job));
    return std::max<std::size_t>(checked ? checked->artifacts : 1, there);
}

std::string created(const PaidCall& call, const queue::JobView& job, const Link& link) {
    json::object answer;
    const Word word = word_of(call.kind).value();
    const std::string id = id_of(job.record.id, word, 0);
    if (call.shape == Shape::pictures) {
        json::array ids;
        for (std::size_t n = 0; n < count_of(job, word); ++n)
            ids.emplace_back(id_of(job.record.id, word, n));
        answer["imageIds"] = std::move(ids);
    } else if (call.shape == Shape::agent) {
        answer = shown_agent(job, link);
    } else if (call.shape == Shape::video) {
        answer["data"] = json::object{{"id", std::to_string(task_number(job.record.id))}};
        answer["statusInfo"] = json::object{{"code", 0}, {"httpCode", 0}, {"message", "success"}};
        answer[id_member(word)] = id;
    } else {
        answer[id_member(word)] = id;
        answer["statusLabel"] = "pending";
        answer["statusFinal"] = false;
    }
    if (call.shape != Shape::agent) add_ref(job, answer);
    return proto::compact_json(answer);
}

Standing standing_of(const queue::JobView& job, std::size_t n) {
    if (is_home(job, n)) return completed;
    switch (job.record.state) {
        case State::absent:
        case State::blocked:
        case State::queued:
            return queued;
        case State::preparing:
        case State::submitting:
            return preparing;
        // Whoever is held is asked about: for the client it goes on.
        case State::unknown:
        case State::running:
        case State::canceling:
        case State::fetching:
        case State::held:
            return processing;
        case State::succeeded:
        case State::failed:
        case State::canceled:
            break;
    }
    return trouble_of(job, n).moderated ? moderated : failed;
}

json::object shown(const queue::JobView& job, Word word, std::size_t n, const Link& link) {
    switch (word) {
        case Word::audio:
            return shown_clip(job, n, link);
        case Word::music:
            return shown_song(job, n, link);
        case Word::agent:
            return shown_agent(job, link);
        default:
            return shown_picture(job, word, n, link);
    }
}

json::object listed_clip(const queue::JobView& job, const Link& link) {
    return {{"audio_id", id_of(job.record.id, Word::audio, 0)},
            {"audio_title", proto::text_or_number(request_of(job), "text")},
            {"audio_url", is_home(job, 0) ? link(0) : ""},
            {"update_time", milliseconds(job.record.updated_at)},
            {"user_id", "0"},
            {"audio_review", 0}};
}

std::int64_t milliseconds(proto::Instant at) {
    return std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

std::string elapsed(proto::Duration span) {
    const std::int64_t seconds = std::chrono::floor<std::chrono::seconds>(span).count();
    const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return two(seconds / 60) + ":" + two(seconds % 60);
}

}  // namespace genspool::daemon::gateway::useapi
