#include <doctest/doctest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "proto/resources.hpp"
#include "proto/useapi/provider.hpp"
#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

/// Whole answers of every op, list and look, to be cut and bent.
std::vector<std::string> answers() {
    return {
        R"({"videoId":"user:1-minimax:301-video:9","statusInfo":{"code":0}})",
        R"({"imageIds":["user:1-minimax:301-image:7","user:1-minimax:301-image:8"]})",
        R"([{"musicId":"user:1-minimax:301-music:6"},{"musicId":"m"}])",
        R"({"statusLabel":"completed","statusFinal":true,"percent":100,)"
        R"("userID":301000000000000001,"downloadURL":"https://c.e/v.mp4",)"
        R"("videoURL":"https://c.e/w.mp4","cost_credit":4})",
        R"({"statusLabel":"failed","statusFinal":true,"code":422,"error":{"message":"m"}})",
        R"({"jobId":"p12-u1-a301-bot:minimax","status":"completed",)"
        R"("created":"2026-01-02T03:04:05Z",)"
        R"("request":{"prompt":"p","replyRef":"r"},"response":{"msg_content":"m","attachments":)"
        R"([{"file":{"fileUrl":"https://c.e/f","type":"video/mp4","extra":{}},"node":{}}]}})",
        R"({"jobId":"p12","status":"failed","error":{"message":"t","status":504}})",
        R"([{"videoId":"user:1-minimax:301-video:9","started":"2026-01-02T03:04:05.000Z",)"
        R"("replyRef":"r"},{"audioId":"user:1-minimax:301-audio:8","started":1798804800000}])",
        R"({"executing":{"301":[{"jobId":"p12","elapsed":"02:15"}]},"accounts":["301"]})",
        R"([{"videoId":"v:9","desc":"p","createTime":1798804800000}])",
        R"({"images":[{"imageId":"i:7","desc":"p","batchID":"3"}]})",
        R"({"audio_list":[{"audio_id":"a","update_time":1798804800000}],)"
        R"("total":1,"has_more":true})",
        R"({"account":"301","jwt":{"token":"t","exp":1800000000.5},"maxJobs":3,)"
        R"("supportAudio":false})",
        R"({"queueLength":5,"imageQueueLength":5})",
        R"({"ossPath":"https://c.e/f","fileID":"f:55"})",
        R"({"error":"text","code":412,"retryAfter":"2026-08-01T05:00:00Z"})",
        "data: {\"x\":[{\"videoId\":\"user:1-minimax:301-video:9\"}]}\n\n",
    };
}

void judge(const Refusal& refusal) {
    CHECK(refusal.failure.failure != FailureClass::none);
    CHECK(refusal.failure.upstream.size() <= 2048);
    CHECK(refusal.failure.message.size() <= 500);
}

/// Feeds one body to everything that reads bodies. What it must not do is crash, or call something
/// bought that nobody named.
void feed(int status, const std::string& body) {
    const Reply answer = dated(reply(status, body));
    for (const Codec* codec : useapi_provider().codecs()) {
        const auto submitted = codec->on_submit(spec("{}"), answer);
        if (const auto* taken = std::get_if<Taken>(&submitted)) {
            CHECK(status < 300);
            CHECK_FALSE(taken->tasks.empty());
            for (const std::string& id : taken->tasks)
                CHECK_FALSE(id.empty());
        }
        if (const auto* refused = std::get_if<Refusal>(&submitted)) judge(*refused);
        const auto polled = codec->on_poll(task("t"), answer);
        if (const auto* done = std::get_if<TaskDone>(&polled)) CHECK_FALSE(done->artifacts.empty());
        if (const auto* refused = std::get_if<Refusal>(&polled)) judge(*refused);
        static_cast<void>(codec->on_link(source("t/0"), answer));
        static_cast<void>(codec->on_poll_many("", answer));
        for (const char* page : {"", "-", "1", "p1 p2"})
            static_cast<void>(codec->on_list(page, answer));
    }
    AccountSight sight;
    useapi_provider().read_look(0, answer, sight);
    useapi_provider().read_look(1, answer, sight);
    static_cast<void>(useapi_provider().read_callback(body));
    static_cast<void>(useapi_provider().on_upload("placed picture", answer));
    for (const Resource& resource : useapi_provider().resources()->table())
        static_cast<void>(useapi_provider().resources()->read(resource, answer));
}

}  // namespace

