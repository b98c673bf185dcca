#include "proto/minimax/chat_batch.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

const Codec& codec() {
    return minimax::chat_batch();
}

std::string checked(std::string_view request) {
    return verdict(codec(), object(request));
}

boost::json::value sent(std::string_view request) {
    return boost::json::parse(codec().submit(spec(std::string(request))).body);
}

/// The answer to a query: a batch in that state, with these members besides.
PollOutcome polled(std::string_view state, std::string_view members = "{}") {
    const auto batch =
        object(R"({"id":"batch_QPMr","object":"batch","endpoint":"/v1/text/chatcompletion_v2",)"
               R"("errors":null,"input_file_id":"198533392248503","output_file_id":null,)"
               R"("error_file_id":null,"request_counts":{"total":3,"completed":0,"failed":0}})");
    auto answer = changed(batch, members);
    answer["status"] = state;
    return codec().on_poll(Task{}, ok(boost::json::serialize(answer)));
}

/// What its artifacts are asked for by, in their order.
std::string handles(const PollOutcome& outcome) {
    std::string all;
    for (const Artifact& artifact : want<TaskDone>(outcome).artifacts) {
        CHECK(artifact.source.from == Source::From::handle);
        CHECK(artifact.media_type == "application/x-ndjson");
        all += artifact.source.value + " ";
    }
    return all;
}

constexpr std::string_view both = R"({"output_file_id":"7","error_file_id":8,)"
                                  R"("request_counts":{"total":3,"completed":2,"failed":1}})";

}  // namespace

TEST_CASE("a batch names a file of lines: by its number, or to be uploaded for this send alone") {
    CHECK(checked("{}") == "missing request.input_file_id");
    CHECK(checked(R"({"input_file_id":198533392248503})") == "");
    CHECK(checked(R"({"input_file_id":"198533392248503"})") == "");
    CHECK(checked(R"({"input_file_id":0})") == "invalid request.input_file_id");
    CHECK(checked(R"({"input_file_id":""})") == "invalid request.input_file_id");
    CHECK(checked(R"({"input_file_id":[7]})") == "invalid request.input_file_id");
    CHECK(checked(R"({"input_file_id":7,"endpoint":1})") == "invalid request.endpoint");
    CHECK(checked(R"({"input_file_id":7,"completion_window":24})") ==
          "invalid request.completion_window");
    const auto taken = codec().check(object(R"({"input_file_id":{"$artifact":"J/0"}})"));
    REQUIRE(taken.has_value());
    const FileRule& rule = taken->files.at(0).rule;
    CHECK(rule.purpose == "batch");
    CHECK_FALSE(rule.shared);
    CHECK(taken->price_key == "minimax.chat_batch");
}

TEST_CASE("what a batch does not say is said for it") {
    CHECK(sent(R"({"input_file_id":198533392248503})") ==
          boost::json::parse(R"({"input_file_id":"198533392248503","completion_window":"24h",)"
                             R"("endpoint":"/v1/text/chatcompletion_v2"})"));
    const auto said = sent(R"({"input_file_id":"7","endpoint":"/v1/x","completion_window":"48h",)"
                           R"("metadata":{"film":"reel-3"}})");
    CHECK(said ==
          boost::json::parse(R"({"input_file_id":"7","endpoint":"/v1/x","completion_window":"48h",)"
                             R"("metadata":{"film":"reel-3"}})"));
    CHECK(codec().submit(spec(R"({"input_file_id":7})")).target == "/v1/batches");
}

TEST_CASE("a batch is taken with a base_resp or without, and refused by either kind of error") {
    const auto taken = [](const Reply& reply) { return codec().on_submit(spec("{}"), reply); };
    using Ids = std::vector<std::string>;
    CHECK(want<Taken>(taken(ok(R"({"id":"batch_QPMr","status":"validating"})"))).tasks ==
          Ids{"batch_QPMr"});
    CHECK(want<Taken>(taken(ok(R"({"id":9,"base_resp":{"status_code":0}})"))).tasks == Ids{"9"});
    CHECK(want<Refusal>(taken(coded(2013))).on_create == OnCreate::not_created);
    CHECK(want<Refusal>(taken(coded(1000))).on_create == OnCreate::ambiguous);
    const auto refused = want<Refusal>(taken(reply(400, R"({"error":{"message":"no file"}})")));
    CHECK(refused.failure.message == "no file");
    CHECK(refused.on_create == OnCreate::not_created);
    CHECK(want<Refusal>(taken(ok(R"({"object":"batch"})"))).on_create == OnCreate::ambiguous);
    CHECK(want<Refusal>(taken(reply(502, "<html>"))).on_create == OnCreate::ambiguous);
    // Where there are no batches, all else goes on.
    const auto nowhere = want<Refusal>(taken(reply(404, "404 page not found")));
    CHECK(nowhere.quarantine.scope == Scope::op);
    CHECK(nowhere.on_create == OnCreate::not_created);
}

