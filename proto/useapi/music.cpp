#include "proto/useapi/music.hpp"

#include <utility>

#include "proto/checker.hpp"
#include "proto/upstream_request.hpp"
#include "proto/useapi/media_task.hpp"
#include "proto/useapi/owned_fields.hpp"
#include "proto/useapi/purchases.hpp"
#include "proto/useapi/scheduler.hpp"
#include "proto/useapi/targets.hpp"

namespace genspool::proto::useapi {
namespace {

constexpr OpInfo op{
    .name = "useapi.music",
    .provider = "useapi",
    .kind = Kind::music,
    .slot_class = "music",
    .several_tasks = true,
    .patience = std::chrono::minutes{20},
    .unknown_window = lists_window,
    .poll = PollSchedule{.first = std::chrono::seconds{15}, .min = std::chrono::seconds{15}},
    .poll_many_max = 100,
    .takes_callback = true,
    .takes_reference = true};

constexpr std::string_view default_model = "music-3.0";

Result<Checked> check_music(const boost::json::object& request) {
    Findings findings;
    Checker checker{request, "request", findings};
    refuse_owned_fields(checker);
    checker.check_text("model", {1, 200});
    checker.check_text("prompt", {0, 2000});
    checker.check_text("lyrics", {0, 3500});
    checker.check_text("title", {0, 40});
    checker.check_bool("instrumental");
    checker.check_bool("stream");
    if (checker.text("prompt").empty() && checker.text("lyrics").empty())
        checker.refuse("missing", "prompt", "request.prompt is required without lyrics");
    if (checker.is_true("stream"))
        checker.not_available("stream",
                              "is not available: a song that comes as a stream cannot be asked for "
                              "again");
    if (findings.refused) return *findings.refused;
    Checked checked;
    checked.model = checker.text("model", default_model);
    checked.price_key = "useapi.music/" + checked.model;
    checked.listed_as = op.name;
    return checked;
}

class Music final : public MediaCodec {
public:
    Music() : MediaCodec(op, music_family) {}

    Result<Checked> check(const boost::json::object& request) const override {
        return check_music(request);
    }

    Call submit(const JobSpec& spec) const override {
        return paid_call(std::string(music_create), spec.request, std::chrono::seconds{180},
                         1U << 20U);
    }

    // Songs that are finished are in no list.
    Call list(std::string_view) const override { return query(std::string(scheduler)); }

    ListOutcome on_list(std::string_view, const Reply& reply) const override {
        ListOutcome listed = listed_running(running_jobs(reply, music_family.mark), {});
        if (auto* const page = std::get_if<ListPage>(&listed)) page->partial = true;
        return listed;
    }
};

}  // namespace

const Codec& music() {
    static const Music codec;
    return codec;
}

}  // namespace genspool::proto::useapi
