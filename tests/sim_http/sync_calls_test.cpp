#include <doctest/doctest.h>

#include "tests/sim_http/model_client.hpp"
#include "tests/simulator/digest.hpp"

using namespace genspool::tests;
using genspool::simulator::FateKind;
using genspool::simulator::sha256_hex;
using genspool::simulator::to_base64;
using genspool::simulator::to_hex;
namespace json = boost::json;

namespace {

constexpr std::string_view speech = R"({"model":"speech-2.8-hd","text":"hello",
    "voice_setting":{"voice_id":"v"}})";

/// The same body with one more field.
std::string with(std::string_view body, std::string_view name, json::value value) {
    auto object = json::parse(std::string(body)).as_object();
    object[name] = std::move(value);
    return json::serialize(object);
}

std::string unhex(std::string_view hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    }
    return bytes;
}

/// An upload of "ID3 ahoy".
std::string form(std::string_view purpose) {
    const std::string edge = "--edge";
    const std::string part = edge + "\r\nContent-Disposition: form-data; name=";
    return part + "\"purpose\"\r\n\r\n" + std::string(purpose) + "\r\n" + part +
           "\"file\"; filename=\"a.mp3\"\r\n\r\nID3 ahoy\r\n" + edge + "--\r\n";
}

}  // namespace

TEST_CASE("speech comes as hex whose hash and size are known") {
    ModelClient client(instant_options());
    const auto body = body_of(client.post("/v1/t2a_v2", speech));
    CHECK(code_of(body) == 0);
    const auto audio = unhex(text_of(body.at("data").as_object(), "audio"));
    CHECK(body.at("data").at("status").as_int64() == 2);
    CHECK(body.at("extra_info").at("audio_size").to_number<std::size_t>() == audio.size());
    CHECK(body.at("extra_info").at("usage_characters").as_int64() == 5);
    const auto truth = client.records.truths().at(0);
    CHECK(truth.endpoint == "/v1/t2a_v2");
    CHECK(truth.prompt == "hello");
    CHECK(truth.sha256 == sha256_hex(speech));
    CHECK(truth.artifacts.at(0).sha256 == sha256_hex(audio));
}

TEST_CASE("speech as a link can be downloaded without a key") {
    ModelClient client(instant_options());
    const auto body = body_of(client.post("/v1/t2a_v2", with(speech, "output_format", "url")));
    const auto media = client.download(text_of(body.at("data").as_object(), "audio"));
    CHECK(media.status == 200);
    CHECK(sha256_hex(media.body) == client.records.truths().at(0).artifacts.at(0).sha256);
}

TEST_CASE("a voice is cloned after a file of the account's own, once") {
    ModelClient client(instant_options());
    const auto upload = [&](std::string_view purpose) {
        const auto body = body_of(client.post("/v1/files/upload", form(purpose)));
        return body.at("file").at("file_id").as_int64();
    };
    const std::int64_t file = upload("voice_clone");
    CHECK(file > 9'007'199'254'740'992);
    const auto clone = [&](std::string_view voice, std::int64_t id) {
        const json::object body{{"voice_id", voice}, {"file_id", id}};
        return code_of(client.post("/v1/voice_clone", json::serialize(body)));
    };
    CHECK(clone("old-sailor", file + 2) == 2013);
    CHECK(clone("old-sailor", upload("prompt_audio")) == 2013);
    CHECK(clone("old-sailor", file) == 0);
    CHECK(clone("old-sailor", file) == 2039);
    CHECK(client.records.truths().at(0).files == std::vector{sha256_hex("ID3 ahoy")});
    client.key = "another";
    CHECK(clone("old-sailor", file) == 2013);
    CHECK(code_of(client.post("/v1/files/upload", "nonsense")) == 2013);
}

TEST_CASE("a link to an upload is good for its account, its purpose and a week") {
    ModelClient client(instant_options());
    const auto upload = [&](std::string_view purpose) {
        const auto body = body_of(client.post("/v1/files/upload", form(purpose)));
        return "mm_file://" + std::to_string(body.at("file").at("file_id").as_int64());
    };
    const auto film = [&](const std::string& link) {
        return client
            .post("/v2/video_generation",
                  R"({"model":"MiniMax-H3","resolution":"768P","duration":5,"content":[)"
                  R"({"type":"text","text":"a kite"},)"
                  R"({"type":"image_url","image_url":{"url":")" +
                      link + R"("}}]})")
            .status;
    };
    const auto chat = [&](const std::string& link) {
        return code_of(client.post(
            "/v1/text/chatcompletion_v2",
            R"({"model":"MiniMax-M3","messages":[{"role":"user","content":[)"
            R"({"type":"text","text":"what?"},{"type":"video_url","video_url":{"url":")" +
                link + R"("}}]}]})"));
    };
    const std::string input = upload("video_generation_input");
    const std::string shown = upload("video_understanding");
    CHECK(film(input) == 200);
    CHECK(chat(shown) == 0);
    for (const auto& truth : client.records.truths())
        CHECK(truth.files == std::vector{sha256_hex("ID3 ahoy")});
    CHECK(client.records.truths().at(1).prompt == "what?");
    CHECK(film(shown) == 400);
    CHECK(chat(input) == 2013);
    CHECK(film("mm_file://17") == 400);
    CHECK(film("mm_file://") == 400);
    client.key = "another";
    CHECK(film(input) == 400);
    client.key = "key";
    client.pass(std::chrono::hours(24 * 7 + 1));
    CHECK(film(input) == 400);
}

