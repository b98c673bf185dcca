#include "proto/minimax/t2a_v2.hpp"

#include "proto/minimax/audio_reply.hpp"
#include "proto/minimax/sync_codec.hpp"
#include "proto/minimax/t2a_v2_request.hpp"
#include "proto/upstream_request.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

class T2aV2 final : public SyncCodec {
public:
    const OpInfo& info() const override {
        static constexpr OpInfo op{.name = "minimax.t2a_v2",
                                   .provider = "minimax",
                                   .kind = Kind::tts,
                                   .slot_class = "tts",
                                   .reply_is_artifact = true,
                                   .patience = std::chrono::minutes{15},
                                   .poll = PollSchedule{}};
        return op;
    }

    Result<Checked> check(const json::object& request) const override {
        return check_t2a_v2(request);
    }

    Call submit(const JobSpec& spec) const override {
        const json::object request = parse_request(spec.request);
        // A link could not be renewed: without the user's word the audio comes in the reply.
        const std::string body = request.contains("output_format")
                                     ? spec.request
                                     : with_member(spec.request, "output_format", "hex");
        return paid_call("/v1/t2a_v2", body, std::chrono::seconds{120}, t2a_reply_room(request));
    }

    SubmitOutcome on_submit(const JobSpec& spec, const Reply& reply) const override {
        const json::object request = parse_request(spec.request);
        return read_audio_reply(reply, audio_media_type(t2a_format(request)));
    }

    ExtractOutcome extract(const JobSpec&, const Reply& reply, std::size_t) const override {
        return extract_audio(reply, "audio_size");
    }
};

}  // namespace

const Codec& t2a_v2() {
    static const T2aV2 codec;
    return codec;
}

}  // namespace genspool::proto::minimax
