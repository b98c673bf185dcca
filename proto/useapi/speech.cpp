#include "proto/useapi/speech.hpp"

#include <boost/json/array.hpp>
#include <utility>

#include "proto/checker.hpp"
#include "proto/upstream_request.hpp"
#include "proto/upstream_text.hpp"
#include "proto/useapi/media_task.hpp"
#include "proto/useapi/owned_fields.hpp"
#include "proto/useapi/purchases.hpp"
#include "proto/useapi/scheduler.hpp"
#include "proto/useapi/targets.hpp"
#include "proto/useapi/times.hpp"
#include "proto/utf8.hpp"

namespace genspool::proto::useapi {
namespace {

namespace json = boost::json;

constexpr OpInfo op{.name = "useapi.speech",
                    .provider = "useapi",
                    .kind = Kind::tts,
                    .slot_class = "speech",
                    .patience = std::chrono::minutes{15},
                    .unknown_window = lists_window,
                    .poll = PollSchedule{.first = std::chrono::seconds{5},
                                         .min = std::chrono::seconds{5},
                                         .max = std::chrono::seconds{30},
                                         .floor = std::chrono::seconds{3}},
                    .poll_many_max = 100,
                    .takes_callback = true,
                    .takes_reference = true};

constexpr std::string_view default_model = "speech-2.8-hd";
constexpr std::size_t text_max_hd = 5'000;
constexpr std::size_t text_max_turbo = 10'000;

/// An hour's clips of a hundred to a page.
constexpr std::uint64_t page_bytes_max = 4U << 20U;

Result<Checked> check_speech(const json::object& request) {
    Findings findings;
    Checker checker{request, "request", findings};
    refuse_owned_fields(checker);
    checker.check_text("model", {1, 200});
    const std::string_view model = checker.text("model", default_model);
    checker.required("text");
    checker.check_text(
        "text", {1, model.find("-hd") != std::string_view::npos ? text_max_hd : text_max_turbo});
    checker.required("voice_id");
    checker.check_text("voice_id", {1, 256});
    checker.note_thing("voice_id", Thing::Kind::voice, checker.text("voice_id"));
    checker.check_word("emotion", {"happy", "sad", "angry", "fearful", "disgusted", "surprised",
                                   "neutral", "fluent"});
    checker.check_number("speed", {0.5, 2});
    checker.check_number("pitch", {-12, 12});
    checker.check_text("language_boost", {1, 100});
    if (findings.refused) return *findings.refused;
    Checked checked;
    checked.model = model;
    checked.price_key = "useapi.speech/" + checked.model;
    checked.quantity = static_cast<std::int64_t>(code_points(checker.text("text")));
    checked.names = std::move(findings.names);
    checked.listed_as = op.name;
    return checked;
}

/// It shows of a clip neither its text nor its voice, so an entry may be of any request.
ListOutcome listed_clips(std::string_view page, const Reply& reply) {
    const Answer answer = read_answer(reply);
    const json::value* const list = answer.fields().if_contains("audio_list");
    const json::array* const items = list != nullptr ? list->if_array() : nullptr;
    if (!succeeded(reply, answer) || items == nullptr)
        return unread_page(Service::speech, reply, answer);
    ListPage found;
    found.total = whole_number(text_or_number(answer.fields(), "total"));
    for (const json::value& item : *items) {
        const json::object* const clip = item.if_object();
        std::string id = clip != nullptr ? text_or_number(*clip, "audio_id") : "";
        if (!is_usable_id(id)) {
            found.partial = true;
            return found;
        }
        found.entries.push_back({std::move(id), {}, time_member(*clip, "update_time")});
    }
    const json::value* const more = answer.fields().if_contains("has_more");
    const bool ends = items->empty() || (more != nullptr && *more == false);
    if (!ends) found.next = std::to_string(whole_number(page).value_or(1) + 1);
    return found;
}

class Speech final : public MediaCodec {
public:
    Speech() : MediaCodec(op, speech_family) {}

    Result<Checked> check(const json::object& request) const override {
        return check_speech(request);
    }

    Call submit(const JobSpec& spec) const override {
        return paid_call(std::string(speech_create), spec.request, std::chrono::seconds{180},
                         1U << 20U);
    }

    /// What is taken from the scheduler is reported as failed then.
    std::optional<Call> cancel(const Task& task, std::string_view) const override {
        Call call = query(std::string(scheduler) + encoded_id(task.id));
        call.method = "DELETE";
        return call;
    }

    Call list(std::string_view page) const override {
        if (page.empty()) return query(std::string(scheduler));
        Call call =
            query("/speech/?account={account}&page=" + std::string(page) + "&page_size=100");
        call.reply_bytes_max = page_bytes_max;
        return call;
    }

    ListOutcome on_list(std::string_view page, const Reply& reply) const override {
        if (page.empty()) return listed_running(running_jobs(reply, speech_family.mark), "1");
        return listed_clips(page, reply);
    }
};

}  // namespace

const Codec& speech() {
    static const Speech codec;
    return codec;
}

}  // namespace genspool::proto::useapi