TEST_CASE("a song is sung by what was uploaded for that") {
    ModelClient client(instant_options());
    const auto voice = body_of(client.post("/v1/music_upload", form("voice")));
    const auto band = body_of(client.post("/v1/music_upload", form("instrumental")));
    const auto sing = [&](json::object body) {
        body["model"] = "music-01";
        return code_of(client.post("/v1/music_generation", json::serialize(body)));
    };
    CHECK(sing({{"refer_voice", voice.at("voice_id")},
                {"refer_instrumental", band.at("instrumental_id")}}) == 0);
    CHECK(client.records.truths().at(0).files ==
          std::vector{sha256_hex("ID3 ahoy"), sha256_hex("ID3 ahoy")});
    CHECK(sing({{"refer_voice", band.at("instrumental_id")}}) == 2013);
    CHECK(sing({{"refer_voice", "vocal-1"}}) == 2013);
    CHECK(sing({}) == 2013);
    CHECK(code_of(client.post("/v1/music_upload", form("voice_clone"))) == 2013);
}

TEST_CASE("the words of equal songs have equal ids") {
    ModelClient client(instant_options());
    const auto id = [&](std::string_view song) {
        const auto body = body_of(client.post(
            "/v1/music_cover_preprocess",
            R"({"model":"music-cover","audio_base64":")" + std::string(song) + R"("})"));
        return text_of(body, "cover_feature_id");
    };
    CHECK_FALSE(id("SUQz").empty());
    CHECK(id("SUQz") == id("SUQz"));
    CHECK(id("SUQz") != id("SUQ0"));
    CHECK(client.records.truths().size() == 5);
    CHECK(code_of(client.post("/v1/music_cover_preprocess", R"({"model":"music-cover"})")) == 2013);
}

