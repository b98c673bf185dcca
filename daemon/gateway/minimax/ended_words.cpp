#include "daemon/gateway/minimax/ended_words.hpp"

#include <boost/json.hpp>
#include <initializer_list>
#include <utility>

#include "daemon/gateway/minimax/envelope.hpp"
#include "proto/canonical_json.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::daemon::gateway::minimax {

namespace json = boost::json;

namespace {

/// The text of the object without its closing brace, to go on with.
std::string open_object(const json::object& fields) {
    std::string text = proto::compact_json(fields);
    text.pop_back();
    return text;
}

/// What the upstream said of the sound beside it, sorted as it had it.
struct SoundWords {
    json::object extra_info;
    json::value subtitle_file;
    json::value trace_id;
};

SoundWords sound_words(const queue::JobView& job) {
    SoundWords words{result_of(job), nullptr, nullptr};
    const auto take = [&words](std::string_view name, json::value& out) {
        const auto found = words.extra_info.find(name);
        if (found == words.extra_info.end()) return;
        out = found->value();
        words.extra_info.erase(found);
    };
    take("subtitle_file", words.subtitle_file);
    take("trace_id", words.trace_id);
    if (words.trace_id.is_null()) words.trace_id = json::string(job.record.id.text());
    return words;
}

/// {"data": {"audio": …}, …}, the sound written into the midst of it.
void add_sound(Answer& answer, const queue::JobView& job, const std::string& link, int status,
               bool with_sound, bool with_extra) {
    SoundWords words = sound_words(job);
    answer.add(R"({"data":{"audio":")");
    if (!link.empty()) answer.add(link);
    if (link.empty() && with_sound) answer.add_file(Part::Form::hex, file_at(job, 0)->name);
    std::string rest = "\",\"status\":" + std::to_string(status);
    if (!words.subtitle_file.is_null())
        rest += ",\"subtitle_file\":" + json::serialize(words.subtitle_file);
    json::object outer{{"trace_id", words.trace_id}, {"base_resp", base_resp()}};
    if (with_extra) outer["extra_info"] = std::move(words.extra_info);
    answer.add(rest + "}," + proto::compact_json(outer).substr(1));
}

Answer sound(const queue::JobView& job, const Wishes& wishes, const Link& link) {
    Answer answer;
    add_sound(answer, job, wishes.links ? link(0) : "", 2, true, true);
    return answer;
}

Answer pictures(const queue::JobView& job, const Wishes& wishes, const Link& link) {
    const json::object result = result_of(job);
    json::object metadata;
    for (const std::string_view name : {"success_count", "failed_count"}) {
        const std::string count = proto::text_or_number(result, name);
        metadata[name] = count.empty() ? "0" : count;
    }
    std::string id = proto::text_or_number(result, "trace_id");
    if (id.empty()) id = job.record.id.text();
    Answer answer(open_object(json::object{{"id", std::move(id)}, {"metadata", metadata}}));
    answer.add(wishes.links ? R"(,"data":{"image_urls":[)" : R"(,"data":{"image_base64":[)");
    std::string_view comma;
    for (std::size_t n = 0; n < file_count(job); ++n) {
        if (!is_home(job, n)) continue;
        answer.add(std::string(comma) + "\"");
        comma = ",";
        if (wishes.links) {
            answer.add(link(n));
        } else {
            answer.add_file(Part::Form::base64, file_at(job, n)->name);
        }
        answer.add("\"");
    }
    answer.add("]},\"base_resp\":" + json::serialize(base_resp()) + "}");
    return answer;
}

Answer result_itself(const queue::JobView& job) {
    json::object answer = result_of(job);
    answer["base_resp"] = base_resp();
    return Answer(proto::compact_json(answer));
}

Answer cloned_voice(const queue::JobView& job, const Link& link) {
    const json::object result = result_of(job);
    const json::value* const judged = result.if_contains("input_sensitive");
    json::object answer{{"input_sensitive", judged != nullptr ? *judged : json::value(false)},
                        {"input_sensitive_type", 0},
                        {"demo_audio", is_home(job, 0) ? link(0) : ""},
                        {"base_resp", base_resp()}};
    return Answer(proto::compact_json(answer));
}

Answer designed_voice(const queue::JobView& job) {
    const std::string voice = proto::text_or_number(result_of(job), "voice_id");
    Answer answer(open_object(json::object{{"voice_id", voice}, {"base_resp", base_resp()}}));
    answer.add(R"(,"trial_audio":")");
    if (is_home(job, 0)) answer.add_file(Part::Form::hex, file_at(job, 0)->name);
    answer.add("\"}");
    return answer;
}

/// The members that the upstream's answer has beside what was kept of it.
json::object around_completion(const queue::JobView& job, bool openai, const json::object& kept) {
    json::object around{{"object", "chat.completion"}};
    if (!kept.contains("created")) {
        around["created"] = unix_seconds(job.record.finished_at.value_or(job.record.updated_at));
    }
    if (!openai) {
        around["input_sensitive"] = false;
        around["output_sensitive"] = false;
        around["base_resp"] = base_resp();
    }
    return around;
}

json::object completion(const queue::JobView& job, bool openai) {
    json::object kept = result_of(job);
    json::object whole = around_completion(job, openai, kept);
    for (auto& member : kept)
        whole[member.key()] = std::move(member.value());
    return whole;
}

std::string event(const json::object& data) {
    return "data: " + proto::compact_json(data) + "\n\n";
}

/// In pieces each call of a tool has a number, by which clients put it together.
json::value numbered(json::value message) {
    json::object* const fields = message.if_object();
    json::value* const calls = fields == nullptr ? nullptr : fields->if_contains("tool_calls");
    if (calls == nullptr || !calls->is_array()) return message;
    std::size_t n = 0;
    for (json::value& call : calls->get_array()) {
        if (call.is_object()) call.get_object()["index"] = n;
        ++n;
    }
    return message;
}

/// All that was said, as one piece.
json::object chunk_of(const json::object& completion, bool last) {
    json::object chunk{{"object", "chat.completion.chunk"}};
    for (const std::string_view name : {"id", "model", "created"})
        if (const json::value* const value = completion.if_contains(name)) chunk[name] = *value;
    json::array choices;
    const json::value* const said = completion.if_contains("choices");
    if (said != nullptr && said->is_array()) {
        for (const json::value& each : said->get_array()) {
            if (!each.is_object()) continue;
            json::object choice{
                {"index", 0}, {"delta", json::object()}, {"finish_reason", nullptr}};
            for (const std::string_view name : {"index", "finish_reason"})
                if (const json::value* const value = each.get_object().if_contains(name);
                    value != nullptr && (last || name == "index"))
                    choice[name] = *value;
            if (const json::value* const message = each.get_object().if_contains("message");
                message != nullptr && !last)
                choice["delta"] = numbered(*message);
            choices.push_back(std::move(choice));
        }
    }
    chunk["choices"] = std::move(choices);
    return chunk;
}

Answer chat_events(const queue::JobView& job, bool openai, const Wishes& wishes) {
    Answer answer;
    json::object whole = completion(job, openai);
    answer.add(event(chunk_of(whole, false)));
    if (!openai) {
        answer.add(event(whole));
        return answer;
    }
    json::object end = chunk_of(whole, true);
    if (wishes.usage_at_end && whole.contains("usage")) end["usage"] = whole["usage"];
    answer.add(event(end));
    answer.add("data: [DONE]\n\n");
    return answer;
}

Answer sound_events(const queue::JobView& job, const Wishes& wishes) {
    Answer answer;
    answer.add("data: ");
    add_sound(answer, job, "", 1, true, false);
    answer.add("\n\ndata: ");
    add_sound(answer, job, "", 2, wishes.whole_at_end, true);
    answer.add("\n\n");
    return answer;
}

bool makes_sound(const PaidCall& call) {
    return call.shape == Shape::speech || call.shape == Shape::music;
}

/// Nothing to show: it failed, or what it made is not there.
bool is_empty(const PaidCall& call, const queue::JobView& job) {
    if (job.record.state != proto::State::succeeded) return true;
    return makes_sound(call) && !is_home(job, 0);
}

}  // namespace

