#include "daemon/gateway/multipart_body.hpp"

#include <doctest/doctest.h>

using namespace genspool::daemon::gateway;

namespace {

std::string form(const std::string& inside) {
    return "--B\r\n" + inside + "\r\n--B--\r\n";
}

}  // namespace

TEST_CASE("the boundary is read in quotes or without") {
    CHECK(form_boundary("multipart/form-data; boundary=abc") == "abc");
    CHECK(form_boundary("Multipart/Form-Data; charset=utf-8; Boundary=\"a b;c\"") == "a b;c");
    CHECK(form_boundary("multipart/form-data").empty());
    CHECK(form_boundary("multipart/mixed; boundary=abc").empty());
    CHECK(form_boundary("application/json").empty());
    CHECK(form_boundary("multipart/form-data; boundary=" + std::string(71, 'x')).empty());
}

TEST_CASE("a form's fields and files are read as browsers, curl and Node send them") {
    const std::string body =
        "--B\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nvoice_clone\r\n"
        "--B\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\";c.mp3\"\r\n"
        "Content-Type: audio/mpeg\r\n\r\n\r\n--Bx\r\n\r\n--\r\n--B--\r\n";
    const auto parts = read_form(body, "B");
    REQUIRE(parts);
    REQUIRE(parts->size() == 2);
    CHECK(parts->at(0).name == "purpose");
    CHECK(parts->at(0).bytes == "voice_clone");
    CHECK(parts->at(0).filename.empty());
    CHECK(parts->at(1).name == "file");
    CHECK(parts->at(1).filename == "a \"b\";c.mp3");
    CHECK(parts->at(1).content_type == "audio/mpeg");
}

TEST_CASE("a file may hold anything but its boundary") {
    const std::string file("\r\n--\0--b\r\n--", 12);
    const std::string body =
        form("Content-Disposition: form-data; name=file; filename=x\r\n\r\n" + file);
    const auto parts = read_form(body, "B");
    REQUIRE(parts);
    REQUIRE(parts->size() == 1);
    CHECK(parts->front().bytes == file);
    CHECK(parts->front().name == "file");
}

TEST_CASE("what is put together wrongly is refused") {
    const std::string good = form("Content-Disposition: form-data; name=\"a\"\r\n\r\nx");
    REQUIRE(read_form(good, "B"));
    CHECK_FALSE(read_form(good, "C"));
    CHECK_FALSE(read_form(good, ""));
    for (std::size_t length = 0; length + 4 < good.size(); ++length) {
        CAPTURE(length);
        CHECK_FALSE(read_form(good.substr(0, length), "B"));
    }
    CHECK_FALSE(read_form(form("Content-Disposition: form-data\r\n\r\nx"), "B"));
    CHECK_FALSE(read_form(form("nothing\r\n\r\nx"), "B"));
    std::string many;
    for (int part = 0; part < 65; ++part)
        many += "--B\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n";
    CHECK_FALSE(read_form(many + "--B--", "B"));
}