TEST_CASE("a synchronous call takes its time with the slot taken") {
    ModelClient client;
    const auto reply = client.post("/v1/t2a_v2", with(speech, "text", "hi [[slow:1.5]]"));
    CHECK(reply.delay == std::chrono::milliseconds(1'500));
    const auto stats = [&] {
        return body_of(client.get("/sim/stats")).at("in_flight").at("key").at("tts");
    };
    CHECK(stats().at("now") == 1);
    client.pass(reply.delay);
    CHECK(stats().at("now") == 0);
    CHECK(stats().at("max") == 1);
}

TEST_CASE("what was refused has null data") {
    ModelClient client(instant_options());
    const auto body = body_of(client.post("/v1/t2a_v2", R"({"model":"speech-2.8-hd","text":"x"})"));
    CHECK(code_of(body) == 2013);
    CHECK(body.at("data").is_null());
    CHECK(code_of(client.post("/v1/t2a_v2", with(speech, "stream", "yes"))) == 2013);
    CHECK(code_of(client.post("/v1/t2a_v2", with(speech, "output_format", "tape"))) == 2013);
    const auto failed = client.post("/v1/t2a_v2", with(speech, "text", "x [[fail:1027]]"));
    CHECK(code_of(failed) == 1027);
    REQUIRE(client.records.truths().size() == 1);
    CHECK(client.records.truths()[0].outcome == "failed:1027");
}

TEST_CASE("images come as base64 or links, counted in text") {
    ModelClient client(instant_options());
    const std::string image = R"({"model":"image-01","prompt":"a kite","n":3})";
    const auto links = body_of(client.post("/v1/image_generation", image));
    CHECK(links.at("data").at("image_urls").as_array().size() == 3);
    CHECK(links.at("metadata").at("success_count") == "3");
    CHECK(links.at("metadata").at("failed_count") == "0");
    const auto coded =
        body_of(client.post("/v1/image_generation", with(image, "response_format", "base64")));
    const auto& images = coded.at("data").at("image_base64").as_array();
    REQUIRE(images.size() == 3);
    CHECK(images[0] != images[1]);
    CHECK(client.records.truths().at(1).artifacts.size() == 3);
    CHECK(code_of(client.post("/v1/image_generation", with(image, "n", 10))) == 2013);
}

TEST_CASE("images can be missing") {
    ModelClient client(instant_options());
    const auto some = body_of(client.post(
        "/v1/image_generation", R"({"model":"image-01","prompt":"a [[partial:1]]","n":3})"));
    CHECK(some.at("data").at("image_urls").as_array().size() == 2);
    CHECK(some.at("metadata").at("failed_count") == "1");
    const auto none = body_of(client.post(
        "/v1/image_generation", R"({"model":"image-01","prompt":"a [[partial:3]]","n":3})"));
    CHECK(code_of(none) == 0);
    CHECK(none.at("metadata").at("success_count") == "0");
    CHECK(client.records.truths().at(0).outcome == "taken");
    CHECK(client.records.truths().at(1).outcome == "failed:empty");
}

TEST_CASE("music comes as hex or link, lyrics as words") {
    ModelClient client(instant_options());
    const std::string music = R"({"model":"music-2.6","prompt":"folk","lyrics":"la la la"})";
    const auto song = body_of(client.post("/v1/music_generation", music));
    const auto audio = unhex(text_of(song.at("data").as_object(), "audio"));
    CHECK(song.at("extra_info").at("music_size").to_number<std::size_t>() == audio.size());
    const auto link =
        body_of(client.post("/v1/music_generation", with(music, "output_format", "url")));
    CHECK(client.download(text_of(link.at("data").as_object(), "audio")).status == 200);
    CHECK(code_of(client.post("/v1/music_generation", R"({"model":"music-2.6"})")) == 2013);
    const auto lyrics =
        body_of(client.post("/v1/lyrics_generation", R"({"mode":"write_full_song"})"));
    CHECK(text_of(lyrics, "lyrics").starts_with("[Verse]"));
    CHECK(client.records.truths().at(2).artifacts.empty());
}

TEST_CASE("a paid reply can be cut, or held where a test waits for it") {
    const auto stalled = [](genspool::simulator::ModelOptions options) {
        ModelClient client(std::move(options));
        return client.post("/v1/t2a_v2", with(speech, "text", "x [[stall:100]]"));
    };
    CHECK(stalled(instant_options()).fate.kind == FateKind::stall);
    CHECK(stalled(instant_options()).fate.at_byte == 100);

    auto options = faulty_options("cut-paid-reply");
    ModelClient cutting(options);
    const auto cut = cutting.post("/v1/t2a_v2", speech);
    CHECK(cut.fate.kind == FateKind::cut);
    CHECK(cut.fate.at_byte < cut.body.size());
    CHECK(cut.request_sha256 == sha256_hex(speech));
    CHECK(cutting.records.faults().at(0).ambiguous);
    CHECK(cutting.records.truths().size() == 1);
    options.stall_cuts = true;
    ModelClient holding(options);
    CHECK(holding.post("/v1/t2a_v2", speech).fate.kind == FateKind::stall);
}

TEST_CASE("base64 and hex are the usual ones") {
    CHECK(to_base64("").empty());
    CHECK(to_base64("f") == "Zg==");
    CHECK(to_base64("foobar") == "Zm9vYmFy");
    CHECK(to_hex(std::string_view("\x00\xff", 2)) == "00ff");
}
