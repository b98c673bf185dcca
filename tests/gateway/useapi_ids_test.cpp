#include <doctest/doctest.h>

#include <string>

#include "daemon/gateway/number.hpp"
#include "daemon/gateway/useapi/ids.hpp"

using namespace genspool;
using namespace genspool::daemon::gateway;
using namespace genspool::daemon::gateway::useapi;

TEST_CASE("an id has the form of the upstream's, and is read back as it was given") {
    const auto job =
        proto::JobId::make(proto::Instant{std::chrono::seconds{1'800'000'000}}, {9}, 77);
    const std::string number = std::to_string(task_number(job));
    CHECK(id_of(job, Word::video, 0) == "user:0-minimax:0-video:" + number);
    CHECK(id_of(job, Word::agent, 0) == "p" + number + "-u0-a0-bot:minimax");
    for (const Word word : {Word::video, Word::image, Word::audio, Word::music, Word::agent}) {
        for (std::size_t n = 0; n < 4; ++n) {
            const std::string text = id_of(job, word, n);
            CAPTURE(text);
            const auto id = read_id(text);
            REQUIRE(id);
            CHECK(id->word == word);
            CHECK(id->ours());
            const auto read = read_number(id->number);
            REQUIRE(read);
            CHECK(read->names(job));
            CHECK((read->of == Number::Of::task ? 0 : read->artifact) == n);
        }
    }
    CHECK(read_id(file_id_of(job, 1))->word == Word::file);
    CHECK(id_of(job, Word::image, 14).empty());
}

TEST_CASE("an id of the upstream's own is told from ours, with its account") {
    const auto id = read_id("user:12-minimax:301000000000000001-image:412000000000000009");
    REQUIRE(id);
    CHECK(id->word == Word::image);
    CHECK(id->account == "301000000000000001");
    CHECK(id->number == 412000000000000009U);
    CHECK_FALSE(id->ours());
    const auto agent = read_id("p12-u1-a301-bot:minimax");
    REQUIRE(agent);
    CHECK(agent->word == Word::agent);
    CHECK(agent->account == "301");
    CHECK_FALSE(agent->ours());
}

TEST_CASE("what is no id is none") {
    for (const std::string text :
         {"", "412000000000000009", "user:", "user:0-minimax:0-video:", "user:0-minimax:0-video:x",
          "user:0-minimax:0-bot:7", "user:0-minimax:0-film:7", "user:0-minimax:0-video:7:8",
          "p-u0-a0-bot:minimax", "p7-u0-a0-bot:minimax2", "p7-u0-bot:minimax",
          "user:0-minimax:0-video:99999999999999999999"}) {
        CAPTURE(text);
        CHECK_FALSE(read_id(text));
    }
}
