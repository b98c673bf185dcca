#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/workplace.hpp"

using namespace genspool::tests;

namespace {

/// The same request with the same key from so many threads at once.
std::vector<ApiAnswer> ask_at_once(const DaemonProgram& daemon, std::size_t times,
                                   const std::string& key, const std::string& body) {
    std::vector<ApiAnswer> answers(times);
    std::vector<std::thread> threads;
    for (ApiAnswer& answer : answers) {
        threads.emplace_back([&daemon, &answer, &key, &body] {
            answer = daemon.api().post("/v1/jobs", body, {{"Idempotency-Key", key}});
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    return answers;
}

}  // namespace

TEST_CASE("a key sent 50 times at once makes one job, bought once") {
    Workplace work;
    REQUIRE(work.daemon.start());
    const std::string body = job_text("image", "a kite");
    std::set<std::string> ids;
    std::size_t created = 0;
    for (const ApiAnswer& answer : ask_at_once(work.daemon, 50, "kite", body)) {
        CHECK((answer.status == 200 || answer.status == 201));
        created += answer.status == 201 ? 1 : 0;
        ids.insert(text_of(answer.body, "id"));
    }
    CHECK(created == 1);
    CHECK(ids.size() == 1);
    work.daemon.await_quiet();
    work.daemon.kill();
    REQUIRE(work.daemon.start());
    const ApiAnswer after = work.daemon.api().post("/v1/jobs", body, {{"Idempotency-Key", "kite"}});
    CHECK(after.status == 200);
    CHECK(text_of(after.body, "id") == *ids.begin());
    CHECK(text_of(after.body, "state") == "succeeded");
    CHECK(work.simulator.purchases().size() == 1);
    const ApiAnswer other = work.daemon.api().post("/v1/jobs", job_text("image", "a boat"),
                                                   {{"Idempotency-Key", "kite"}});
    CHECK(other.status == 422);
}
