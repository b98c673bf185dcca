#include "proto/minimax/chat.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <utility>

#include "proto/checker.hpp"
#include "proto/event_stream.hpp"
#include "proto/minimax/envelope.hpp"
#include "proto/minimax/files.hpp"
#include "proto/minimax/media_input.hpp"
#include "proto/minimax/sync_codec.hpp"
#include "proto/upstream_request.hpp"
#include "proto/upstream_text.hpp"
#include "proto/utf8.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

/// A longer completion is a file, and the result tells of it only what it cost.
constexpr std::size_t result_bytes_max = 32U << 10U;
constexpr std::uint64_t reply_room = 128U << 20U;

constexpr std::array<std::string_view, 7> film_types{"mp4",       "quicktime", "mov",       "avi",
                                                     "x-msvideo", "matroska",  "x-matroska"};
constexpr FileRule film{
    "video",      film_types, upload_bytes_max + 1, FileRule::Form::handle, "video_understanding",
    upload_scheme};

/// Whether a film or a picture is among it.
bool check_content(Checker& message) {
    bool shown = false;
    for (Checker& item : message.check_words("content")) {
        const std::string_view type = item.text("type");
        if (type != "video_url" && type != "image_url") continue;
        shown = true;
        auto named = item.object(type);
        if (!named) continue;
        named->required("url");
        if (type == "video_url") {
            check_media(*named, "url", film);
        } else if (!named->takes_reference("url", frame_image)) {
            // Nobody says what pictures a chat takes, so one that is written out is passed through.
            named->check_text("url", {1});
        }
    }
    return shown;
}

void check_role(Checker& message) {
    message.required("role");
    if (message.text("role") == "developer") {
        const std::string role = message.path_of("role");
        message.refuse("invalid", "role", role + " developer is not known to MiniMax: say system");
    }
    message.check_word("role", {"system", "user", "assistant", "tool"});
}

