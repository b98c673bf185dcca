#include "proto/useapi/video_template.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "proto/checker.hpp"
#include "proto/event_stream.hpp"
#include "proto/upstream_request.hpp"
#include "proto/upstream_text.hpp"
#include "proto/useapi/files.hpp"
#include "proto/useapi/media_task.hpp"
#include "proto/useapi/owned_fields.hpp"
#include "proto/useapi/targets.hpp"
#include "proto/useapi/video.hpp"

namespace genspool::proto::useapi {
namespace {

namespace json = boost::json;

constexpr OpInfo op{.name = "useapi.video_template",
                    .provider = "useapi",
                    .kind = Kind::video_template,
                    .slot_class = "video",
                    .patience = std::chrono::minutes{60},
                    .unknown_window = lists_window,
                    .poll = PollSchedule{.first = std::chrono::seconds{15},
                                         .min = std::chrono::seconds{20},
                                         .floor = std::chrono::seconds{10},
                                         .shared_floor = std::chrono::seconds{10}},
                    .poll_many_max = 100,
                    .takes_callback = true,
                    .takes_reference = true,
                    .lists_loosely = true};

/// The stream lasts as long as the work, and nobody says when its first byte comes.
constexpr Duration stream_patience = std::chrono::minutes{15};
constexpr std::uint64_t stream_bytes_max = 8U << 20U;

/// Which templates there are, and what each wants, changes upstream: only the shape is checked.
Result<Checked> check_template(const json::object& request) {
    Findings findings;
    Checker checker{request, "request", findings};
    refuse_owned_fields(checker);
    checker.required("templateId");
    if (text_or_number(request, "templateId").empty()) checker.check_text("templateId", {1, 200});
    checker.check_text("prompt", {0, 7500});
    checker.check_text("ossPath", {1, 2000});
    check_file(checker, "fileID", placed_picture_file);
    const std::string_view file = checker.text("fileID");
    const bool placed = file.find(' ') != std::string_view::npos;
    if (!file.empty() && !placed && !checker.has("ossPath"))
        checker.refuse(
            "missing", "ossPath",
            "request.ossPath is required with request.fileID; both come from the upload");
    if ((file.empty() || placed) && checker.has("ossPath"))
        checker.refuse("invalid", "ossPath",
                       "request.ossPath goes with the fileID of a file that was uploaded before");
    if (findings.refused) return *findings.refused;
    Checked checked;
    checked.price_key = "useapi.video_template/" + text_or_number(request, "templateId");
    checked.files = std::move(findings.files);
    checked.names = std::move(findings.names);
    checked.listed_as = shown_as(video_list.op, checker.text("prompt"));
    return checked;
}

/// What was uploaded on the way stands in one member, and goes out as two.
std::string sent_request(const std::string& request) {
    json::object fields = parse_request(request);
    const std::string file = text_or_number(fields, "fileID");
    const std::size_t blank = file.find(' ');
    if (blank == std::string::npos) return request;
    fields["fileID"] = file.substr(0, blank);
    fields["ossPath"] = file.substr(blank + 1);
    return json::serialize(fields);
}

/// The id of a video wherever it stands in an event, whose form nobody has written down; empty: it
/// stands nowhere.
std::string find_video(const json::value& value) {
    if (const json::object* const fields = value.if_object()) {
        std::string id = text_or_number(*fields, "videoId");
        if (is_usable_id(id)) return id;
        for (const auto& member : *fields) {
            id = find_video(member.value());
            if (!id.empty()) return id;
        }
    }
    if (const json::array* const items = value.if_array()) {
        for (const json::value& item : *items) {
            std::string id = find_video(item);
            if (!id.empty()) return id;
        }
    }
    return {};
}

class VideoTemplate final : public MediaCodec {
public:
    VideoTemplate() : MediaCodec(op, video_family) {}

    Result<Checked> check(const json::object& request) const override {
        return check_template(request);
    }

    Call submit(const JobSpec& spec) const override {
        return paid_call(std::string(template_create), sent_request(spec.request), stream_patience,
                         stream_bytes_max);
    }

    SubmitOutcome on_submit(const JobSpec& spec, const Reply& reply) const override {
        const bool fine = reply.status >= 200 && reply.status <= 299;
        if (!fine || !is_event_stream(reply)) return MediaCodec::on_submit(spec, reply);
        std::string id;
        each_event(reply, [&id](const json::object& event) {
            id = find_video(event);
            return id.empty();
        });
        // Whatever it says instead, the work may have begun.
        if (id.empty()) return names_no_task(reply);
        return Taken{{std::move(id)}};
    }

    std::optional<Call> cancel(const Task& task, std::string_view) const override {
        return cancel_video(task);
    }

    Call list(std::string_view page) const override { return list_purchases(video_list, page); }

    ListOutcome on_list(std::string_view page, const Reply& reply) const override {
        ListOutcome listed = listed_purchases(video_list, video_family.mark, page, reply);
        // Nobody has told us that the list of videos shows those of templates: that it shows none
        // proves nothing.
        if (auto* const found = std::get_if<ListPage>(&listed)) found->partial = true;
        return listed;
    }
};

}  // namespace

const Codec& video_template() {
    static const VideoTemplate codec;
    return codec;
}

}  // namespace genspool::proto::useapi
