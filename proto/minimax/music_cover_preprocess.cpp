#include "proto/minimax/music_cover_preprocess.hpp"

#include <boost/json/serialize.hpp>

#include "proto/checker.hpp"
#include "proto/minimax/cover_song.hpp"
#include "proto/minimax/envelope.hpp"
#include "proto/minimax/sync_codec.hpp"
#include "proto/upstream_request.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

constexpr Duration feature_kept = std::chrono::hours{24};

class MusicCoverPreprocess final : public SyncCodec {
public:
    const OpInfo& info() const override {
        // The reply is spooled although it is small: it was paid for.
        static constexpr OpInfo op{.name = "minimax.music_cover_preprocess",
                                   .provider = "minimax",
                                   .kind = Kind::lyrics,
                                   .slot_class = "music",
                                   .reply_is_artifact = true,
                                   .patience = std::chrono::minutes{20},
                                   .poll = PollSchedule{}};
        return op;
    }

    Result<Checked> check(const json::object& request) const override {
        Findings findings;
        Checker checker{request, "request", findings};
        checker.required("model");
        checker.check_text("model", {1, 200});
        check_cover_song(checker);
        if (checker.has("audio_url") == checker.has("audio_base64"))
            checker.refuse(checker.has("audio_url") ? "invalid" : "missing", "audio_url",
                           "exactly one of request.audio_url and request.audio_base64 is taken");
        if (findings.refused) return *findings.refused;
        Checked checked;
        checked.model = checker.text("model");
        checked.price_key = "minimax.music_cover_preprocess";
        checked.artifacts = 0;
        checked.files = std::move(findings.files);
        checked.names = std::move(findings.names);
        return checked;
    }

    Call submit(const JobSpec& spec) const override {
        return paid_call("/v1/music_cover_preprocess", spec.request, std::chrono::seconds{300},
                         1U << 20U);
    }

    SubmitOutcome on_submit(const JobSpec&, const Reply& reply) const override {
        const Envelope envelope = read_envelope(reply);
        if (!succeeded(reply, envelope)) return refusal(reply, envelope);
        const std::string feature = text_or_number(envelope.fields, "cover_feature_id");
        if (feature.empty()) {
            const OnCreate means =
                envelope.says_success ? OnCreate::taken_failed : OnCreate::ambiguous;
            return incomplete(reply, "reply.empty", "the answer names no cover_feature_id", means);
        }
        json::object result;
        for (const std::string_view name :
             {"cover_feature_id", "formatted_lyrics", "structure_result", "audio_duration"}) {
            const json::value* told = envelope.fields.if_contains(name);
            if (told != nullptr) result[name] = *told;
        }
        return Answered{json::serialize(result),
                        MadeThing{{Thing::Kind::feature, feature}, feature_kept}};
    }

    ExtractOutcome extract(const JobSpec&, const Reply&, std::size_t) const override {
        return artifact_failure("artifact.missing", "lyrics are a result, not a file");
    }
};

}  // namespace

const Codec& music_cover_preprocess() {
    static const MusicCoverPreprocess codec;
    return codec;
}

}  // namespace genspool::proto::minimax
