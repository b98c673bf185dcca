// Jobs that take the files of others, as people hand them in: by the command line and a dropped
// file.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/e2e/workplace.hpp"
#include "tests/programs/run_program.hpp"
#include "tests/support/await.hpp"
#include "workers/digest.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

/// The files inside the one request of this endpoint.
std::vector<std::string> files_sent(const Workplace& place, const std::string& endpoint) {
    std::vector<std::string> files;
    for (const Purchase& purchase : place.simulator.purchases())
        if (purchase.endpoint == endpoint) files = purchase.files;
    return files;
}

const std::string png = "\x89PNG\r\n\x1A\n of a kite";

std::string hash_of(const boost::json::value& job, std::size_t n) {
    return text_of(job.at("artifacts").at(n), "sha256");
}

}  // namespace

TEST_CASE("--artifact puts the file of another job into a request, through a kill") {
    Workplace place;
    place.daemon.start();
    REQUIRE(run_client(place.daemon, {"pause"}).code == 0);
    const auto picture = run_client(place.daemon, {"submit", "image", "--model", "image-01",
                                                   "--prompt", "a kite", "--set", "n=2"});
    REQUIRE(picture.code == 0);
    const std::string first = picture.out.substr(0, picture.out.find('\n'));
    const auto film = run_client(
        place.daemon, {"submit", "video", "--model", "MiniMax-Hailuo-02", "--prompt", "it flies",
                       "--artifact", "first_frame_image=" + first.substr(0, 22) + "/1"});
    REQUIRE(film.code == 0);
    const std::string second = film.out.substr(0, film.out.find('\n'));
    CHECK(place.state_of(second) == "blocked");
    CHECK(text_of(place.job(second).at("inputs").at(0), "job") == first);
    place.daemon.kill();
    place.daemon.start();
    REQUIRE(run_client(place.daemon, {"resume"}).code == 0);

    CHECK(run_client(place.daemon, {"wait", second}).code == 0);
    const auto made = place.job(first);
    CHECK(files_sent(place, "/v1/video_generation") == std::vector{hash_of(made, 1)});
    CHECK(text_of(place.job(second).at("inputs").at(0), "name") ==
          text_of(made.at("artifacts").at(1), "name"));
    CHECK(place.simulator.purchases().size() == 2);

    const auto wrong = run_client(place.daemon, {"submit", "video", "--model", "MiniMax-Hailuo-02",
                                                 "--artifact", "prompt=" + first});
    CHECK(wrong.code == 2);
    CHECK(wrong.err.find("request.prompt") != std::string::npos);
}

TEST_CASE("a line of a dropped file takes the file of an earlier line") {
    Workplace place;
    place.daemon.start();
    place.daemon.drop(
        "film.jsonl",
        R"({"kind":"image","custom_id":"still","request":{"model":"image-01","prompt":"a kite"}})"
        "\n"
        R"({"custom_id":"film","method":"POST","url":"/v1/video_generation","body":)"
        R"({"model":"MiniMax-Hailuo-02","prompt":"p","first_frame_image":{"$artifact":"still/0"}}})"
        "\n"
        R"({"custom_id":"lost","method":"POST","url":"/v1/video_generation","body":)"
        R"({"model":"MiniMax-Hailuo-02","prompt":"p","first_frame_image":{"$artifact":"stil/0"}}})"
        "\n");
    await("the results",
          [&] { return std::filesystem::exists(place.daemon.state("results/film.done")); });
    std::string still;
    std::string film;
    for (const auto& job : place.daemon.api().all("/v1/jobs", "jobs"))
        (text_of(job, "custom_id") == "still" ? still : film) = text_of(job, "id");
    CHECK(place.state_of(film) == "succeeded");
    CHECK(files_sent(place, "/v1/video_generation") == std::vector{hash_of(place.job(still), 0)});
    std::ifstream errors(place.daemon.state("results/film.errors.jsonl"));
    std::string refused;
    std::getline(errors, refused);
    CHECK(refused.find("body.first_frame_image: 'stil' is no job's id") != std::string::npos);
}

