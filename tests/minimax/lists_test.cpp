// The lists of what an account has bought: read whole, or not at all.
#include <doctest/doctest.h>

#include "proto/minimax/chat_batch.hpp"
#include "proto/minimax/video_v2.hpp"
#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

std::string seconds_of(std::optional<Instant> made_at) {
    if (!made_at) return "?";
    return std::to_string(
        std::chrono::duration_cast<std::chrono::seconds>(made_at->time_since_epoch()).count());
}

/// "ID as SHOWN at SECONDS, …" and what asks for the next page; or why there is no list.
std::string listed(const Codec& codec, std::string_view page, Reply reply) {
    const ListOutcome outcome = codec.on_list(page, reply);
    if (const auto* refused = std::get_if<Refusal>(&outcome)) return refused->failure.code;
    const auto& found = std::get<ListPage>(outcome);
    std::string text;
    for (const Listed& entry : found.entries) {
        text += entry.task + " as " + entry.listed_as + " at " + seconds_of(entry.made_at) + ", ";
    }
    return text + found.next;
}

std::string tasks(std::string_view items, std::string_view total = "1",
                  std::string_view page = {}) {
    return listed(
        minimax::video_v2(), page,
        ok(R"({"items":[)" + std::string(items) + R"(],"total":)" + std::string(total) + "}"));
}

std::string batches(std::string_view items) {
    return listed(minimax::chat_batch(), {},
                  ok(R"({"object":"list","data":[)" + std::string(items) + "]}"));
}

std::string task(std::string_view change) {
    const auto base = object(R"({"id":"4240","task_type":"generation","model":"MiniMax-H3",)"
                             R"("resolution":"768P","duration":5,"created_at":1790000000})");
    return boost::json::serialize(changed(base, change));
}

std::string batch(std::string_view id) {
    return R"({"id":")" + std::string(id) + R"(","input_file_id":"1985","created_at":1725438001})";
}

}  // namespace

TEST_CASE("the list of H3 tasks is read page by page") {
    CHECK(minimax::video_v2().list("").target ==
          "/v2/query/video_generation?page_size=50&page_num=1");
    CHECK(minimax::video_v2().list("3").target ==
          "/v2/query/video_generation?page_size=50&page_num=3");
    CHECK(tasks(task("{}")) == "4240 as generation/MiniMax-H3/768P/5 at 1790000000, ");
    std::string fifty = task("{}");
    for (int i = 1; i < 50; ++i)
        fifty += "," + task("{}");
    CHECK(tasks(fifty, "51").ends_with(" at 1790000000, 2"));
    CHECK(tasks(fifty, "101", "2").ends_with(" at 1790000000, 3"));
    CHECK(tasks(fifty, "50").ends_with(" at 1790000000, "));
    CHECK(tasks(task(R"({"task_type":"regeneration","resolution":"2K","duration":null})")) ==
          "4240 as regeneration/MiniMax-H3/2K at 1790000000, ");
}

TEST_CASE("a task of which the list tells less than the request holds is shown as nothing") {
    for (const char* const lacks :
         {R"({"model":null})", R"({"resolution":null})", R"({"duration":null})",
          R"({"task_type":null})", R"({"duration":"long"})"})
        CHECK(tasks(task(lacks)) == "4240 as  at 1790000000, ");
}

TEST_CASE("what can be no video is told from one that shows too little") {
    CHECK(tasks(R"({"id":"1","task_type":"h3_context_ir"})") == "1 as h3_context_ir at ?, ");
    CHECK(tasks(R"({"id":"1","status":"failed","task_type":"generation"})") == "1 as  at ?, ");
    CHECK(tasks(task(R"({"task_type":"video_generation"})")) == "4240 as  at 1790000000, ");
}

TEST_CASE("a time that cannot be one is none") {
    for (const char* const strange :
         {R"({"created_at":null})", R"({"created_at":"yesterday"})", R"({"created_at":-3})",
          R"({"created_at":0})", R"({"created_at":1790000000000})"})
        CHECK(tasks(task(strange)) == "4240 as generation/MiniMax-H3/768P/5 at ?, ");
}

TEST_CASE("a list with an entry that cannot be read is no list") {
    for (const char* const broken : {R"({"id":null})", R"({"id":""})"})
        CHECK(tasks(task("{}") + "," + task(broken)) == "reply.incomplete");
    CHECK(tasks("7") == "reply.incomplete");
    // A page that has fewer than it must have hides some.
    CHECK(tasks("", "500") == "reply.incomplete");
    CHECK(tasks(task("{}"), "2") == "reply.incomplete");
    CHECK(tasks(task("{}"), "101", "2") == "reply.incomplete");
    CHECK(tasks("", "null") == "reply.incomplete");
    CHECK(tasks("", R"("many")") == "reply.incomplete");
    CHECK(batches(batch("one") + ",null") == "reply.incomplete");
    CHECK(batches(R"({"input_file_id":"1985","created_at":1725438001})") == "reply.incomplete");
    CHECK(listed(minimax::chat_batch(), {}, ok("{}")) == "reply.incomplete");
    CHECK(listed(minimax::chat_batch(), {}, coded(1002)) == "1002");
}

TEST_CASE("a batch is known by its file, and only behind the last of them nothing comes") {
    CHECK(minimax::chat_batch().list("").target == "/v1/batches?limit=100");
    CHECK(minimax::chat_batch().list("batch 7").target == "/v1/batches?limit=100&after=batch%207");
    CHECK(batches(batch("one")) == "one as 1985 at 1725438001, one");
    CHECK(batches(R"({"id":7,"input_file_id":1985,"created_at":1725438001})") ==
          "7 as 1985 at 1725438001, 7");
    CHECK(batches(R"({"id":"one","created_at":1725438001})") == "one as  at 1725438001, one");
    CHECK(batches(R"({"id":"one","input_file_id":"1985"})") == "one as 1985 at ?, one");
    CHECK(batches("") == "");
    // Who begins anew where it was to go on would be read for ever.
    const Reply again = ok(R"({"data":[)" + batch("one") + "]}");
    CHECK(listed(minimax::chat_batch(), "one", again) == "reply.incomplete");
}
