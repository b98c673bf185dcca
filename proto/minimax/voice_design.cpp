#include "proto/minimax/voice_design.hpp"

#include <boost/json/serialize.hpp>
#include <utility>

#include "proto/checker.hpp"
#include "proto/minimax/audio_reply.hpp"
#include "proto/minimax/envelope.hpp"
#include "proto/minimax/sync_codec.hpp"
#include "proto/minimax/voice_id.hpp"
#include "proto/upstream_request.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

/// The trial's format is nowhere stated: its first bytes tell. "": they do not.
std::string_view sniffed_type(std::string_view hex) {
    if (hex.starts_with("494433") || hex.starts_with("ff") || hex.starts_with("FF"))
        return "audio/mpeg";
    return hex.starts_with("52494646") ? "audio/wav" : "";
}

class VoiceDesign final : public SyncCodec {
public:
    const OpInfo& info() const override {
        static constexpr OpInfo op{.name = "minimax.voice_design",
                                   .provider = "minimax",
                                   .kind = Kind::voice_design,
                                   .slot_class = "voice",
                                   .reply_is_artifact = true,
                                   .patience = std::chrono::minutes{15},
                                   .poll = PollSchedule{}};
        return op;
    }

    Result<Checked> check(const json::object& request) const override {
        Findings findings;
        Checker checker{request, "request", findings};
        checker.required("prompt");
        checker.check_text("prompt", {1, 10'000});
        checker.required("preview_text");
        checker.check_text("preview_text", {1, 500});
        check_voice_id(checker, "voice_id");
        checker.check_bool("aigc_watermark");
        if (findings.refused) return *findings.refused;
        Checked checked;
        checked.price_key = "minimax.voice_design";
        return checked;
    }

    Call submit(const JobSpec& spec) const override {
        return paid_call("/v1/voice_design", spec.request, std::chrono::seconds{180}, 32U << 20U);
    }

    SubmitOutcome on_submit(const JobSpec&, const Reply& reply) const override {
        const Envelope envelope = read_envelope(reply);
        if (!succeeded(reply, envelope)) return refusal(reply, envelope);
        const std::string voice = text_or_number(envelope.fields, "voice_id");
        if (voice.empty()) {
            const OnCreate means =
                envelope.says_success ? OnCreate::taken_failed : OnCreate::ambiguous;
            return incomplete(reply, "reply.empty", "the answer names no voice", means);
        }
        const MadeThing made{{Thing::Kind::voice, voice}};
        std::string result = json::serialize(json::object{{"voice_id", voice}});
        const std::string trial = text_or_number(envelope.fields, "trial_audio");
        if (trial.empty()) return Answered{std::move(result), made};
        Delivered delivered;
        delivered.artifacts.push_back(spooled_artifact(std::string{sniffed_type(trial)}));
        delivered.result = std::move(result);
        delivered.made = made;
        return delivered;
    }

    ExtractOutcome extract(const JobSpec&, const Reply& reply, std::size_t) const override {
        const Envelope envelope = read_envelope(reply);
        auto bytes = hex_decode(text_or_number(envelope.fields, "trial_audio"));
        if (bytes && !bytes->empty()) return std::move(*bytes);
        return artifact_failure("artifact.hex", "the reply's trial is not valid hex");
    }
};

}  // namespace

const Codec& voice_design() {
    static const VoiceDesign codec;
    return codec;
}

}  // namespace genspool::proto::minimax