Answer ended(const PaidCall& call, const queue::JobView& job, const Wishes& wishes,
             const Link& link) {
    if (is_empty(call, job)) return no_answer(job.record, call.path);
    switch (call.shape) {
        case Shape::speech:
        case Shape::music:
            return sound(job, wishes, link);
        case Shape::pictures:
            return pictures(job, wishes, link);
        case Shape::cloned_voice:
            return cloned_voice(job, link);
        case Shape::designed_voice:
            return designed_voice(job);
        case Shape::chat:
        case Shape::openai_chat:
            return Answer(proto::compact_json(completion(job, call.shape == Shape::openai_chat)));
        default:
            return result_itself(job);
    }
}

Answer ended_events(const PaidCall& call, const queue::JobView& job, const Wishes& wishes,
                    const Link& link) {
    if (is_empty(call, job)) {
        Answer trouble = no_answer(job.record, call.path);
        Answer answer("data: ");
        answer.final = trouble.final;
        for (Part& part : trouble.parts)
            answer.parts.push_back(std::move(part));
        answer.add("\n\n");
        return answer;
    }
    if (makes_sound(call)) return sound_events(job, wishes);
    if (call.shape == Shape::chat || call.shape == Shape::openai_chat)
        return chat_events(job, call.shape == Shape::openai_chat, wishes);
    return ended(call, job, wishes, link);
}

}  // namespace genspool::daemon::gateway::minimax
