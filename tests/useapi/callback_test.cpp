#include "proto/useapi/callback.hpp"

#include <doctest/doctest.h>

#include "replies.hpp"

using namespace genspool::tests;
using genspool::proto::useapi::read_callback;

TEST_CASE("a callback names its task as a query would") {
    CHECK(read_callback(R"({"videoId":"v:9","status":2,"replyRef":"01J#2"})").task == "v:9");
    CHECK(read_callback(R"({"imageId":"i:7"})").task == "i:7");
    CHECK(read_callback(R"({"audioId":"a:8"})").task == "a:8");
    CHECK(read_callback(R"({"musicId":"m:6"})").task == "m:6");
    CHECK(read_callback(R"({"jobId":"p12","status":"completed"})").task == "p12");
    CHECK(read_callback(R"({"videoId":"","jobId":"p12"})").task == "p12");
    CHECK(read_callback("{}").answer == "{}");
}

TEST_CASE("whatever else is sent names no task") {
    for (const char* body : {"", "null", "7", "[]", "{", R"({"videoId":{}})", R"({"id":"412"})",
                             R"({"challenge":"c"})", "\xFF"})
        CHECK(read_callback(body).task.empty());
    CHECK(read_callback(R"({"videoId":")" + std::string(257, 'a') + "\"}").task.empty());
}
