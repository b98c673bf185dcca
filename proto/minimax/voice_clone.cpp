#include "proto/minimax/voice_clone.hpp"

#include <array>
#include <boost/json/serialize.hpp>
#include <cstdint>
#include <utility>

#include "proto/checker.hpp"
#include "proto/minimax/envelope.hpp"
#include "proto/minimax/sync_codec.hpp"
#include "proto/minimax/voice_id.hpp"
#include "proto/upstream_request.hpp"
#include "proto/upstream_text.hpp"
#include "proto/utf8.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 6> recording_types{"mpeg", "mp3",   "mp4",
                                                          "wav",  "x-wav", "wave"};
constexpr std::size_t demo_bytes_max = 16'000;
constexpr std::uint64_t recording_bytes = (20U << 20U) + 1;
constexpr FileRule recording{"audio", recording_types, recording_bytes, FileRule::Form::file_id,
                             "voice_clone"};
constexpr FileRule prompt_recording{"audio", recording_types, recording_bytes,
                                    FileRule::Form::file_id, "prompt_audio"};

void check_preview(Checker& checker) {
    checker.check_text("text", {1, 1'000});
    if (checker.has("text")) checker.required("model");
    checker.check_text("model", {1, 128});
    checker.check_text("language_boost", {1, 64});
}

class VoiceClone final : public SyncCodec {
public:
    const OpInfo& info() const override {
        static constexpr OpInfo op{.name = "minimax.voice_clone",
                                   .provider = "minimax",
                                   .kind = Kind::voice_clone,
                                   .slot_class = "voice",
                                   .reply_is_artifact = true,
                                   .patience = std::chrono::minutes{15},
                                   .poll = PollSchedule{}};
        return op;
    }

    Result<Checked> check(const json::object& request) const override;

    Call submit(const JobSpec& spec) const override {
        return paid_call("/v1/voice_clone", spec.request, std::chrono::seconds{180}, 1U << 20U);
    }

    SubmitOutcome on_submit(const JobSpec& spec, const Reply& reply) const override;

    ExtractOutcome extract(const JobSpec&, const Reply&, std::size_t) const override {
        return artifact_failure("artifact.missing", "a preview never lies in the reply");
    }
};

Result<Checked> VoiceClone::check(const json::object& request) const {
    Findings findings;
    Checker checker{request, "request", findings};
    checker.required("file_id");
    checker.check_file_id("file_id", recording);
    checker.required("voice_id");
    check_voice_id(checker, "voice_id");
    if (auto prompt = checker.object("clone_prompt")) {
        prompt->required("prompt_audio");
        prompt->check_file_id("prompt_audio", prompt_recording);
        prompt->required("prompt_text");
        prompt->check_text("prompt_text", {1});
    }
    check_preview(checker);
    checker.check_text("text_validation", {1, 200});
    checker.check_number("accuracy", {0, 1});
    for (const std::string_view wish :
         {"need_noise_reduction", "need_volume_normalization", "aigc_watermark"})
        checker.check_bool(wish);
    if (findings.refused) return *findings.refused;
    Checked checked;
    const bool preview = checker.has("text");
    checked.model = checker.text("model");
    checked.price_key = preview ? "minimax.voice_clone/preview" : "minimax.voice_clone";
    checked.artifacts = preview ? 1 : 0;
    checked.files = std::move(findings.files);
    checked.names = std::move(findings.names);
    return checked;
}

SubmitOutcome VoiceClone::on_submit(const JobSpec& spec, const Reply& reply) const {
    const Envelope envelope = read_envelope(reply);
    if (!succeeded(reply, envelope)) return refusal(reply, envelope);
    if (!envelope.says_success) {
        return incomplete(reply, "reply.incomplete",
                          "the answer does not say that there is a voice", OnCreate::ambiguous);
    }
    const std::string voice = text_or_number(parse_request(spec.request), "voice_id");
    const MadeThing made{{Thing::Kind::voice, voice}};
    json::object result{{"voice_id", voice}};
    // How the upstream judged the recording: both shapes are told.
    const json::value* judged = envelope.fields.if_contains("input_sensitive");
    if (judged != nullptr && (judged->is_bool() || judged->is_object()))
        result["input_sensitive"] = *judged;
    std::string demo = text_or_number(envelope.fields, "demo_audio");
    if (!is_link(demo)) {
        // The voice is there; of a preview that came otherwise nothing is lost.
        if (!demo.empty()) result["demo_audio"] = bounded_utf8(demo, demo_bytes_max);
        return Answered{json::serialize(result), made};
    }
    Delivered delivered;
    delivered.artifacts.push_back(linked_artifact(std::move(demo), "", reply));
    delivered.result = json::serialize(result);
    delivered.made = made;
    return delivered;
}

}  // namespace

const Codec& voice_clone() {
    static const VoiceClone codec;
    return codec;
}

}  // namespace genspool::proto::minimax