TEST_CASE("a batch is asked for until it ends, whatever it is called meanwhile") {
    Task task;
    task.id = "batch_QPMr";
    CHECK(codec().poll(task).target == "/v1/batches/batch_QPMr");
    for (const std::string_view word :
         {"validating", "in_progress", "In_Progress", "finalizing", "cancelling"})
        CHECK(want<StillRunning>(polled(word)).known_word);
    const auto odd = want<StillRunning>(polled("pondering"));
    CHECK(odd.upstream_state == "pondering");
    CHECK_FALSE(odd.known_word);
    // An end that does not name (yet) what was bought is none.
    CHECK_FALSE(want<StillRunning>(polled("completed")).known_word);
    const std::string_view answered = R"({"error_file_id":"8","request_counts":{"completed":2}})";
    CHECK_FALSE(want<StillRunning>(polled("completed", answered)).known_word);
    CHECK_FALSE(want<StillRunning>(polled("expired", answered)).known_word);
}

TEST_CASE("a batch says how much of it is done") {
    const auto permille = [](std::string_view counts) {
        return want<StillRunning>(
                   polled("in_progress", R"({"request_counts":)" + std::string{counts} + "}"))
            .permille;
    };
    CHECK(permille(R"({"total":3,"completed":1,"failed":1})") == 666U);
    CHECK(permille(R"({"total":3})") == 0U);
    CHECK_FALSE(permille("{}"));
    CHECK_FALSE(permille("null"));
    CHECK_FALSE(permille(R"({"total":3,"completed":4})"));
    CHECK_FALSE(permille(R"({"total":18446744073709551615,"completed":18446744073709551615})"));
    CHECK_FALSE(permille(R"({"total":-1,"completed":-1})"));
}

TEST_CASE("answers and failed lines are files of their own, and the result says which is which") {
    const auto done = polled("completed", both);
    CHECK(handles(done) == "7 8 ");
    CHECK(want<TaskDone>(done).result ==
          R"({"request_counts":{"total":3,"completed":2,"failed":1},"files":["output","errors"]})");
    CHECK(codec().link(want<TaskDone>(done).artifacts.at(0).source).target ==
          "/v1/files/retrieve?file_id=7");
    // Nothing but failed lines: they are what was bought.
    const auto failed = polled("completed", R"({"error_file_id":"8","request_counts":null})");
    CHECK(handles(failed) == "8 ");
    CHECK(want<TaskDone>(failed).result == R"({"files":["errors"]})");
}

TEST_CASE("what was answered before a batch expired or was called off comes home") {
    CHECK(handles(polled("expired", both)) == "7 8 ");
    CHECK(handles(polled("cancelled", both)) == "7 8 ");
    const auto expired = want<TaskFailed>(polled("expired", R"({"error_file_id":"8"})"));
    CHECK(expired.failure.failure == FailureClass::expired);
    CHECK_FALSE(expired.again);
    CHECK(want<TaskFailed>(polled("Cancelled")).failure.code == "task.canceled");
}

TEST_CASE("a batch that fails says why in the upstream's words") {
    const auto why = [](std::string_view errors) {
        return want<TaskFailed>(polled("failed", R"({"errors":)" + std::string(errors) + "}"))
            .failure;
    };
    const Failure failure =
        why(R"({"object":"list","data":[{"code":"bad","message":"no model","line":3}]})");
    CHECK(failure.failure == FailureClass::rejected);
    CHECK(failure.message == "line 3: no model");
    CHECK(failure.upstream.find(R"("code":"bad")") != std::string::npos);
    CHECK(why(R"([{"message":"no model"}])").message == "no model");
    CHECK(why(R"("all wrong")").message == R"("all wrong")");
    const auto silent = want<TaskFailed>(polled("failed"));
    CHECK(silent.failure.message == "the task failed; the upstream gives no reason");
}

TEST_CASE("a batch that is not known is gone, and a query that fails is asked again") {
    const auto asked = [](const Reply& reply) {
        return want<Refusal>(codec().on_poll(Task{}, reply)).on_query;
    };
    CHECK(asked(reply(404, R"({"error":{"message":"no such batch"}})")) == OnQuery::gone);
    CHECK(asked(coded(2013)) == OnQuery::gone);
    CHECK(asked(reply(404, "404 page not found")) == OnQuery::again);
    CHECK(asked(coded(1002)) == OnQuery::again);
    CHECK(asked(reply(502, "<html>")) == OnQuery::again);
}

TEST_CASE("a batch can be called off until it is being called off") {
    Task task;
    task.id = "9";
    const auto call = codec().cancel(task, "in_progress");
    REQUIRE(call.has_value());
    CHECK(call->method == "POST");
    CHECK(call->target == "/v1/batches/9/cancel");
    CHECK(call->body.empty());
    CHECK_FALSE(codec().cancel(task, "cancelling").has_value());
}
