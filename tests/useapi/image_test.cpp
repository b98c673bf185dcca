#include "proto/useapi/image.hpp"

#include <doctest/doctest.h>

#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;
using useapi::image;

namespace {

std::string check(std::string_view request) {
    return verdict(image(), object(request));
}

std::string with_prompt(std::size_t characters, std::string_view model) {
    return check(R"({"model":")" + std::string(model) + R"(","prompt":")" +
                 std::string(characters, 'a') + "\"}");
}

/// With pictures 1 to `count`.
std::string shown_pictures(std::size_t count, std::string_view model) {
    std::string request = R"({"prompt":"p","model":")" + std::string(model) + '"';
    for (std::size_t n = 1; n <= count; ++n)
        request += ",\"referenceFileId" + std::to_string(n) + "\":\"f\"";
    return check(request + "}");
}

}  // namespace

TEST_CASE("a picture needs a prompt, as long as its model reads") {
    CHECK(check("{}") == "missing request.prompt");
    CHECK(check(R"({"prompt":""})") == "invalid request.prompt");
    for (const char* model : {"image-01", "gpt-image-1.5", "seedream-4.5", "seedream-5.0"}) {
        CHECK(with_prompt(2000, model).empty());
        CHECK(with_prompt(2001, model) == "too_long request.prompt");
    }
    for (const char* model : {"midjourney-v7", "midjourney-niji7"}) {
        CHECK(with_prompt(5000, model).empty());
        CHECK(with_prompt(5001, model) == "too_long request.prompt");
    }
    for (const char* model : {"gpt-image-2", "nano-banana-2", "nano-banana-pro"}) {
        CHECK(with_prompt(7500, model).empty());
        CHECK(with_prompt(7501, model) == "too_long request.prompt");
    }
    CHECK(with_prompt(9000, "new-one").empty());
}

TEST_CASE("each model of pictures has its own sizes, shapes and words") {
    const auto with = [](std::string_view model, std::string_view more) {
        return check(R"({"prompt":"p","model":")" + std::string(model) + "\"," + std::string(more) +
                     "}");
    };
    CHECK(with("image-01", R"("resolution":"HD","aspectRatio":"21:9")").empty());
    CHECK(with("image-01", R"("resolution":"2K")") == "invalid request.resolution");
    CHECK(with("image-01", R"("aspectRatio":"auto")") == "invalid request.aspectRatio");
    CHECK(with("nano-banana-2", R"("resolution":"512P","aspectRatio":"auto")").empty());
    CHECK(with("nano-banana-pro", R"("resolution":"512P")") == "invalid request.resolution");
    CHECK(with("gpt-image-1.5", R"("resolution":"High","aspectRatio":"3:2")").empty());
    CHECK(with("gpt-image-1.5", R"("aspectRatio":"16:9")") == "invalid request.aspectRatio");
    CHECK(with("gpt-image-2", R"("resolution":"4K","aspectRatio":"4:5","quality":"high")").empty());
    CHECK(with("gpt-image-2", R"("aspectRatio":"auto")") == "invalid request.aspectRatio");
    CHECK(with("gpt-image-2", R"("quality":"best")") == "invalid request.quality");
    CHECK(with("seedream-4.5", R"("quality":"high")") == "invalid request.quality");
    CHECK(with("seedream-4.5", R"("resolution":"3K")") == "invalid request.resolution");
    CHECK(with("seedream-5.0", R"("resolution":"3K")").empty());
    CHECK(with("midjourney-v7", R"("resolution":"2K")") == "invalid request.resolution");
    CHECK(with("new-one", R"("resolution":"9K","quality":"x","aspectRatio":"7:1")").empty());
    for (const char* quantity : {"0", "5", "1.5", "\"2\""})
        CHECK(with("image-01", "\"quantity\":" + std::string(quantity)) ==
              "invalid request.quantity");
}

