#include "daemon/gateway/uploads.hpp"

#include <doctest/doctest.h>

using namespace genspool;
using namespace genspool::daemon::gateway;

TEST_CASE("an upload's note says all of it, and a damaged one nothing") {
    Upload upload;
    upload.number = 4'503'599'627'370'511;
    upload.sha256 = std::string(64, 'a');
    upload.filename = "sailor \"Jim\".mp3";
    upload.purpose = "voice_clone";
    upload.principal = "token:alice";
    upload.bytes = 300'003;
    upload.created_at = proto::Instant{std::chrono::milliseconds{1'800'000'000'123}};
    const std::string text = text_of(upload);
    CHECK(read_upload(text) == upload);
    for (std::size_t length = 0; length < text.size(); ++length) {
        CAPTURE(length);
        CHECK_FALSE(read_upload(text.substr(0, length)));
    }
    for (const std::string damaged : {"[]", "{}", R"({"number":1,"bytes":1,"sha256":"a"})"})
        CHECK_FALSE(read_upload(damaged));
}
