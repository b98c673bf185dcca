#include "proto/minimax/t2a_ws.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "proto/checker.hpp"
#include "proto/event_stream.hpp"
#include "proto/minimax/audio_reply.hpp"
#include "proto/minimax/envelope.hpp"
#include "proto/minimax/sync_codec.hpp"
#include "proto/minimax/t2a_session.hpp"
#include "proto/minimax/t2a_v2_request.hpp"
#include "proto/minimax/text_pieces.hpp"
#include "proto/upstream_request.hpp"
#include "proto/upstream_text.hpp"
#include "proto/utf8.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

constexpr std::size_t text_max = 200'000;
/// Of the whole recording, in which the audio stands as hex. It passes through memory.
constexpr std::uint64_t reply_bytes_max = 1U << 30U;
constexpr int switching_protocols = 101;

void check_voice_and_format(Checker& request) {
    request.required("voice_setting");
    if (request.text("output_format") == "url")
        request.refuse("invalid", "output_format",
                       "request.output_format url does not go with a session: its audio comes in "
                       "pieces");
    request.check_bool("continuous_sound");
    const std::string_view model = request.text("model");
    const bool older = model.starts_with("speech-0") || model.starts_with("speech-2.6-");
    if (request.is_true("continuous_sound") && older)
        request.refuse("invalid", "continuous_sound",
                       "request.continuous_sound is not known to " + std::string{model});
    auto audio = request.object("audio_setting");
    const std::string_view format = audio ? audio->text("format", "mp3") : "mp3";
    // Of the others each piece has a head of its own, and what players make of several differs.
    if (format != "mp3" && format != "pcm" && format != "pcmu_raw") {
        audio->refuse("invalid", "format",
                      "request.audio_setting.format must be mp3, pcm or pcmu_raw for a text that "
                      "is said in pieces, not " +
                          std::string{format});
    }
}

/// Slow speech is assumed: a session that outgrows its room is a purchase lost.
std::uint64_t most_hex_bytes(const json::object& request, std::string_view text) {
    constexpr double narrow_seconds = 0.1;
    constexpr double wide_seconds = 0.25;  // Chinese: four a second
    const std::size_t characters = code_points(text);
    std::size_t wide = 0;
    for (const char byte : text)
        wide += static_cast<unsigned char>(byte) >= 0xE0 ? 1U : 0U;
    const double share = static_cast<double>(wide) / static_cast<double>(characters);
    const double seconds = narrow_seconds + (wide_seconds - narrow_seconds) * share;
    return static_cast<std::uint64_t>(2 * t2a_audio_bytes(request, seconds));
}

Result<Checked> check_ws(const json::object& request) {
    Findings findings;
    Checker checker{request, "request", findings};
    const std::string_view text = checker.text("text");
    if (code_points(text) > text_max) {
        return Refused{"too_long", "request.text",
                       "request.text may have at most " + std::to_string(text_max) +
                           " characters; a longer one goes into a text file that "
                           "request.text_file_id names"};
    }
    Result<Checked> checked = check_t2a_v2(request, {text_max});
    if (!checked) return checked;
    check_voice_and_format(checker);
    if (cut_text(text, session_piece_max).empty())
        checker.refuse("invalid", "text", "request.text says nothing");
    if (most_hex_bytes(request, text) > reply_bytes_max) {
        checker.refuse("too_long", "text",
                       "request.text can make more audio than one session carries (512 MiB): it "
                       "takes a smaller request.audio_setting.bitrate or sample_rate, or a text "
                       "file that request.text_file_id names");
    }
    if (findings.refused) return *findings.refused;
    checked->price_key = "minimax.t2a_ws/" + checked->model;
    return checked;
}

/// What a recorded session comes to beside its audio.
struct Heard {
    T2aSession session;
    bool audible = false;
    std::string trace;
    json::array details;  ///< of the pieces

    explicit Heard(const json::object& request) : session(request) {}