TEST_CASE("answers cut off anywhere are survived, and buy nothing unless they are whole") {
    for (const std::string& whole : answers()) {
        if (whole.starts_with("data:")) continue;
        for (std::size_t length = 0; length < whole.size(); ++length) {
            const Reply cut = ok(whole.substr(0, length));
            for (const Codec* codec : useapi_provider().codecs())
                CHECK(want<Refusal>(codec->on_submit(spec("{}"), cut)).on_create ==
                      OnCreate::ambiguous);
            feed(200, cut.body);
        }
    }
}

TEST_CASE("bent answers never crash") {
    std::mt19937 engine{20260801};
    const auto random = [&] { return static_cast<std::uint32_t>(engine()); };
    const std::vector<std::string> whole = answers();
    const std::string pieces[] = {"null", "[]",    "{}",   "\"\"",    "0",
                                  "-1",   "1e999", "\xFF", "\\u0000", "]"};
    for (int round = 0; round < 10'000; ++round) {
        std::string body = whole[random() % whole.size()];
        for (std::uint32_t bends = 1 + random() % 3; bends > 0; --bends) {
            const std::size_t at = random() % body.size();
            if (random() % 2 == 0) {
                body[at] = static_cast<char>(random() % 256);
            } else {
                body.replace(at, std::min<std::size_t>(1 + random() % 6, body.size() - at),
                             pieces[random() % std::size(pieces)]);
            }
        }
        const int statuses[] = {200, 201, 404, 412, 500, 596};
        feed(statuses[random() % 6], body);
    }
}

TEST_CASE("members of the wrong type are read as absent") {
    const std::string values[] = {"null",  "true", "1",    "-1", "1.5", "1e300",
                                  "\"x\"", "[]",   "[[]]", "{}", "[7]", R"({"a":1})"};
    const std::string names[] = {
        "videoId", "imageIds",  "musicId", "jobId",       "statusLabel", "statusFinal",
        "percent", "error",     "code",    "downloadURL", "audio_url",   "response",
        "request", "executing", "images",  "audio_list",  "total",       "has_more",
        "jwt",     "maxJobs",   "account", "status",      "retryAfter",  "fileID",
        "ossPath", "created",   "message", "desc",        "cost_credit", "queueLength"};
    for (const std::string& name : names) {
        for (const std::string& value : values) {
            for (const int status : {200, 429, 596})
                feed(status, "{\"" + name + "\":" + value + "}");
            feed(200, "[{\"" + name + "\":" + value + "}]");
            feed(200, R"({"status":"completed","response":{"attachments":[{")" + name +
                          "\":" + value + "}]}}");
            feed(200, R"({"statusLabel":"failed","statusFinal":true,"error":{")" + name +
                          "\":" + value + "}}");
        }
    }
}

TEST_CASE("an answer nested beyond measure is not read") {
    feed(200, std::string(100'000, '['));
    feed(200, R"({"error":)" + std::string(100'000, '{'));
    feed(200, "data: " + std::string(100'000, '['));
}

TEST_CASE("requests with members of any type are checked without harm") {
    const std::string values[] = {"null",    "true", "-1",  "1.5",  "1e300", "\"x\"",
                                  "\"a b\"", "[]",   "[1]", "[{}]", "{}"};
    const std::string names[] = {"model",
                                 "models",
                                 "prompt",
                                 "text",
                                 "voice_id",
                                 "fileID",
                                 "fileID14",
                                 "ossPath",
                                 "templateId",
                                 "options",
                                 "duration",
                                 "resolution",
                                 "quantity",
                                 "quality",
                                 "file",
                                 "lyrics",
                                 "stream",
                                 "speed",
                                 "referenceFileId1",
                                 "end_frame_fileID",
                                 "videoFileID1",
                                 "account"};
    const auto base =
        object(R"({"prompt":"p","text":"t","voice_id":"1","templateId":"7","models":"m"})");
    for (const Codec* codec : useapi_provider().codecs()) {
        for (const std::string& name : names) {
            for (const std::string& value : values) {
                boost::json::object fields = base;
                fields[name] = object("{\"v\":" + value + "}")["v"];
                const auto checked = codec->check(fields);
                if (!checked.has_value()) CHECK_FALSE(checked.error().field.empty());
                if (!checked.has_value()) continue;
                // What passes can be sent.
                const Call call = sent(*codec, boost::json::serialize(fields));
                CHECK(call.body.find("301") != std::string::npos);
            }
        }
    }
}
