#include "proto/minimax/lyrics.hpp"

#include <boost/json/serialize.hpp>

#include "proto/checker.hpp"
#include "proto/minimax/envelope.hpp"
#include "proto/minimax/sync_codec.hpp"
#include "proto/upstream_request.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

class Lyrics final : public SyncCodec {
public:
    const OpInfo& info() const override {
        // The reply is spooled although it is small: it was paid for.
        static constexpr OpInfo op{.name = "minimax.lyrics",
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
        checker.required("mode");
        checker.check_word("mode", {"write_full_song", "edit"});
        checker.check_text("prompt", {0, 2000});
        checker.check_text("lyrics", {0, 3500});
        checker.check_text("title");
        if (findings.refused) return *findings.refused;
        Checked checked;
        checked.price_key = "minimax.lyrics";
        checked.artifacts = 0;
        return checked;
    }

    Call submit(const JobSpec& spec) const override {
        return paid_call("/v1/lyrics_generation", spec.request, std::chrono::seconds{120},
                         1U << 20U);
    }

    SubmitOutcome on_submit(const JobSpec&, const Reply& reply) const override {
        const Envelope envelope = read_envelope(reply);
        if (!succeeded(reply, envelope)) return refusal(reply, envelope);
        json::object result;
        for (const std::string_view name : {"song_title", "style_tags", "lyrics"}) {
            result[name] = text_or_number(envelope.fields, name);
        }
        if (result["lyrics"].as_string().empty()) {
            const OnCreate means =
                envelope.says_success ? OnCreate::taken_failed : OnCreate::ambiguous;
            return incomplete(reply, "reply.empty", "the answer holds no lyrics", means);
        }
        return Answered{json::serialize(result)};
    }

    ExtractOutcome extract(const JobSpec&, const Reply&, std::size_t) const override {
        return artifact_failure("artifact.missing", "lyrics are a result, not a file");
    }
};

}  // namespace

const Codec& lyrics() {
    static const Lyrics codec;
    return codec;
}

}  // namespace genspool::proto::minimax
