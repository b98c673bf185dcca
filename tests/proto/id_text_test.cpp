#include "proto/id_text.hpp"

#include <doctest/doctest.h>

using genspool::proto::ids_as_text;
using genspool::proto::masked;

TEST_CASE("bare numbers that are ids become text, nothing else changes") {
    CHECK(ids_as_text(R"({"file_id":9223372036854775808})") ==
          R"({"file_id":"9223372036854775808"})");
    CHECK(ids_as_text(R"({"id" : 12 , "a":1})") == R"({"id" : "12" , "a":1})");
    CHECK(ids_as_text(R"([{"task_id":0},{"task_id":"1"},{"task_id":null}])") ==
          R"([{"task_id":"0"},{"task_id":"1"},{"task_id":null}])");
    CHECK(ids_as_text(R"({"id":7})") == R"({"id":"7"})");
    CHECK(ids_as_text(R"({"userID":301000000000000001})") == R"({"userID":"301000000000000001"})");
    for (const char* same :
         {"{}", "7", "[]", R"("id")", R"(["id",7])", R"({"a":"\"id\":7"})", R"({"a":"id","b":7})",
          R"({"id":1.5})", R"({"id":1e3})", R"({"id":-1})", R"({"id":[7]})", R"({"idle":7})",
          R"({"a":"\\","b":"id\\"})", R"({"bytes":12345678901234567890,"x":1.50e1})"}) {
        CAPTURE(same);
        CHECK(ids_as_text(same) == same);
    }
}

TEST_CASE("each text of a name is masked, wherever it stands, nothing else changes") {
    CHECK(masked(R"({"token":"ey\"J","a":[{"token" : "x"}],"b":1.50})", "token") ==
          R"({"token":"***","a":[{"token" : "***"}],"b":1.50})");
    CHECK(masked(R"({"token":""})", "token") == R"({"token":"***"})");
    for (const char* same :
         {"{}", "[]", R"("token")", R"(["token","x"])", R"({"token":7})", R"({"token":null})",
          R"({"tokens":"x"})", R"({"a":"token","b":"x"})", R"({"a":"\"token\":\"x\""})"}) {
        CAPTURE(same);
        CHECK(masked(same, "token") == same);
    }
}
