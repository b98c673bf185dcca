#include "daemon/job_text.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>

using namespace genspool;
using namespace std::chrono_literals;

TEST_CASE("a job that runs tells how far it is, as of the moment that it is shown") {
    const proto::Instant sent{1'000'000s};
    queue::JobView view;
    view.record.state = proto::State::running;
    view.record.sent_at = sent;
    view.times = std::make_shared<const proto::CompletionTimes>(
        std::vector<proto::Duration>(20, proto::Duration(100s)));
    const auto shown = [&](proto::Instant now) {
        const auto job = boost::json::parse(daemon::job_text(view, std::nullopt, "", now));
        return boost::json::serialize(job.at("progress")) + " " +
               boost::json::serialize(job.at("eta"));
    };

    CHECK(shown(sent + 50s) == R"(5E-1 "1970-01-12T13:48:20.000Z")");
    CHECK(shown(sent + 100s) == R"(9.9E-1 null)");
    view.said_permille = 250;
    CHECK(shown(sent + 100s) == R"(2.5E-1 null)");
    view.record.state = proto::State::queued;
    CHECK(shown(sent + 50s) == "null null");
}
