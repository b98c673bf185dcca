#include "proto/minimax/batch_file.hpp"

#include <doctest/doctest.h>

using genspool::proto::minimax::batch_file_fault;

namespace {

std::string line(const std::string& custom_id, const std::string& content) {
    return R"({"custom_id":")" + custom_id +
           R"(","method":"POST","url":"/v1/text/chatcompletion_v2","body":{"model":"MiniMax-M3",)"
           R"("messages":[{"role":"user","content":)" +
           content + "}]}}\n";
}

}  // namespace

TEST_CASE("a file of lines passes, with empty ones and what is not known of them") {
    CHECK(batch_file_fault(line("a", "\"hi\"") + "\r\n" + line("b", "\"ho\"")) == "");
    CHECK(batch_file_fault(R"({"unheard":"of"})") == "");
}

TEST_CASE("what is wrong with a line is told with its number, before it is paid for") {
    CHECK(batch_file_fault("\n \n") == "it has no lines");
    CHECK(batch_file_fault(line("a", "\"hi\"") + "\n[1]") == "line 3: it is no JSON object");
    CHECK(batch_file_fault("{\"custom_id\":") == "line 1: it is no JSON object");
    CHECK(batch_file_fault(line("a", "\"hi\"") + line("a", "\"ho\"")) ==
          "line 2: its custom_id \"a\" stands in an earlier line");
    CHECK(batch_file_fault(line("a", R"([{"type":"image_url","image_url":{"$file":"a.png"}}])")) ==
          "line 1: neither $artifact nor $file can stand in a line of a batch");
    const std::string fault = batch_file_fault(R"({"body":{"model":"M","messages":1}})");
    CHECK(fault.find("line 1: body.messages") == 0);
}

TEST_CASE("a batch has its most lines") {
    std::string lines;
    for (int n = 0; n < 50'000; ++n)
        lines += "{}\n";
    CHECK(batch_file_fault(lines) == "");
    CHECK(batch_file_fault(lines + "{}").find("more than 50000 lines") != std::string::npos);
}
