// A text that no single request takes, from the command line and from a dropped file.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/e2e/workplace.hpp"
#include "tests/programs/run_program.hpp"
#include "tests/support/await.hpp"

using namespace genspool::tests;

namespace {

/// 60,000 characters in sentences.
std::string book() {
    std::string text;
    while (text.size() < 60'000)
        text += "The kite went up, over the dunes, and it did not come down. ";
    return text.substr(0, 60'000);
}

const std::string request =
    R"({"model":"speech-2.8-hd","voice_setting":{"voice_id":"v"},"text":")" + book() + "\"}";

bool plays(const std::string& path) {
    return std::system(("ffmpeg -v error -xerror -i '" + path + "' -f null -").c_str()) == 0;
}

void check_home(const Workplace& place) {
    const auto files = files_below(place.daemon.state("artifacts"));
    REQUIRE(files.size() == 1);
    CHECK(files[0].ends_with(".mp3"));
    CHECK(plays(files[0]));
    const auto purchases = place.simulator.purchases();
    REQUIRE(purchases.size() == 1);
    CHECK(purchases[0].endpoint == "/ws/v1/t2a_v2");
    CHECK(purchases[0].sha256 == std::vector{sha256_of_file(files[0])});
}

}  // namespace

TEST_CASE("a text of 60,000 characters on the command line becomes one playable file") {
    Workplace place;
    place.daemon.start();
    const std::string path = place.directory.path("book.json");
    std::ofstream(path) << request;

    CHECK(run_client(place.daemon, {"run", "tts", "--request", path}).code == 0);

    check_home(place);
}

TEST_CASE("a text of 60,000 characters in a dropped file becomes one playable file") {
    Workplace place({"--latency", "50ms", "--fault", "session-crowded=0.1"});
    place.daemon.start();

    place.daemon.drop("book.jsonl", R"({"custom_id":"book","method":"POST",)"
                                    R"("url":"/ws/v1/t2a_v2","body":)" +
                                        request + "}\n");

    await("the results",
          [&] { return std::filesystem::exists(place.daemon.state("results/book.done")); });
    check_home(place);
}

TEST_CASE("a daemon that is killed within a session does not buy it again") {
    Workplace place({"--latency", "2s"});
    place.daemon.start();
    const std::string path = place.directory.path("book.json");
    std::ofstream(path) << request;
    const auto handed_in = run_client(place.daemon, {"submit", "tts", "--request", path});
    REQUIRE(handed_in.code == 0);
    const std::string id = handed_in.out.substr(0, handed_in.out.find('\n'));
    await("the purchase", [&] { return !place.simulator.purchases().empty(); });

    place.daemon.kill();
    place.daemon.start();

    place.await_state(id, "held");
    CHECK(place.simulator.purchases().size() == 1);
}