TEST_CASE("a model is shown as many pictures as it looks at") {
    CHECK(shown_pictures(0, "image-01").empty());
    CHECK(shown_pictures(1, "image-01") == "invalid request.referenceFileId1");
    CHECK(shown_pictures(3, "gpt-image-1.5").empty());
    CHECK(shown_pictures(4, "gpt-image-1.5") == "invalid request.referenceFileId4");
    CHECK(shown_pictures(14, "nano-banana-2").empty());
    CHECK(shown_pictures(15, "midjourney-v7") == "invalid request.referenceFileId15");
    CHECK(shown_pictures(16, "gpt-image-2").empty());
    CHECK(shown_pictures(16, "new-one").empty());
    CHECK(check(R"({"prompt":"p","model":"gpt-image-2","referenceFileId2":"f"})") ==
          "missing request.referenceFileId1");
    CHECK(check(R"({"prompt":"p","characterFileId":"f"})").empty());
    CHECK(check(R"({"prompt":"p","model":"gpt-image-2","characterFileId":"f"})") ==
          "invalid request.characterFileId");
    CHECK(check(R"({"prompt":"as @Image1","model":"gpt-image-2","referenceFileId1":"f"})").empty());
    CHECK(check(R"({"prompt":"as @image1","model":"gpt-image-1.5","referenceFileId1":"f"})") ==
          "invalid request.prompt");
    CHECK(check(R"({"prompt":"mail me @imagery","model":"gpt-image-1.5"})").empty());
}

TEST_CASE("pictures are counted, and named by what may change their price") {
    const auto passed = [](std::string_view request) {
        return image().check(object(request)).value();
    };
    CHECK(passed(R"({"prompt":"p"})").price_key == "useapi.image/image-01");
    CHECK(passed(R"({"prompt":"p"})").artifacts == 1);
    CHECK(passed(R"({"prompt":"p","quantity":3})").quantity == 3);
    CHECK(passed(R"({"prompt":"p","model":"midjourney-v7","quantity":1})").artifacts == 4);
    CHECK(passed(R"({"prompt":"p","model":"gpt-image-2","resolution":"2K","quality":"low"})")
              .price_key == "useapi.image/gpt-image-2/2K/low");
    CHECK(files(image(), R"({"prompt":"p","characterFileId":{"$artifact":"J/0"}})") ==
          "request.characterFileId image picture;");
    CHECK(files(image(), R"({"prompt":"p","model":"gpt-image-2",
              "referenceFileId1":{"$artifact":"J/0"},"referenceFileId2":{"$artifact":"K/0"}})") ==
          "request.referenceFileId1 image picture;request.referenceFileId2 image picture;");
}

TEST_CASE("pictures of one request are tasks of their own") {
    CHECK(sent(image(), R"({"prompt":"p"})").target == "/images/create");
    CHECK(sent(image(), R"({"prompt":"p"})").body ==
          R"({"account":"301","replyRef":"01J#2","replyUrl":"https://spool.example/cb/x",)"
          R"("prompt":"p"})");
    const auto bought = [](std::string body) {
        return image().on_submit(spec(R"({"prompt":"p"})"), ok(std::move(body)));
    };
    CHECK(want<Taken>(bought(R"({"imageIds":["a","b"]})")).tasks ==
          std::vector<std::string>{"a", "b"});
    CHECK(want<Taken>(bought(R"({"imageIds":["a",null,""]})")).tasks ==
          std::vector<std::string>{"a"});
    CHECK(want<Taken>(bought(R"({"imageId":"a"})")).tasks == std::vector<std::string>{"a"});
    for (const char* body : {R"({"imageIds":[]})", R"({"imageIds":"a"})", "{}"})
        CHECK(want<Refusal>(bought(body)).on_create == OnCreate::ambiguous);
}

TEST_CASE("a picture is told like a video, and its host says what type it is") {
    CHECK(shown(image().poll(task(image_id))) == "GET /images/user:1-minimax:301-image:7");
    CHECK(polled(image(), image_id,
                 ok(R"({"status":2,"statusLabel":"completed","statusFinal":true,"modelID":"x",
                     "videoURL":"https://c.example/a.png","downloadURL":"https://c.example/b.png",
                     "videoURLs":{"feedURL":""}})")) == "done user:1-minimax:301-image:7 ,");
    CHECK(want<Link>(image().on_link(source(image_id), ok(R"({"videoURL":"https://c.example/a.png",
              "downloadURL":"https://c.example/b.png"})")))
              .url == "https://c.example/b.png");
    CHECK(polled(image(), image_id, reply(404, "{}")) == "gone");
    CHECK_FALSE(image().cancel(task(image_id), "processing").has_value());
}