    bool take(const json::object& event) {
        audible = audible || !audio_of(event).empty();
        if (trace.empty()) trace = text_or_number(event, "trace_id");
        const std::size_t said = session.said();
        session.on_event(event);
        if (session.said() > said) details.push_back(small_extra_info(event));
        return !session.over();
    }
};

/// Before the task was started nothing was bought, and once something was said the work had begun,
/// whatever a code says elsewhere.
OnCreate what_it_means(const T2aSession& session, OnCreate otherwise) {
    if (!session.paid()) return OnCreate::not_created;
    return session.begun() ? OnCreate::taken_failed : otherwise;
}

class T2aWs final : public SyncCodec {
public:
    const OpInfo& info() const override {
        static constexpr OpInfo op{.name = "minimax.t2a_ws",
                                   .provider = "minimax",
                                   .kind = Kind::tts,
                                   .slot_class = "tts_ws",
                                   .reply_is_artifact = true,
                                   .patience = std::chrono::hours{3},
                                   .poll = PollSchedule{},
                                   .reply_room_bytes = 512U << 20U};
        return op;
    }

    Result<Checked> check(const json::object& request) const override { return check_ws(request); }

    Call submit(const JobSpec&) const override {
        Call call;
        call.target = "/ws/v1/t2a_v2";
        call.first_byte = std::chrono::seconds{180};
        call.whole = std::chrono::hours{2};
        call.reply_bytes_max = reply_bytes_max;
        return call;
    }

    std::unique_ptr<Session> open(const JobSpec& spec) const override {
        return std::make_unique<T2aSession>(parse_request(spec.request));
    }

    SubmitOutcome on_submit(const JobSpec& spec, const Reply& reply) const override;
    ExtractOutcome extract(const JobSpec& spec, const Reply& reply, std::size_t) const override;
};

SubmitOutcome T2aWs::on_submit(const JobSpec& spec, const Reply& reply) const {
    if (reply.status != switching_protocols) {
        Refusal refused = classify(reply);
        refused.on_create = OnCreate::not_created;
        return refused;
    }
    const json::object request = parse_request(spec.request);
    Heard heard(request);
    each_event(reply, [&heard](const json::object& event) { return heard.take(event); });
    const T2aSession& session = heard.session;
    if (session.refused()) {
        Refusal refused = *session.refused();
        refused.on_create = what_it_means(session, refused.on_create);
        return refused;
    }
    if (!session.whole())
        return incomplete(reply, "session.short", "the session ended before all of it was said",
                          what_it_means(session, OnCreate::ambiguous));
    if (!heard.audible)
        return incomplete(reply, "reply.empty", "the session held no audio",
                          OnCreate::taken_failed);
    Delivered delivered;
    delivered.artifacts.push_back(
        spooled_artifact(std::string{audio_media_type(t2a_format(request))}));
    json::object result;
    if (!heard.trace.empty() && heard.trace.size() <= 128) result["trace_id"] = heard.trace;
    result["extra_info"] = std::move(heard.details);
    delivered.result = json::serialize(result);
    return delivered;
}

ExtractOutcome T2aWs::extract(const JobSpec& spec, const Reply& reply, std::size_t) const {
    T2aSession session(parse_request(spec.request));
    std::string audio;
    bool valid = true;
    each_event(reply, [&](const json::object& event) {
        const std::optional<std::string> bytes = hex_decode(audio_of(event));
        valid = valid && bytes;
        if (bytes) audio += *bytes;
        session.on_event(event);
        return valid && !session.over();
    });
    if (!valid) return artifact_failure("artifact.hex", "a piece of the audio is not valid hex");
    if (audio.empty()) return artifact_failure("artifact.missing", "the session holds no audio");
    return audio;
}

}  // namespace

const Codec& t2a_ws() {
    static const T2aWs codec;
    return codec;
}

}  // namespace genspool::proto::minimax