/// Whether they show a film or a picture.
bool check_messages(Checker& request) {
    bool shown = false;
    request.required("messages");
    for (Checker& message : request.objects("messages", {1, 10'000})) {
        check_role(message);
        if (!message.has("tool_calls")) message.required("content");
        if (check_content(message)) shown = true;
    }
    return shown;
}

/// OpenAI has other words for it, and an object that names a function.
void check_tool_choice(Checker& request) {
    const std::string_view choice = request.text("tool_choice");
    if (!request.has("tool_choice") || choice == "none" || choice == "auto") return;
    request.refuse("invalid", "tool_choice",
                   "request.tool_choice is none or auto at MiniMax, which cannot be made to call "
                   "a function");
}

void check_fields(Checker& request) {
    request.required("model");
    request.check_text("model", {1, 200});
    request.check_bool("stream");
    for (const std::string_view field : {"max_completion_tokens", "max_tokens"})
        request.check_integer(field, 1, 1'000'000);
    if (request.has("temperature") && request.number("temperature", 1) == 0)
        request.refuse("invalid", "temperature",
                       "request.temperature is 0; MiniMax wants it above 0, say 0.01");
    request.check_number("temperature", {0, 1, true});
    check_tool_choice(request);
    request.check_number("top_p", {0, 1, true});
    if (request.integer("n", 1) != 1)
        request.refuse("invalid", "n", "request.n is not known to MiniMax: it gives one answer");
}

/// What it may cost at most, in tokens of its answer, which are four times as dear as those of the
/// question; a token has three characters at least. 0: nobody can say.
std::int64_t tokens_max(const Checker& request, const json::object& fields) {
    const std::int64_t answer =
        request.integer("max_completion_tokens", request.integer("max_tokens", 0));
    if (answer == 0) return 0;
    const std::size_t question = json::serialize(fields.at("messages")).size();
    return answer + static_cast<std::int64_t>(question / 3 / 4) + 1;
}

/// The members of a completion that are worth keeping, in the upstream's own words.
json::object kept(const json::object& completion) {
    json::object result;
    for (const std::string_view name : {"id", "model", "created", "choices", "usage"}) {
        const json::value* value = completion.if_contains(name);
        if (value != nullptr) result[name] = *value;
    }
    return result;
}

const json::object* first_choice(const json::object& fields) {
    const json::value* choices = fields.if_contains("choices");
    const json::array* items = choices != nullptr ? choices->if_array() : nullptr;
    return items != nullptr && !items->empty() ? items->front().if_object() : nullptr;
}

bool has_message(const json::object& fields) {
    const json::object* choice = first_choice(fields);
    return choice != nullptr && object_member(*choice, "message") != nullptr;
}

/// The pieces of a streamed answer, put together as they come.
class Pieces {
public:
    void add(const json::object& chunk) {
        if (id_.empty()) id_ = text_or_number(chunk, "id");
        if (model_.empty()) model_ = text_or_number(chunk, "model");
        if (const json::object* usage = object_member(chunk, "usage")) usage_ = *usage;
        const json::object* choice = first_choice(chunk);
        if (choice == nullptr) return;
        begun_ = true;
        const std::string finish = text_or_number(*choice, "finish_reason");
        if (!finish.empty()) finish_ = finish;
        const json::object* delta = object_member(*choice, "delta");
        if (delta == nullptr) return;
        content_ += text_or_number(*delta, "content");
        reasoning_ += text_or_number(*delta, "reasoning_content");
        tools_ = tools_ || delta->contains("tool_calls");
    }

    bool begun() const { return begun_; }
    /// The end was said, and nothing was told that only the upstream can put together.
    bool whole() const { return !finish_.empty() && !tools_; }

    json::object completion() const {
        json::object message{{"role", "assistant"}, {"content", content_}};
        if (!reasoning_.empty()) message["reasoning_content"] = reasoning_;
        json::object choice{{"index", 0}, {"finish_reason", finish_}, {"message", message}};
        return {{"id", id_}, {"model", model_}, {"choices", {choice}}, {"usage", usage_}};
    }

private:
    std::string id_;
    std::string model_;
    std::string finish_;
    std::string content_;
    std::string reasoning_;
    json::object usage_;
    bool tools_ = false;
    bool begun_ = false;  ///< a piece of it came, be it an empty one
};

/// MiniMax counts the requests and tokens of a chat by its model. The code of too many tokens a
/// minute is that of a question beyond the model's context too: it is a refusal of this job, which
/// another try may undo.
Refusal refused_chat(const Reply& reply, const Envelope& envelope) {
    constexpr int too_many_tokens = 1039;
    Refusal refused = refusal(reply, envelope);
    const bool limited = refused.failure.failure == FailureClass::rate_limited;
    if (limited && refused.quarantine.scope == Scope::op) refused.quarantine.scope = Scope::model;
    if (envelope.row != nullptr && envelope.row->code == too_many_tokens)
        refused.failure.failure = FailureClass::rejected;
    return refused;
}

/// The completion of a reply, or what the reply means instead.
using Reading = std::variant<json::object, Refusal>;

Reading read_plain(const Reply& reply) {
    Envelope envelope = read_envelope(reply);
    if (!succeeded(reply, envelope)) return refused_chat(reply, envelope);
    if (has_message(envelope.fields)) return kept(envelope.fields);
    const OnCreate means = envelope.says_success ? OnCreate::taken_failed : OnCreate::ambiguous;
    return incomplete(reply, "reply.empty", "the answer holds no completion", means);
}

Reading read_streamed(const Reply& reply) {
    Pieces pieces;
    for (json::object& event : events_of(reply)) {
        Reply one;
        one.status = reply.status;
        one.body = json::serialize(event);
        const Envelope envelope = read_envelope(one);
        if (!succeeded(one, envelope)) {
            Refusal refused = refused_chat(one, envelope);
            // Whatever the code says: the work had begun.
            if (pieces.begun()) refused.on_create = OnCreate::taken_failed;
            return refused;
        }
        if (has_message(event)) return kept(event);
        pieces.add(event);
    }
    if (pieces.whole()) return pieces.completion();
    return incomplete(reply, "stream.cut", "the answer's stream ended before its end",
                      pieces.begun() ? OnCreate::taken_failed : OnCreate::ambiguous);
}

Reading read_chat(const Reply& reply) {
    return is_event_stream(reply) ? read_streamed(reply) : read_plain(reply);
}

class Chat final : public SyncCodec {
public:
    const OpInfo& info() const override {
        static constexpr OpInfo op{.name = "minimax.chat",
                                   .provider = "minimax",
                                   .kind = Kind::chat,
                                   .slot_class = "chat",
                                   .reply_is_artifact = true,
                                   .patience = std::chrono::minutes{20},
                                   .poll = PollSchedule{}};
        return op;
    }

    Result<Checked> check(const json::object& request) const override {
        Findings findings;
        Checker checker{request, "request", findings};
        check_fields(checker);
        const bool shown = check_messages(checker);
        if (findings.refused) return *findings.refused;
        Checked checked;
        checked.model = checker.text("model");
        checked.artifacts = 0;
        checked.files = std::move(findings.files);
        checked.names = std::move(findings.names);
        // How many tokens a film or a picture makes only the upstream counts.
        checked.quantity = shown ? 0 : tokens_max(checker, request);
        checked.price_key = checked.quantity > 0 ? "minimax.chat/" + checked.model : "";
        return checked;
    }

    Call submit(const JobSpec& spec) const override {
        const json::object request = parse_request(spec.request);
        const std::string body =
            request.contains("stream") ? spec.request : with_true(spec.request, "stream");
        return paid_call("/v1/text/chatcompletion_v2", body, std::chrono::seconds{300}, reply_room);
    }

    SubmitOutcome on_submit(const JobSpec&, const Reply& reply) const override {
        Reading reading = read_chat(reply);
        if (auto* refused = std::get_if<Refusal>(&reading)) return std::move(*refused);
        json::object& completion = std::get<json::object>(reading);
        std::string whole = json::serialize(completion);
        if (whole.size() <= result_bytes_max) return Answered{std::move(whole)};
        completion.erase("choices");
        Delivered delivered;
        delivered.artifacts.push_back(spooled_artifact("application/json"));
        delivered.result = bounded_utf8(json::serialize(completion), result_bytes_max);
        return delivered;
    }

    ExtractOutcome extract(const JobSpec&, const Reply& reply, std::size_t) const override {
        Reading reading = read_chat(reply);
        if (const auto* completion = std::get_if<json::object>(&reading))
            return json::serialize(*completion);
        return artifact_failure("artifact.missing", "the reply holds no completion");
    }
};

}  // namespace

const Codec& chat() {
    static const Chat codec;
    return codec;
}

}  // namespace genspool::proto::minimax
