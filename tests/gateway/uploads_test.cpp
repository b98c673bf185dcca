#include "daemon/gateway/uploads.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <chrono>
#include <memory>
#include <system_error>

#include "tests/support/inline_queue.hpp"
#include "tests/support/sim_clock.hpp"
#include "tests/support/sim_files.hpp"
#include "workers/task_group.hpp"

using namespace genspool;
using namespace genspool::daemon::gateway;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

/// Its directories cannot be listed for a while.
class CrowdedFiles : public tests::SimFiles {
public:
    using SimFiles::SimFiles;

    asio::awaitable<std::vector<std::string>> list(std::string path) override {
        if (crowded) throw std::system_error(EMFILE, std::generic_category(), path);
        co_return co_await SimFiles::list(std::move(path));
    }

    bool crowded = false;
};

asio::awaitable<void> keep(Uploads& uploads, Upload upload, std::error_code& error) {
    error = co_await uploads.keep(std::move(upload));
}

}  // namespace

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

TEST_CASE("notes of files that are gone go when their directory can be listed again") {
    asio::io_context io;
    tests::SimClock clock(io, proto::Instant{std::chrono::milliseconds{1'800'000'000'000}});
    const auto disk = std::make_shared<tests::ForgetfulDisk>();
    const queue::QueueOptions options;
    tests::InlineQueue queue(disk, options, [&clock] { return clock.now(); }, 1);
    CrowdedFiles files(io, disk, "/state");
    workers::QueueLine line(io.get_executor(), queue);
    Uploads uploads(files);
    std::size_t thrown = 0;
    workers::TaskGroup tasks(io.get_executor(),
                             [&thrown](std::string_view, const std::exception_ptr&) { ++thrown; });
    Upload upload;
    upload.number = 7;
    upload.sha256 = std::string(64, 'a');
    std::error_code error = std::make_error_code(std::errc::io_error);
    tasks.spawn("keep", keep(uploads, upload, error));
    clock.settle();
    REQUIRE_FALSE(error);

    files.crowded = true;
    tasks.spawn("uploads", uploads.run(line, clock));
    clock.settle();
    CHECK_FALSE(files.read_now("uploads/7.json").error);
    files.crowded = false;
    clock.advance(1h);

    CHECK(files.read_now("uploads/7.json").error);
    CHECK(thrown == 0);
    asio::post(io, [&tasks] { tasks.cancel_all(); });
    clock.settle();
}
