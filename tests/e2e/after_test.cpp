// Jobs that wait for others, as people hand them in: by the command line, the API and a dropped
// file.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/e2e/workplace.hpp"
#include "tests/programs/run_program.hpp"
#include "tests/support/await.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

std::vector<std::string> image_after(const std::string& id, const std::string& prompt) {
    std::vector<std::string> words{"submit", "image", "--model", "image-01", "--prompt", prompt};
    if (!id.empty()) words.insert(words.end(), {"--after", id});
    return words;
}

std::string id_in(const ProgramRun& run) {
    REQUIRE(run.code == 0);
    return run.out.substr(0, run.out.find('\n'));
}

std::string line(const std::string& custom_id, const std::string& prompt,
                 const std::string& after) {
    return R"({"kind":"image","custom_id":")" + custom_id +
           R"(","request":{"model":"image-01","prompt":")" + prompt + R"("})" +
           (after.empty() ? "" : R"(,"after":[")" + after + R"("])") + "}\n";
}

}  // namespace

TEST_CASE("--after holds a job back until the other has succeeded, through a kill") {
    Workplace place;
    place.daemon.start();
    REQUIRE(run_client(place.daemon, {"pause"}).code == 0);
    const std::string first = id_in(run_client(place.daemon, image_after({}, "a kite")));
    const std::string second =
        id_in(run_client(place.daemon, image_after(first.substr(0, 22), "a kite lands")));
    CHECK(place.state_of(second) == "blocked");
    CHECK(place.job(second).at("after").at(0).as_string() == first);
    const auto explained = run_client(place.daemon, {"explain", second});
    CHECK(explained.out.find("after " + first + ", which is queued") != std::string::npos);

    place.daemon.kill();
    place.daemon.start();
    REQUIRE(run_client(place.daemon, {"resume"}).code == 0);

    CHECK(run_client(place.daemon, {"wait", second}).code == 0);
    CHECK(place.state_of(first) == "succeeded");
    CHECK(place.simulator.purchases().size() == 2);
    const std::string home = text_of(place.job(first), "finished_at");
    std::string claimed;
    for (const auto& event : place.daemon.api().all("/v1/jobs/" + second + "/events", "events")) {
        if (text_of(event, "event") == "claimed") claimed = text_of(event, "at");
    }
    CHECK(home <= claimed);
}

TEST_CASE("a job fails with the one before it, and both are retried in turn") {
    Workplace place;
    place.daemon.start();
    const std::string first =
        id_in(run_client(place.daemon, image_after({}, "a kite [[refuse:1026]]")));
    const std::string second = id_in(run_client(place.daemon, image_after(first, "it lands")));
    const auto waited = run_client(place.daemon, {"wait", second});
    CHECK(waited.code == 1);
    CHECK(text_of(place.job(second).at("failure"), "class") == "dependency");

    const auto early = run_client(place.daemon, {"retry", second});
    CHECK(early.code == 4);
    CHECK(early.err.find(first + " is failed; retry that one first") != std::string::npos);
    const auto none = run_client(place.daemon, image_after("01K0000000000000000000000X", "x"));
    CHECK(none.code == 3);
    CHECK(place.simulator.purchases().empty());

    // Together they are retried in an order that takes both.
    const auto both = run_client(place.daemon, {"retry", "--state", "failed", "--yes"});
    CHECK(both.code == 0);
    CHECK(both.out.find("2 done") != std::string::npos);
}

TEST_CASE("a chain in a dropped file runs by itself, and ends where a link breaks") {
    Workplace place;
    place.daemon.start();
    place.daemon.drop("chain.jsonl", line("one", "a kite", {}) + line("two", "it flies", "one") +
                                         line("three", "it lands [[refuse:1026]]", "two") +
                                         line("four", "it rests", "three") +
                                         line("five", "nobody knows", "six"));
    await("the results",
          [&] { return std::filesystem::exists(place.daemon.state("results/chain.done")); });
    std::vector<std::string> told;
    for (const char* const name : {"results/chain.jsonl", "results/chain.errors.jsonl"}) {
        std::ifstream results(place.daemon.state(name));
        for (std::string text; std::getline(results, text);) {
            const auto result = boost::json::parse(text);
            const auto* error = result.at("error").if_object();
            told.push_back(text_of(result, "custom_id") + " " +
                           (error == nullptr ? "good" : text_of(result.at("error"), "code")));
        }
    }
    CHECK(told == std::vector<std::string>{"one good", "two good", "five invalid", "three 1026",
                                           "four dependency"});
    CHECK(place.simulator.purchases().size() == 2);
}

TEST_CASE("a picture, a film that begins with it and its voice-over survive a kill in every link") {
    Workplace place;
    const std::string chain =
        R"({"kind":"image","custom_id":"still","request":{"model":"image-01","prompt":"a kite"}})"
        "\n"
        R"({"kind":"video","custom_id":"clip","request":{"model":"MiniMax-Hailuo-02",)"
        R"("prompt":"it flies","first_frame_image":{"$artifact":"still/0"}}})"
        "\n"
        R"({"kind":"tts","custom_id":"voice","after":["clip"],"request":{"model":"speech-2.8-hd",)"
        R"("text":"The kite.","voice_setting":{"voice_id":"x"}}})"
        "\n";
    place.daemon.start();
    place.daemon.stop();
    place.daemon.drop("chain.jsonl", chain);

    for (const char* const link :
         {"inbox.after_chunk", "paid.reported", "fetch.named", "prepare.filled", "paid.reported",
          "poll.answered", "fetch.home", "paid.reported", "results.committed"}) {
        CAPTURE(link);
        if (!place.daemon.start(link)) continue;
        await("the kill", [&] { return !place.daemon.process().running(); });
        CHECK(place.daemon.process().wait() == -SIGKILL);
    }
    place.daemon.start();

    await("the results",
          [&] { return std::filesystem::exists(place.daemon.state("results/chain.done")); });
    CHECK(place.daemon.count("succeeded") == 3);
    CHECK(place.simulator.purchases().size() == 3);
}
