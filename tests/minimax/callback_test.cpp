#include "proto/minimax/callback.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "proto/minimax/provider.hpp"
#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

/// "answer | task".
std::string read(std::string_view body) {
    const Callback said = minimax_provider().read_callback(body);
    return said.answer + " | " + said.task;
}

constexpr std::string_view address = "https://spool.example/callbacks/c0ffee";

}  // namespace

TEST_CASE("a challenge is answered with itself") {
    CHECK(read(R"({"challenge":"k3Jd82"})") == R"({"challenge":"k3Jd82"} | )");
    CHECK(read(R"({"challenge":"a\"b","task_id":"7"})") == R"({"challenge":"a\"b"} | )");
    CHECK(read(R"({"challenge":17})") == R"({"challenge":17} | )");
}

TEST_CASE("an update names its task in each family's way") {
    CHECK(read(R"({"task_id":"115334141465231360","status":"success","file_id":"205258526306433",)"
               R"("base_resp":{"status_code":0,"status_msg":"success"}})") ==
          "{} | 115334141465231360");
    CHECK(read(R"({"task_id":115334141465231360,"status":"Processing"})") ==
          "{} | 115334141465231360");
    CHECK(read(R"({"task":{"id":"424010985738629","model":"MiniMax-H3","status":"succeeded"}})") ==
          "{} | 424010985738629");
    CHECK(read(R"({"id":"batch_QPMr","object":"batch","status":"validating"})") ==
          "{} | batch_QPMr");
}

TEST_CASE("what is no update names no task, and is answered all the same") {
    for (const std::string_view body :
         {"", "{}", "[]", "null", "task_id=7", R"({"task_id":""})", R"({"task_id":"0"})",
          R"({"task_id":1.5})", R"({"task_id":["7"]})", R"({"task":"7"})", R"({"task":{}})",
          R"({"id":null})", "{\"task_id\":\"7\""}) {
        CAPTURE(body);
        CHECK(read(body) == "{} | ");
    }
    CHECK(read(R"({"task_id":")" + std::string(5'000, '7') + "\"}") == "{} | ");
    CHECK(read(std::string(40, '[') + std::string(40, ']')) == "{} | ");
}

TEST_CASE("the address of callbacks goes into the body of the ops that take one") {
    std::set<std::string_view> ops;
    for (const Codec* codec : minimax_provider().codecs())
        if (codec->info().takes_callback) ops.insert(codec->info().name);
    CHECK(ops == std::set<std::string_view>{"minimax.chat_batch", "minimax.h3_context_ir",
                                            "minimax.video_template", "minimax.video_v1",
                                            "minimax.video_v2"});
    Call call;
    call.body = R"({ "model":"MiniMax-Hailuo-02", "prompt":"1E400"})";
    minimax_provider().add_callback(call, address);
    CHECK(call.body == R"({"callback_url":"https://spool.example/callbacks/c0ffee", )"
                       R"("model":"MiniMax-Hailuo-02", "prompt":"1E400"})");
}
