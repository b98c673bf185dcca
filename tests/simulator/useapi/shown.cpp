#include "tests/simulator/useapi/shown.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "tests/simulator/free_routes.hpp"
#include "tests/simulator/useapi/answers.hpp"
#include "tests/simulator/useapi/ids.hpp"

namespace genspool::simulator::useapi {
namespace {

namespace json = boost::json;

int status_of(const Job& job, Instant at) {
    if (job.finished(at)) return job.fail == 0 ? 2 : job.fail;
    const int tenths = job.tenths(at);
    if (job.type == JobType::image) return tenths < 2 ? 0 : 1;
    if (tenths < 1) return 11;
    return tenths < 3 ? 12 : 1;
}

std::string_view label_of(int status) {
    switch (status) {
        case 0:
            return "pending";
        case 1:
        case 12:
            return "processing";
        case 2:
            return "completed";
        case 11:
            return "queued";
        case 4:
        case 5:
        case 7:
        case 14:
        case 422:
            return "moderated";
        default:
            return "failed";
    }
}

std::string link_to_file(const World& world, std::int64_t file, const LinkTo& link_to) {
    const ShelfItem* const item = world.shelf.find(file);
    return item == nullptr ? std::string() : link_to(*item);
}

/// The n-th result with its watermark, where it has one.
std::int64_t marked_file(const Job& job, std::size_t n) {
    return job.only_watermarked ? job.files[n] : job.watermarked[n];
}

/// The site's own number of an account, where it is one: as a number, too large for a double.
json::value account_number(const Job& job) {
    std::int64_t number = 0;
    const char* const last = job.account.data() + job.account.size();
    const auto [end, ec] = std::from_chars(job.account.data(), last, number);
    return ec == std::errc{} && end == last ? json::value(number) : json::value(nullptr);
}

void add_result(const World& world, const Job& job, const LinkTo& link_to, json::object& view) {
    const std::string plain = link_to_file(world, job.files.front(), link_to);
    const std::string marked = link_to_file(world, marked_file(job, 0), link_to);
    view["videoURL"] = marked;
    if (!job.only_watermarked) view["downloadURL"] = plain;
    view["coverURL"] = "https://site.invalid/cover/" + std::to_string(job.number);
}

/// A video or an image: to the site they are the same sort of thing.
json::object shown_picture(const World& world, const Job& job, Instant at, const LinkTo& link_to) {
    const int status = status_of(job, at);
    const bool image = job.type == JobType::image;
    json::object view{{"id", std::to_string(job.number)}, {"desc", job.desc}};
    view.emplace("coverURL", "");
    view.emplace("videoURL", "");
    view.emplace("downloadURL", "");
    view.emplace("status", status);
    view.emplace("statusLabel", label_of(status));
    view.emplace("statusFinal", job.finished(at));
    view.emplace("message", job.finished(at) && job.fail != 0 ? "generation failed" : "");
    view.emplace("percent", std::min(job.tenths(at), 10) * 10);
    view.emplace("modelID", job.model);
    view.emplace("createTime", milliseconds(job.created));
    view.emplace("userID", account_number(job));
    view.emplace("userIDStr", job.account);
    view.emplace("originFiles", json::array());
    view.emplace("canAppeal", false);
    view.emplace("canRetry", job.fail == 3);
    view.emplace(image ? "imageId" : "videoId", job.id);
    if (image) view.emplace("batchID", std::to_string(job.batch));
    if (status != 2) return view;
    add_result(world, job, link_to, view);
    if (image) {
        view.emplace("fileID", make_id(job.user, job.account, "file", job.number));
    } else {
        view.emplace("width", 128);
        view.emplace("height", 128);
    }
    return view;
}

/// What a song and a spoken text have in common.
json::object shown_sound(const World& world, const Job& job, Instant at, const LinkTo& link_to) {
    json::object view{{"status", 0}, {"create_time", milliseconds(job.created)}};
    view.emplace("statusFinal", job.finished(at));
    if (!job.finished(at)) {
        view.emplace("statusLabel", "pending");
    } else if (job.fail != 0) {
        const bool song = job.type == JobType::music;
        view.emplace("statusLabel", song ? label_of(job.fail) : "failed");
        view.emplace("code", job.fail);
        view.emplace("error", words_of(job.fail));
    } else {
        view.emplace("statusLabel", "completed");
        view.emplace("audio_url", link_to_file(world, job.files.front(), link_to));
    }
    return view;
}

json::object shown_speech(const World& world, const Job& job, Instant at, const LinkTo& link_to) {
    json::object view = shown_sound(world, job, at, link_to);
    view.emplace("audioId", job.id);
    if (!job.finished(at) || job.fail != 0) return view;
    view.emplace("cost_credit", job.desc.size());
    view.emplace("text", job.desc);
    view.emplace("voice_info", json::object{{"voice_id", job.voice}, {"voice_name", "Qingse"}});
    view.emplace("speed", 1);
    view.emplace("pitch", 0);
    view.emplace("effects", json::object());
    return view;
}

json::object shown_music(const World& world, const Job& job, Instant at, const LinkTo& link_to) {
    json::object view = shown_sound(world, job, at, link_to);
    view.emplace("musicId", job.id);
    view.emplace("prompt", job.desc);
    view.emplace("title", job.title);
    view.emplace("lyrics", job.lyrics);
    return view;
}

json::object shown_attachment(const World& world, const Job& job, std::size_t n,
                              const LinkTo& link_to) {
    const ShelfItem& item = *world.shelf.find(job.files[n]);
    const std::string plain = link_to(item);
    const std::string marked = link_to_file(world, marked_file(job, n), link_to);
    const std::string name = item.filename();
    json::object extra{{"width", "128"}, {"height", "128"}, {"model_name", job.model}};
    json::object agent_file{{"id", std::to_string(item.file_id)}, {"name", name}};
    if (!job.only_watermarked) {
        extra.emplace("no_watermark_url", plain);
        extra.emplace("watermark_url", marked);
        agent_file.emplace("noWatermarkUrl", plain);
    }
    agent_file.emplace("url", marked);
    json::object file{{"fileName", name}, {"type", content_type(item.kind)}};
    file.emplace("fileUrl", marked);
    file.emplace("extra", std::move(extra));
    json::object node{{"nodeID", "n" + std::to_string(n)}, {"status", 3}};
    node.emplace("agentFile", std::move(agent_file));
    json::object attachment{{"attachmentID", "a" + std::to_string(n + 1)}, {"status", 3}};
    attachment.emplace("type", item.kind == MediaKind::mp4 ? 1 : 2);
    attachment.emplace("file", std::move(file));
    attachment.emplace("node", std::move(node));
    return attachment;
}

json::object shown_agent(const World& world, const Job& job, Instant at, const LinkTo& link_to) {
    json::object view{{"jobId", job.id}, {"created", proto::format_rfc3339(job.created)}};
    json::object request{{"prompt", job.desc}, {"async", true}};
    request.emplace("models", json::array(job.models.begin(), job.models.end()));
    if (!job.ref.empty()) request.emplace("replyRef", job.ref);
    view.emplace("request", std::move(request));
    if (!job.finished(at)) {
        view.emplace("status", "started");
        return view;
    }
    view.emplace("status", job.fail == 0 ? "completed" : "failed");
    if (job.fail != 0) {
        const json::object error{{"message", words_of(job.fail)}, {"status", job.fail}};
        view.emplace("error", job.error_text ? error.at("message") : json::value(error));
        return view;
    }
    json::array attachments;
    for (std::size_t n = 0; n < job.files.size(); ++n)
        attachments.emplace_back(shown_attachment(world, job, n, link_to));
    json::object response{{"projectID", std::to_string(job.number)}};
    response.emplace("msg_content", "This is what I have to say.");
    response.emplace("timestamp", milliseconds(job.finishes));
    response.emplace("elapsedTime", elapsed(job.finishes - job.created));
    if (!attachments.empty()) response.emplace("attachments", std::move(attachments));
    view.emplace("response", std::move(response));
    return view;
}

}  // namespace

json::object shown(const World& world, const Job& job, Instant at, const LinkTo& link_to) {
    switch (job.type) {
        case JobType::speech:
            return shown_speech(world, job, at, link_to);
        case JobType::music:
            return shown_music(world, job, at, link_to);
        case JobType::agent:
            return shown_agent(world, job, at, link_to);
        case JobType::video:
        case JobType::image:
            break;
    }
    return shown_picture(world, job, at, link_to);
}

json::object shown(World& world, const Visit& visit, const Job& job) {
    return shown(world, job, visit.now(),
                 [&](const ShelfItem& item) { return fresh_link(world, visit.call, item); });
}

}  // namespace genspool::simulator::useapi
