#include "proto/useapi/provider.hpp"

#include <doctest/doctest.h>

#include <set>

#include "proto/batch_line.hpp"
#include "proto/useapi/decommissioned.hpp"
#include "proto/useapi/form_field.hpp"
#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

std::string chosen(Kind kind) {
    const auto codec = useapi_provider().choose(kind, object("{}"));
    if (!codec.has_value()) return codec.error().message;
    return std::string{codec.value()->info().name};
}

/// A request that passes, for any op.
constexpr std::string_view request =
    R"({"prompt":"p","text":"t","voice_id":"1","templateId":"7","models":"m"})";

}  // namespace

TEST_CASE("each kind has its op, and what there is not is refused with a reason") {
    CHECK(chosen(Kind::video) == "useapi.video");
    CHECK(chosen(Kind::video_template) == "useapi.video_template");
    CHECK(chosen(Kind::image) == "useapi.image");
    CHECK(chosen(Kind::agent) == "useapi.agent");
    CHECK(chosen(Kind::tts) == "useapi.speech");
    CHECK(chosen(Kind::music) == "useapi.music");
    for (const Kind kind :
         {Kind::chat, Kind::chat_batch, Kind::lyrics, Kind::voice_clone, Kind::voice_design}) {
        CHECK(chosen(kind).starts_with(std::string(to_string(kind)) +
                                       " is not available with useapi: "));
        CHECK(chosen(kind).ends_with("."));
    }
    CHECK(chosen(Kind::chat).find("2025-11-24") != std::string::npos);
}

TEST_CASE("every op names a slot class, is polled, is looked for, and says whose send it is") {
    std::set<std::string_view> classes;
    for (const SlotClass& each : useapi_provider().slot_classes()) {
        classes.insert(each.name);
        CHECK(each.slots > 0);
    }
    CHECK(classes == std::set<std::string_view>{"agent", "image", "music", "speech", "video"});
    for (const Codec* codec : useapi_provider().codecs()) {
        const OpInfo& op = codec->info();
        CAPTURE(op.name);
        CHECK(op.provider == "useapi");
        CHECK(classes.contains(op.slot_class));
        CHECK_FALSE(op.reply_is_artifact);
        CHECK(op.takes_callback);
        CHECK(op.takes_reference);
        CHECK(op.unknown_window > Duration{300'000});
        CHECK(op.poll_many_max > 0);
        const auto checked = codec->check(object(request));
        REQUIRE(checked.has_value());
        CHECK_FALSE(checked->listed_as.empty());
        CHECK(checked->price_key.starts_with(std::string(op.name) + "/"));
        const Call call = codec->submit(spec(request));
        CHECK(call.method == "POST");
        CHECK(call.first_byte < op.patience);
        const auto extracted = codec->extract(spec(request), ok("{}"), 0);
        CHECK(want<Failure>(extracted).failure == FailureClass::artifact);
    }
}

TEST_CASE("whose a call is stands where useapi.net looks for it, and nowhere else") {
    for (const Codec* codec : useapi_provider().codecs()) {
        const Call plain = codec->submit(spec(request));
        Call addressed = plain;
        useapi_provider().address(addressed, "");
        CHECK(addressed.body == plain.body);
        useapi_provider().address(addressed, "301");
        CHECK(addressed.body.find("301") != std::string::npos);
        CHECK(addressed.target == plain.target);
    }
    const auto target = [](std::string_view of, std::string_view account) {
        Call call;
        call.target = of;
        useapi_provider().address(call, account);
        CHECK(call.body.empty());
        return call.target;
    };
    CHECK(target("/videos/?account={account}&limit=30", "30 1") ==
          "/videos/?account=30%201&limit=30");
    CHECK(target("/videos/?account={account}&limit=30", "") == "/videos/?limit=30");
    CHECK(target("/videos/?limit=30&account={account}", "") == "/videos/?limit=30");
    CHECK(target("/files/?account={account}", "") == "/files/");
    CHECK(target("/scheduler/", "301") == "/scheduler/");
    CHECK(shown(*useapi_provider().codecs()[4]->cancel(task("v"), ""), "301") ==
          R"(POST /videos/cancel {"videoId":"v"})");
}

TEST_CASE("a field that is put in front stays one field, in either form") {
    Call call;
    call.body = "{}";
    useapi::add_field(call, "account", "a\"\r\n\\b");
    CHECK(call.body == R"({"account":"a\"\r\n\\b"})");
    Call form;
    form.content_type = "multipart/form-data; boundary=b";
    form.body = "--b--\r\n";
    useapi::add_field(form, "account", "a\"\r\n--b--");
    CHECK(form.body ==
          "--b\r\nContent-Disposition: form-data; name=\"account\"\r\n\r\na___--b--\r\n--b--\r\n");
}

TEST_CASE("the whole token stands in one header") {
    const auto headers = useapi_provider().authorize("user:1-abc");
    CHECK(headers.at(0) ==
          std::pair<std::string, std::string>{"Authorization", "Bearer user:1-abc"});
    CHECK(useapi_provider().default_base_url() == "https://api.useapi.net/v1/minimax");
    CHECK(useapi_provider().unit() == Unit::credits);
    CHECK(useapi_provider().key_has_accounts());
    CHECK(useapi_provider().prices_as_of() == "2026-08");
}

TEST_CASE("a batch line may be for the path of any op, and is for useapi then") {
    const auto job_of = [](const std::string& url) {
        return job_of_openai_line(
            {{"custom_id", "c"}, {"method", "POST"}, {"url", url}, {"body", boost::json::object()}},
            Registry({&useapi_provider()}));
    };
    for (const Codec* codec : useapi_provider().codecs()) {
        const std::string path = codec->submit(spec(request)).target;
        CAPTURE(path);
        for (const std::string& url :
             {path, std::string(useapi_provider().default_base_url()) + path}) {
            const auto job = job_of(url);
            REQUIRE(job.has_value());
            CHECK(job->at("kind").as_string() == std::string(to_string(codec->info().kind)));
            CHECK(job->at("provider").as_string() == "useapi");
        }
    }
    CHECK_FALSE(job_of("/videos/cancel").has_value());
}

TEST_CASE("usual times and prices are of ops that there are") {
    const Registry registry({&useapi_provider()});
    for (const UsualTime& each : useapi_provider().usual_times()) {
        CHECK(registry.codec(each.key) != nullptr);
        CHECK(each.time.quick < each.time.median);
        CHECK(each.time.median < each.time.slow);
    }
    for (const Price& each : useapi_provider().prices())
        CHECK(registry.codec(each.key.substr(0, each.key.find('/'))) != nullptr);
}
