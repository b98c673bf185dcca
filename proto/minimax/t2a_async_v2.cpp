#include "proto/minimax/t2a_async_v2.hpp"

#include <array>
#include <boost/json/serialize.hpp>
#include <utility>

#include "proto/checker.hpp"
#include "proto/minimax/sync_codec.hpp"
#include "proto/minimax/t2a_async_body.hpp"
#include "proto/minimax/t2a_v2_request.hpp"
#include "proto/minimax/task_reply.hpp"
#include "proto/upstream_request.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 1> text_types{"plain"};
constexpr FileRule text_file{"text", text_types, 4'000'000, FileRule::Form::file_id,
                             "t2a_async_input"};

Result<Checked> check_async(const json::object& request) {
    Findings findings;
    Checker checker{request, "request", findings};
    checker.required("voice_setting");
    for (const std::string_view field : {"timbre_weights", "timber_weights"}) {
        if (checker.has(field))
            checker.refuse("invalid", field,
                           checker.path_of(field) + " goes with a text of up to " +
                               std::to_string(t2a_text_max) + " characters only");
    }
    if (checker.is_true("stream"))
        checker.refuse("invalid", "stream",
                       "request.stream goes with a text of up to " + std::to_string(t2a_text_max) +
                           " characters only");
    Result<Checked> checked = check_t2a_v2(request, {t2a_async_text_max, &text_file});
    if (!checked) return checked;
    if (findings.refused) return *findings.refused;
    checked->price_key = "minimax.t2a_async_v2/" + checked->model;
    if (!checker.has("text_file_id")) return checked;
    // How many characters a file holds only the upstream counts: no price is known.
    checked->price_key += "/file";
    checked->quantity = 1;
    checked->unmeasured = true;
    return checked;
}

class T2aAsyncV2 final : public Codec {
public:
    const OpInfo& info() const override {
        static constexpr OpInfo op{.name = "minimax.t2a_async_v2",
                                   .provider = "minimax",
                                   .kind = Kind::tts,
                                   .slot_class = "tts_async",
                                   .patience = std::chrono::minutes{60},
                                   .queries_rpm = 600,
                                   .poll = PollSchedule{.first = std::chrono::seconds{5},
                                                        .min = std::chrono::seconds{3},
                                                        .max = std::chrono::seconds{30}}};
        return op;
    }

    Result<Checked> check(const json::object& request) const override {
        return check_async(request);
    }

    Call submit(const JobSpec& spec) const override {
        return paid_call("/v1/t2a_async_v2",
                         json::serialize(speak_at_leisure(parse_request(spec.request))),
                         std::chrono::seconds{60}, 1U << 20U);
    }

    SubmitOutcome on_submit(const JobSpec&, const Reply& reply) const override {
        return taken_task(reply);
    }

    Call poll(const Task& task) const override {
        return query("/v1/query/t2a_async_query_v2?task_id=" + encoded(task.id));
    }

    PollOutcome on_poll(const Task& task, const Reply& reply) const override;

    Call link(const Source& source) const override { return file_link(source); }

    LinkOutcome on_link(const Source&, const Reply& reply) const override {
        return on_file_link(reply);
    }

    ExtractOutcome extract(const JobSpec&, const Reply&, std::size_t) const override {
        return artifact_failure("artifact.missing", "the audio never lies in the reply");
    }
};

TaskFailed expired() {
    TaskFailed failed;
    failed.failure.failure = FailureClass::expired;
    failed.failure.code = "task.expired";
    failed.failure.message = "the upstream has let the task expire";
    return failed;
}

PollOutcome T2aAsyncV2::on_poll(const Task&, const Reply& reply) const {
    const Envelope envelope = read_envelope(reply);
    const TaskState task = task_state(reply, envelope);
    if (task.failed()) return failed_task(reply, envelope);
    if (task.state == "expired") return expired();
    if (!succeeded(reply, envelope)) return refused_poll(refusal(reply, envelope));
    if (task.state != "success")
        return StillRunning{task.word, task.state.starts_with("processing")};
    std::string file_id = text_or_number(envelope.fields, "file_id");
    if (!is_usable_id(file_id)) return StillRunning{task.word, false};
    TaskDone done = done_task(std::move(file_id), "", task.word);
    done.artifacts.front().source.packed = true;
    return done;
}

}  // namespace

const Codec& t2a_async_v2() {
    static const T2aAsyncV2 codec;
    return codec;
}

}  // namespace genspool::proto::minimax
