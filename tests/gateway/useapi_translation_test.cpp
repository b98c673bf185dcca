#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <string>

#include "daemon/gateway/useapi/translation.hpp"

using namespace genspool;
using namespace genspool::daemon::gateway;
using namespace genspool::daemon::gateway::useapi;
namespace json = boost::json;

namespace {

json::object object(const std::string& text) {
    return json::parse(text).as_object();
}

const PaidCall& call(const std::string& path) {
    const PaidCall* const found = find_paid_call(path);
    REQUIRE(found != nullptr);
    return *found;
}

Order order(const std::string& path, const std::string& text, const Meant& meant = {},
            const std::string& account = {}) {
    json::object body = object(text);
    const Wishes wishes = take_wishes(call(path), body);
    return order_of(call(path), std::move(body), meant, account, wishes);
}

json::object job_of(const std::string& path, const std::string& text, const Meant& meant = {},
                    const std::string& account = {}) {
    return object(order(path, text, meant, account).line);
}

constexpr const char* upload = "user:0-minimax:0-file:4503599627370511";

}  // namespace

TEST_CASE("a body becomes a job of the path's kind, without what is not the upstream's to know") {
    const json::object job = job_of(
        "/videos/create", R"({"prompt":"a kite","account":"301","maxJobs":3,"replyRef":"shot-1"})",
        {}, "main");
    CHECK(job.at("kind").as_string() == "video");
    CHECK(job.at("provider").as_string() == "useapi");
    CHECK(job.at("account").as_string() == "main");
    CHECK(job.at("labels") == object(R"({"replyRef":"shot-1"})"));
    CHECK(job.at("request") == object(R"({"prompt":"a kite"})"));
    CHECK_FALSE(job_of("/music/create", R"({"prompt":"x"})").contains("account"));
    CHECK(job_of("/speech/create-mp3", "{}").at("kind").as_string() == "tts");
    CHECK(job_of("/videos/agent-create", "{}").at("kind").as_string() == "video_template");
}

TEST_CASE("who asks for callbacks is refused later, and not unheard") {
    const json::object job = job_of("/videos/create", R"({"replyUrl":"https://x"})");
    CHECK(job.at("request").at("replyUrl").as_string() == "https://x");
    const json::object none =
        job_of("/videos/create", R"({"replyUrl":"","replyRef":null,"account":""})");
    CHECK(none.at("request").as_object().empty());
}

TEST_CASE("an agent is waited for unless it is told not to, and that is another order") {
    const Order waits = order("/agent", R"({"prompt":"x"})");
    CHECK_FALSE(waits.answered_at_once);
    CHECK_FALSE(order("/agent", R"({"prompt":"x","async":false})").answered_at_once);
    const Order async = order("/agent", R"({"prompt":"x","async":true})");
    CHECK(async.answered_at_once);
    CHECK(object(async.line).at("request") == object(R"({"prompt":"x"})"));
    CHECK(async.identity != waits.identity);
    CHECK(order("/videos/create", "{}").answered_at_once);
    CHECK_FALSE(order("/speech/create-mp3", "{}").answered_at_once);
    CHECK_FALSE(order("/videos/agent-create", "{}").answered_at_once);
}

TEST_CASE("the same order is the same whatever its spacing, and another with another replyRef") {
    const auto identity = [](const std::string& path, const std::string& body) {
        return order(path, body).identity;
    };
    const std::string one =
        identity("/videos/create", R"({"prompt":"a", "duration":5,"replyRef":"r"})");
    CHECK(one == identity("/videos/create", R"({"replyRef":"r","duration":5,"prompt":"a"})"));
    CHECK(one != identity("/videos/create", R"({"prompt":"a","duration":5,"replyRef":"s"})"));
    CHECK(one != identity("/images/create", R"({"prompt":"a","duration":5,"replyRef":"r"})"));
}

TEST_CASE("a file of ours is named as such, and where it lies is not told with it") {
    const std::string body =
        R"({"templateId":"7","ossPath":"http://x/file/1","fileID":")" + std::string(upload) + "\"}";
    CHECK(files_named(object(body)) == std::vector<std::string>{upload});
    const Meant meant{{upload, object(R"({"$file":"sha256:aa"})")}};
    CHECK(job_of("/videos/agent-create", body, meant).at("request") ==
          object(R"({"templateId":"7","fileID":{"$file":"sha256:aa"}})"));
    // One that the account has goes as it came.
    const std::string theirs =
        R"({"templateId":"7","ossPath":"https://y","fileID":"user:1-minimax:301-file:5"})";
    CHECK(job_of("/videos/agent-create", theirs).at("request") == object(theirs));
    CHECK(files_named(object(theirs)).size() == 1);
    CHECK(files_named(object(R"({"prompt":"user:0","n":3,"file":["x"]})")).empty());
}

TEST_CASE("files that are named again and again are told once, in the order of the body") {
    json::array ids;
    for (int n = 0; n < 20'000; ++n)
        ids.emplace_back("user:1-minimax:301-file:" + std::to_string(9 - n % 10));
    const std::vector<std::string> names = files_named({{"fileID", upload}, {"files", ids}});
    REQUIRE(names.size() == 11);
    CHECK(names.at(0) == upload);
    CHECK(names.at(1) == "user:1-minimax:301-file:9");
    CHECK(names.at(10) == "user:1-minimax:301-file:0");
}

TEST_CASE("a form's fields are what a body would have, and nothing is taken apart for them") {
    CHECK(field_value("duration", "6") == json::value(6));
    CHECK(field_value("deepen_lighten", "-20") == json::value(-20));
    CHECK(field_value("robotic", "true") == json::value(true));
    CHECK(field_value("prompt", "6") == json::value("6"));
    const std::string swarm = "[" + std::string(100, ' ') + "1]";
    CHECK(field_value("duration", swarm) == json::value(swarm));
}

TEST_CASE("a long replyRef is kept whole, in pieces that are whole characters") {
    std::string ref;
    for (int n = 0; n < 256; ++n)
        ref += "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80";
    const json::object job = job_of("/videos/create", R"({"replyRef":")" + ref + "\"}");
    queue::JobView view;
    for (const auto& label : job.at("labels").as_object())
        view.spec.labels.emplace_back(label.key(), label.value().as_string());
    CHECK(view.spec.labels.size() == 4);
    CHECK(reply_ref_of(view) == ref);
}

TEST_CASE("a form's fields are what JSON would have") {
    CHECK(field_value("async", "true") == json::value(true));
    CHECK(field_value("prompt", "true") == json::value("true"));
    CHECK(field_value("quantity", "3") == json::value(3));
    CHECK(field_value("speed", "1.5") == json::value(1.5));
    CHECK(field_value("quantity", "three") == json::value("three"));
    CHECK(field_value("voice_id", "226893671006276") == json::value("226893671006276"));
}
