#include <doctest/doctest.h>

#include "tests/sim_http/model_client.hpp"

using namespace genspool::tests;

namespace {

std::string upload(ModelClient& client, const std::string& purpose) {
    const auto told = body_of(client.post(
        "/v1/files/upload", "--edge\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n" +
                                purpose +
                                "\r\n--edge\r\nContent-Disposition: form-data; name=\"file\"; "
                                "filename=\"a.mp3\"\r\n\r\n"
                                "bytes\r\n--edge--\r\n"));
    return std::to_string(told.at("file").at("file_id").as_int64());
}

std::size_t files_listed(ModelClient& client, const std::string& purpose) {
    return body_of(client.get("/v1/files/list?purpose=" + purpose)).at("files").as_array().size();
}

}  // namespace

TEST_CASE("files are listed by purpose, read back, and gone once they are deleted") {
    ModelClient client(instant_options());
    const std::string id = upload(client, "voice_clone");
    CHECK(files_listed(client, "voice_clone") == 1);
    CHECK(files_listed(client, "prompt_audio") == 0);
    CHECK(code_of(client.get("/v1/files/list")) == 2013);
    CHECK(client.get("/v1/files/retrieve_content?file_id=" + id).body == "bytes");
    CHECK(text_of(body_of(client.get("/v1/files/retrieve?file_id=" + id)).at("file").as_object(),
                  "filename") == "a.mp3");
    const auto take_away = [&](const std::string& purpose) {
        return code_of(client.post("/v1/files/delete",
                                   R"({"file_id":)" + id + R"(,"purpose":")" + purpose + "\"}"));
    };
    CHECK(take_away("prompt_audio") == 2013);
    client.key = "another";
    CHECK(take_away("voice_clone") == 2013);
    CHECK(files_listed(client, "voice_clone") == 0);
    client.key = "key";
    CHECK(take_away("voice_clone") == 0);
    CHECK(files_listed(client, "voice_clone") == 0);
    CHECK(code_of(client.get("/v1/files/retrieve_content?file_id=" + id)) == 2013);
}

TEST_CASE("what a task made is a file that can be deleted") {
    ModelClient client(instant_options());
    const auto file_id =
        text_of(client.query(text_of(body_of(client.create("a kite")), "task_id")), "file_id");
    CHECK(files_listed(client, "video_generation") == 1);
    const auto gone = client.post("/v1/files/delete",
                                  R"({"file_id":)" + file_id + R"(,"purpose":"video_generation"})");
    CHECK(code_of(gone) == 0);
    CHECK(files_listed(client, "video_generation") == 0);
    CHECK(code_of(client.get("/v1/files/retrieve?file_id=" + file_id)) == 2013);
}

TEST_CASE("voices are listed as they were made, and gone once they are deleted") {
    ModelClient client(instant_options());
    client.post("/v1/voice_design",
                R"({"prompt":"a sailor","preview_text":"Ahoy","voice_id":"old-sailor"})");
    const auto listed = [&](const std::string& type, const std::string& list) {
        const auto answer =
            body_of(client.post("/v1/get_voice", R"({"voice_type":")" + type + "\"}"));
        return answer.at(list).is_null() ? 0 : answer.at(list).as_array().size();
    };
    CHECK(listed("all", "voice_generation") == 1);
    CHECK(listed("all", "system_voice") == 1);
    CHECK(listed("voice_cloning", "voice_generation") == 0);
    CHECK(code_of(client.post("/v1/get_voice", "{}")) == 2013);
    const std::string voice = R"({"voice_id":"old-sailor","voice_type":"voice_generation"})";
    CHECK(code_of(client.post("/v1/delete_voice", voice)) == 0);
    CHECK(code_of(client.post("/v1/delete_voice", voice)) == 2013);
    CHECK(listed("all", "voice_generation") == 0);
    CHECK(body_of(client.get("/v1/token_plan/remains")).contains("model_remains"));
}
