#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <string>

#include "daemon/gateway/minimax/translation.hpp"
#include "daemon/gateway/number.hpp"

using namespace genspool;
using namespace genspool::daemon::gateway;
using namespace genspool::daemon::gateway::minimax;
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

json::object job_of(const std::string& path, const std::string& body, const Meant& meant = {}) {
    return object(order_of(call(path), object(body), meant, "").line);
}

json::value request_of(const std::string& path, const std::string& body, const Meant& meant = {}) {
    return job_of(path, body, meant).at("request");
}

const std::string sha(64, 'a');

}  // namespace

TEST_CASE("a body becomes a job of the path's kind, marked as not answered yet") {
    const json::object job = job_of("/v1/video_generation", R"({"model":"m","duration":6})");
    CHECK(job.at("kind").as_string() == "video");
    CHECK(job.at("provider").as_string() == "minimax");
    CHECK(job.at("labels") == object("{}"));
    CHECK(job.at("request") == object(R"({"model":"m","duration":6})"));
    CHECK_FALSE(job.contains("account"));
    const Order bound = order_of(call("/v1/t2a_v2"), object("{}"), {}, "main");
    CHECK(object(bound.line).at("account").as_string() == "main");
    CHECK_FALSE(bound.answered_at_once);
    CHECK(order_of(call("/v1/batches"), object("{}"), {}, "").answered_at_once);
}

TEST_CASE(
    "the same order is the same whatever its spacing and order, and another at another path") {
    const auto identity = [](const std::string& path, const std::string& body) {
        return order_of(call(path), object(body), {}, "").identity;
    };
    const std::string one = identity("/v2/video_generation", R"({"a":1, "b":{"c":2,"d":"x"}})");
    CHECK(one == identity("/v2/video_generation", R"({"b":{"d":"x","c":2},"a":1})"));
    CHECK(one != identity("/v2/video_generation", R"({"a":1,"b":{"c":2,"d":"y"}})"));
    CHECK(one != identity("/v2/video_regeneration", R"({"a":1,"b":{"c":2,"d":"x"}})"));
}

TEST_CASE("what is said of the answer's form is not bought but kept to") {
    const std::string body = R"({"text":"häßlich","output_format":"url"})";
    CHECK(request_of("/v1/t2a_v2", body) == object(R"({"text":"häßlich"})"));
    CHECK(read_wishes(call("/v1/t2a_v2"), object(body)).links);
    CHECK(read_wishes(call("/v1/t2a_v2"), object(body)).characters == 7);
    CHECK_FALSE(read_wishes(call("/v1/t2a_v2"), object("{}")).links);
    // Hex is what it is anyway; another word is the admission's to refuse.
    CHECK(request_of("/v1/t2a_v2", R"({"output_format":"ogg"})") ==
          object(R"({"output_format":"ogg"})"));
    // A picture comes as a link unless the client says otherwise.
    CHECK(read_wishes(call("/v1/image_generation"), object("{}")).links);
    CHECK(request_of("/v1/image_generation", R"({"response_format":"url"})") == object("{}"));
    CHECK_FALSE(
        read_wishes(call("/v1/image_generation"), object(R"({"response_format":"base64"})")).links);
    // A stream of sound has no links.
    const Wishes streamed =
        read_wishes(call("/v1/t2a_v2"), object(R"({"stream":true,"output_format":"url",)"
                                               R"("stream_options":{"exclude_aggregated_audio":)"
                                               R"(true}})"));
    CHECK(streamed.stream);
    CHECK_FALSE(streamed.links);
    CHECK_FALSE(streamed.whole_at_end);
}

TEST_CASE("a long text's job is told in the words of the short text's call") {
    const json::value request =
        request_of("/v1/t2a_async_v2",
                   R"({"text":"a","voice_setting":{"voice_id":"v","english_normalization":true},)"
                   R"("audio_setting":{"audio_sample_rate":24000}})");
    CHECK(request.at("audio_setting") == object(R"({"sample_rate":24000,"channel":2})"));
    CHECK(request.at("voice_setting") == object(R"({"voice_id":"v","text_normalization":true})"));
    CHECK(request_of("/v1/t2a_async_v2", R"({"text":"a"})").at("audio_setting") ==
          object(R"({"channel":2})"));
}

TEST_CASE("an upload's number becomes the file, wherever a number or an address may stand") {
    const std::uint64_t number = upload_number(99);
    const std::string text = std::to_string(number);
    Meant meant;
    meant.files[number] = json::object{{"$file", "sha256:" + std::string(sha)}};
    const json::value file = object(R"({"$file":"sha256:)" + sha + "\"}");
    const json::value clone =
        request_of("/v1/voice_clone",
                   R"({"file_id":)" + text + R"(,"voice_id":"v","clone_prompt":{"prompt_audio":")" +
                       text + R"(","prompt_text":)" + text + "}}",
                   meant);
    CHECK(clone.at("file_id") == file);
    CHECK(clone.at("clone_prompt").at("prompt_audio") == file);
    CHECK(clone.at("clone_prompt").at("prompt_text").is_int64());
    const json::value video = request_of(
        "/v2/video_generation",
        R"({"content":[{"type":"image_url","image_url":{"url":"mm_file://)" + text + R"("}}]})",
        meant);
    CHECK(video.at("content").at(0).at("image_url").at("url") == file);
    const json::object batch = job_of("/v1/batches", R"({"input_file_id":")" + text + "\"}", meant);
    CHECK(batch.at("request").at("input_file_id") == file);
    CHECK(batch.at("labels").at("input_file_id").as_string() == text);
    // Another's number is another's.
    CHECK(request_of("/v1/voice_clone", R"({"file_id":12,"voice_id":"v"})", meant)
              .at("file_id")
              .as_int64() == 12);
}

TEST_CASE("a batch is the same order though its file was uploaded again") {
    const auto identity = [](std::uint64_t random) {
        const std::uint64_t number = upload_number(random);
        Meant meant;
        meant.files[number] = json::object{{"$file", "sha256:" + std::string(sha)}};
        return order_of(call("/v1/batches"),
                        object(R"({"input_file_id":)" + std::to_string(number) + "}"), meant, "")
            .identity;
    };
    CHECK(identity(1) == identity(2));
}

TEST_CASE("a task's number becomes the upstream's own id") {
    Meant meant;
    meant.tasks.emplace(1600, "424010985738629");
    CHECK(request_of("/v2/video_regeneration", R"({"source_task_id":"1600"})", meant)
              .at("source_task_id")
              .as_string() == "424010985738629");
    CHECK(numbers_named(object(R"({"source_task_id":"1600","file_id":5,"other":7,)"
                               R"("a":[{"url":"mm_file://9"},{"url":"https://x/8"}]})")) ==
          std::set<std::uint64_t>{5, 9, 1600});
}

TEST_CASE("a long file in the body is found, a short one stays") {
    const std::string data(64U << 10U, 'A');
    json::object body =
        object(R"({"first_frame_image":"data:image/png;base64,)" + data + R"(","audio_base64":")" +
               data + R"(","prompt":")" + data + R"(","image":["data:image/jpeg;base64,QUJD"]})");
    const auto files = written_out_files(body);
    REQUIRE(files.size() == 2);
    CHECK(files[0].media_type == "image/png");
    CHECK(files[0].base64 == data);
    CHECK(files[1].media_type.empty());
    CHECK(files[1].place == &body.at("audio_base64"));
}