TEST_CASE("--file puts a local file into a request, through a kill") {
    Workplace place;
    place.daemon.start();
    REQUIRE(run_client(place.daemon, {"pause"}).code == 0);
    const std::string path = place.directory.path("kite.png");
    std::ofstream(path, std::ios::binary) << png;
    const auto film =
        run_client(place.daemon, {"submit", "video", "--model", "MiniMax-Hailuo-02", "--prompt",
                                  "it flies", "--file", "first_frame_image=" + path});
    REQUIRE(film.code == 0);
    const std::string id = film.out.substr(0, film.out.find('\n'));
    std::filesystem::remove(path);
    place.daemon.kill();
    place.daemon.start();
    REQUIRE(run_client(place.daemon, {"resume"}).code == 0);
    CHECK(run_client(place.daemon, {"wait", id}).code == 0);
    CHECK(files_sent(place, "/v1/video_generation") == std::vector{workers::sha256_hex(png)});
    const auto shown = run_client(place.daemon, {"show", id});
    CHECK(shown.out.find("sha256:" + workers::sha256_hex(png) + ", image/png") !=
          std::string::npos);
}

TEST_CASE("lines take files that lie beside them, from a batch file and from the watch folder") {
    Workplace place;
    place.daemon.start();
    const std::string line =
        R"({"kind":"video","request":{"model":"MiniMax-Hailuo-02","prompt":"p",)"
        R"("first_frame_image":{"$file":"frames/kite.png"}}})"
        "\n";
    std::string directory;
    SUBCASE("a batch file") {
        directory = place.directory.path("films");
    }
    SUBCASE("the watch folder") {
        directory = place.daemon.state("inbox");
    }
    std::filesystem::create_directories(directory + "/frames");
    std::ofstream(directory + "/frames/kite.png", std::ios::binary) << png;
    if (directory == place.daemon.state("inbox")) {
        place.daemon.drop("films.jsonl", line);
    } else {
        std::ofstream(directory + "/films.jsonl") << line;
        CHECK(run_client(place.daemon, {"batch", directory + "/films.jsonl", "--wait"}).code == 0);
    }
    await("the purchase", [&] { return place.simulator.purchases().size() == 1; });
    await("its end", [&] { return place.daemon.is_quiet(); });
    CHECK(files_sent(place, "/v1/video_generation") == std::vector{workers::sha256_hex(png)});
}

TEST_CASE("a book is read out: its text is uploaded, and what comes of it is one piece of audio") {
    Workplace place;
    place.daemon.start();
    const std::string path = place.directory.path("book.txt");
    std::string text;
    while (text.size() < 60'000)
        text += "And so they sailed on. ";
    std::ofstream(path, std::ios::binary) << text;
    const auto run = run_client(
        place.daemon, {"run", "tts", "--model", "speech-2.8-hd", "--set",
                       "voice_setting.voice_id=old-sailor", "--file", "text_file_id=" + path});
    CHECK(run.code == 0);
    CHECK(run.out.find(".mp3") != std::string::npos);
    CHECK(files_sent(place, "/v1/t2a_async_v2") == std::vector{workers::sha256_hex(text)});
    CHECK(place.simulator.purchases().size() == 1);
    // In the request itself it may be too long, and the answer says so.
    while (text.size() <= 200'000)
        text += "And so they sailed on. ";
    std::ofstream(place.directory.path("request.json"))
        << R"({"model":"speech-2.8-hd","voice_setting":{"voice_id":"v"},"text":")" << text << "\"}";
    const auto refused =
        run_client(place.daemon, {"run", "tts", "--request", place.directory.path("request.json")});
    CHECK(refused.code == 2);
    CHECK(refused.err.find("request.text") != std::string::npos);
}

TEST_CASE("many chats are folded into one batch, and the answer to each comes home") {
    Workplace place;
    place.daemon.start();
    const std::string path = place.directory.path("chats.jsonl");
    std::ofstream lines(path);
    for (const std::string word : {"kite", "tide"})
        lines << R"({"kind":"chat","custom_id":"the-)" << word
              << R"(","request":{"model":"MiniMax-M3","messages":[{"role":"user","content":")"
              << word << "\"}]}}\n";
    lines.close();
    const auto run = run_client(place.daemon, {"run", "chat_batch", "--fold", path});
    CHECK(run.code == 0);
    std::ifstream answers(run.out.substr(0, run.out.find('\n')));
    const std::string text((std::istreambuf_iterator<char>(answers)),
                           std::istreambuf_iterator<char>());
    for (const std::string word : {"kite", "tide"}) {
        CHECK(text.find("\"custom_id\":\"the-" + word + "\"") != std::string::npos);
        CHECK(text.find("You said: " + word) != std::string::npos);
    }
    CHECK(run.out.find(".jsonl") != std::string::npos);
    CHECK(place.simulator.purchases().size() == 1);
}
