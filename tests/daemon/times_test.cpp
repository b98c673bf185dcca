// What a daemon has learned of how long tasks take, as it tells it.
#include "daemon/times_text.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "tests/daemon/running_daemon.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

queue::LearnedTimes sort_of(const std::string& name, int tasks) {
    std::vector<proto::Duration> took;
    for (int n = 1; n <= tasks; ++n)
        took.emplace_back(n * 1'500);
    queue::LearnedTimes sort;
    sort.sort = name;
    sort.times = std::make_shared<const proto::CompletionTimes>(std::move(took));
    sort.learned_at = proto::Instant(proto::Duration(1'800'000'000'000));
    return sort;
}

}  // namespace

TEST_CASE("learned times are told as --times takes them, and none of a few tasks") {
    const auto told = boost::json::parse(
        daemon::times_text({sort_of("minimax.image/image-01", 9),
                            sort_of("minimax.video_v1/MiniMax-Hailuo-02/768P/6", 40)}));
    const auto few = told.at("times").at(0);
    CHECK(few.at("key") == "minimax.image/image-01");
    CHECK(few.at("tasks") == 9);
    CHECK(few.at("quick").is_null());
    CHECK(few.at("median").is_null());
    CHECK(few.at("slow").is_null());
    const auto many = told.at("times").at(1);
    CHECK(many.at("key") == "minimax.video_v1/MiniMax-Hailuo-02/768P/6");
    CHECK(many.at("tasks") == 40);
    CHECK(many.at("quick") == "4s500ms");
    CHECK(many.at("median") == "31s500ms");
    CHECK(many.at("slow") == "58s500ms");
    CHECK(many.at("learned_at") == "2027-01-15T08:00:00.000Z");
}

TEST_CASE("a daemon that has learned nothing says so to everybody, and takes no parameters") {
    RunningDaemon daemon;
    CHECK(daemon.client().get("/v1/times").body == R"({"times":[]})");
    CHECK(daemon.client().get("/v1/times?op=tts").status == 422);
}
