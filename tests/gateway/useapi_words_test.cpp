// What is told of jobs at useapi.net's paths, by their states, without a daemon.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <string>

#include "daemon/gateway/useapi/envelope.hpp"
#include "daemon/gateway/useapi/task_words.hpp"

using namespace genspool;
using namespace genspool::daemon::gateway;
using namespace genspool::daemon::gateway::useapi;
using genspool::daemon::Problem;
namespace json = boost::json;
using proto::State;

namespace {

queue::JobView job_in(State state, proto::Kind kind = proto::Kind::video,
                      const std::string& request = R"({"prompt":"a kite"})") {
    queue::JobView job;
    job.record.id =
        proto::JobId::make(proto::Instant{std::chrono::seconds{1'800'000'000}}, {9}, 77);
    job.record.seq = {9};
    job.record.state = state;
    job.record.created_at = proto::Instant{std::chrono::seconds{1'800'000'000}};
    job.spec.kind = kind;
    job.spec.provider = "useapi";
    job.spec.request = request;
    return job;
}

void add_file(queue::JobView& job, const std::string& name,
              proto::Artifact::Status status = proto::Artifact::Status::home) {
    proto::Artifact artifact;
    artifact.status = status;
    artifact.name = name;
    artifact.media_type = name.ends_with(".mp4") ? "video/mp4" : "image/png";
    job.record.artifacts.push_back(artifact);
}

proto::Failure failure_of(const std::string& code) {
    proto::Failure failure;
    failure.failure = proto::FailureClass::rejected;
    failure.code = code;
    failure.message = "the upstream's words";
    return failure;
}

std::string address(std::size_t n) {
    return "http://x/" + std::to_string(n);
}

std::string text_at(const json::value& value, std::string_view name) {
    return std::string(value.at(name).as_string());
}

std::string label_of_state(const queue::JobView& job, Word word, std::size_t n = 0) {
    return text_at(shown(job, word, n, address), "statusLabel");
}

const PaidCall& call(const std::string& path) {
    return *find_paid_call(path);
}

}  // namespace

TEST_CASE("a video tells every state in the upstream's words, and none but the end as an end") {
    struct Row {
        State state;
        int status;
        const char* label;
        bool final;
    };
    for (const Row& row :
         {Row{State::blocked, 11, "queued", false}, Row{State::queued, 11, "queued", false},
          Row{State::preparing, 12, "processing", false},
          Row{State::submitting, 12, "processing", false},
          Row{State::unknown, 1, "processing", false}, Row{State::running, 1, "processing", false},
          Row{State::canceling, 1, "processing", false},
          Row{State::fetching, 1, "processing", false}, Row{State::held, 1, "processing", false},
          Row{State::failed, 3, "failed", true}, Row{State::canceled, 3, "failed", true}}) {
        CAPTURE(row.label);
        const json::object view = shown(job_in(row.state), Word::video, 0, address);
        CHECK(view.at("status").as_int64() == row.status);
        CHECK(text_at(view, "statusLabel") == row.label);
        CHECK(view.at("statusFinal").as_bool() == row.final);
        CHECK(view.contains("error") == row.final);
        CHECK(text_at(view, "downloadURL").empty());
    }
    queue::JobView job = job_in(State::succeeded);
    add_file(job, "kite.mp4");
    const json::object view = shown(job, Word::video, 0, address);
    CHECK(view.at("status").as_int64() == 2);
    CHECK(view.at("percent").to_number<int>() == 100);
    CHECK(text_at(view, "downloadURL") == "http://x/0");
    CHECK(text_at(view, "desc") == "a kite");
    CHECK(view.at("createTime").as_int64() == 1'800'000'000'000);
    CHECK(text_at(view, "videoId").ends_with("-video:" + text_at(view, "id")));
    CHECK_FALSE(view.contains("error"));
}

TEST_CASE("what is held goes on, with its reason") {
    queue::JobView job = job_in(State::held);
    job.record.reason = "nobody knows";
    for (const Word word : {Word::video, Word::audio, Word::music, Word::agent}) {
        const json::object view = shown(job, word, 0, address);
        CHECK(text_at(view, "message").find("nobody knows") != std::string::npos);
        CHECK_FALSE(view.contains("error"));
    }
    const Answer answer = no_answer(job);
    CHECK(answer.status == 504);
    CHECK_FALSE(answer.final);
}

TEST_CASE("a failure has the upstream's own status, and moderation is told as such") {
    struct Row {
        const char* code;
        int status;
        const char* label;
    };
    for (const Row& row :
         {Row{"http.422", 422, "moderated"}, Row{"task.moderated", 422, "moderated"},
          Row{"http.402", 402, "failed"}, Row{"http.596", 596, "failed"},
          Row{"task.failed", 500, "failed"}, Row{"http.7", 500, "failed"}}) {
        CAPTURE(row.code);
        queue::JobView job = job_in(State::failed);
        job.record.failure = failure_of(row.code);
        const json::object view = shown(job, Word::image, 0, address);
        CHECK(text_at(view, "statusLabel") == row.label);
        CHECK(view.at("code").as_int64() == row.status);
        CHECK(text_at(view, "error") == "the upstream's words");
        // A clip is never moderated there.
        CHECK(label_of_state(job, Word::audio) == "failed");
        CHECK(no_answer(job).status == row.status);
        CHECK(no_answer(job).final);
        // What cost something is not to be tried again by a client itself, as a 5xx would be.
        job.record.charged = 1;
        CHECK(no_answer(job).status == (row.status < 500 ? row.status : 400));
    }
    CHECK(no_answer(job_in(State::canceled)).status == 499);
    CHECK(no_answer(job_in(State::running)).status == 504);
    CHECK_FALSE(no_answer(job_in(State::running)).final);
}

TEST_CASE("of several pictures each has its own end") {
    queue::JobView job =
        job_in(State::running, proto::Kind::image, R"({"prompt":"a","quantity":3})");
    CHECK(count_of(job, Word::image) == 3);
    CHECK(label_of_state(job, Word::image, 2) == "processing");
    job.record.state = State::succeeded;
    add_file(job, "0.png");
    add_file(job, "", proto::Artifact::Status::lost);
    job.record.artifacts.back().failure = failure_of("task.moderated");
    CHECK(label_of_state(job, Word::image, 0) == "completed");
    CHECK(label_of_state(job, Word::image, 1) == "moderated");
    CHECK(label_of_state(job, Word::image, 2) == "failed");
    const json::object view = shown(job, Word::image, 0, address);
    CHECK(text_at(view, "coverURL") == "http://x/0");
    CHECK(text_at(view, "fileID").find("-file:") != std::string::npos);
    const queue::JobView shown_one = job_in(
        State::queued, proto::Kind::image,
        R"({"prompt":"a","model":"nano-banana-2","quantity":2,"referenceFileId1":{"$file":"x"}})");
    CHECK(count_of(shown_one, Word::image) == 2);
    const queue::JobView four =
        job_in(State::queued, proto::Kind::image, R"({"prompt":"a","model":"midjourney-v7"})");
    CHECK(count_of(four, Word::image) == 4);
}

TEST_CASE("a clip and a song are pending until they are there") {
    queue::JobView job =
        job_in(State::running, proto::Kind::tts, R"({"text":"ahoy","voice_id":"7","speed":1.5})");
    CHECK(label_of_state(job, Word::audio) == "pending");
    job.record.state = State::succeeded;
    job.record.result = R"({"cost_credit":4})";
    add_file(job, "0.mp3");
    const json::object clip = shown(job, Word::audio, 0, address);
    CHECK(text_at(clip, "statusLabel") == "completed");
    CHECK(clip.at("status").as_int64() == 0);
    CHECK(text_at(clip, "audio_url") == "http://x/0");
    CHECK(text_at(clip, "text") == "ahoy");
    CHECK(text_at(clip.at("voice_info"), "voice_id") == "7");
    CHECK(clip.at("cost_credit").as_int64() == 4);
    job.spec.kind = proto::Kind::music;
    job.record.result = R"({"title":"Tide","lyrics":"la"})";
    CHECK(text_at(shown(job, Word::music, 0, address), "title") == "Tide");
    add_file(job, "1.mp3");
    const json::object songs = shown(job, Word::music, 1, address);
    CHECK(text_at(songs, "audio_url") == "http://x/1");
    CHECK(songs.at("musicIds").as_array().size() == 2);
}

TEST_CASE("an agent's work is told whole, with what it said") {
    queue::JobView job =
        job_in(State::fetching, proto::Kind::agent, R"({"prompt":"a kite","models":"x,y"})");
    job.spec.model = "x,y";
    add_file(job, "dir/kite.mp4");
    CHECK(text_at(shown(job, Word::agent, 0, address), "status") == "started");
    job.record.state = State::succeeded;
    job.record.result = R"({"message":"here"})";
    add_file(job, "kite.png");
    const json::object view = shown(job, Word::agent, 0, address);
    CHECK(text_at(view, "status") == "completed");
    CHECK(view.at("request").at("models") == json::parse(R"(["x","y"])"));
    const json::value& response = view.at("response");
    CHECK(text_at(response, "msg_content") == "here");
    const json::array& made = response.at("attachments").as_array();
    REQUIRE(made.size() == 2);
    CHECK(made[0].at("type").as_int64() == 1);
    CHECK(made[1].at("type").as_int64() == 2);
    CHECK(text_at(made[0].at("file"), "fileName") == "kite.mp4");
    CHECK(text_at(made[1].at("file").at("extra"), "no_watermark_url") == "http://x/1");
    job.record.state = State::failed;
    job.record.failure = failure_of("http.504");
    const json::object failed = shown(job, Word::agent, 0, address);
    CHECK(text_at(failed, "status") == "failed");
    CHECK(failed.at("error").at("status").as_int64() == 504);
}

TEST_CASE("a create is answered with ids, and with the client's own word") {
    queue::JobView job = job_in(State::queued);
    job.spec.labels.emplace_back("replyRef", "shot-1");
    const auto video = json::parse(created(call("/videos/create"), job, address));
    CHECK(text_at(video, "videoId").ends_with(text_at(video.at("data"), "id")));
    CHECK(text_at(video, "replyRef") == "shot-1");
    job.spec.kind = proto::Kind::image;
    job.spec.request = R"({"prompt":"a","quantity":2})";
    const auto images = json::parse(created(call("/images/create"), job, address));
    CHECK(images.at("imageIds").as_array().size() == 2);
    job.spec.kind = proto::Kind::music;
    const auto song = json::parse(created(call("/music/create"), job, address));
    CHECK(text_at(song, "musicId").find("-music:") != std::string::npos);
    CHECK_FALSE(song.at("statusFinal").as_bool());
    job.spec.kind = proto::Kind::agent;
    const auto agent = json::parse(created(call("/agent"), job, address));
    CHECK(text_at(agent, "status") == "started");
    CHECK(text_at(agent.at("request"), "replyRef") == "shot-1");
}

TEST_CASE("a problem of ours has the status that the upstream has for it") {
    struct Row {
        const char* code;
        int status;
    };
    for (const Row& row :
         {Row{"invalid", 400}, Row{"bad_json", 400}, Row{"too_large", 400}, Row{"not_allowed", 400},
          Row{"unauthorized", 401}, Row{"not_owner", 403}, Row{"not_found", 404}, Row{"busy", 429},
          Row{"stopping", 429}, Row{"queue_full", 429}, Row{"disk_full", 429},
          Row{"upstream_account", 502}, Row{"internal", 500}}) {
        CAPTURE(row.code);
        const auto reply = refusal(Problem(row.code, "request.prompt is wrong", "request.prompt"),
                                   "/v1/minimax/videos/create");
        CHECK(reply.status == row.status);
        CHECK(json::parse(reply.body) ==
              json::value{{"error", "prompt is wrong"}, {"code", row.status}});
        CHECK(reply.headers.empty() == (row.status != 429));
    }
}

TEST_CASE("times are told in minutes and seconds") {
    CHECK(elapsed(std::chrono::seconds{135}) == "02:15");
    CHECK(elapsed(std::chrono::minutes{125}) == "125:00");
    CHECK(elapsed(std::chrono::seconds{0}) == "00:00");
}
