#include "proto/multipart.hpp"

#include <doctest/doctest.h>

#include <utility>

using namespace genspool::proto;

TEST_CASE("a form is written part by part, as RFC 7578 wants it") {
    Multipart form("0123456789");
    form.field("purpose", "voice_clone");
    form.file("file", "a \"b\"\r\n.mp3", "audio/mpeg", "\r\n--bytes");
    Call call;

    std::move(form).into(call);

    CHECK(call.content_type == "multipart/form-data; boundary=genspool-0123456789");
    CHECK(call.body ==
          "--genspool-0123456789\r\n"
          "Content-Disposition: form-data; name=\"purpose\"\r\n\r\n"
          "voice_clone\r\n"
          "--genspool-0123456789\r\n"
          "Content-Disposition: form-data; name=\"file\"; filename=\"a _b___.mp3\"\r\n"
          "Content-Type: audio/mpeg\r\n\r\n"
          "\r\n--bytes\r\n"
          "--genspool-0123456789--\r\n");
}
