#include "workers/directory_sync.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <vector>

#include "tests/support/temporary_directory.hpp"

namespace asio = boost::asio;
using namespace genspool::workers;
using genspool::tests::TemporaryDirectory;

namespace {

constexpr int crowd = 50;

asio::awaitable<void> ask(DirectorySync& syncs, int fd, std::vector<std::error_code>& answers) {
    Descriptor own(::dup(fd));
    const std::error_code error = co_await syncs.sync(std::move(own));
    answers.push_back(error);
}

std::vector<std::error_code> ask_all(int fd) {
    asio::io_context io;
    FilePool pool;
    DirectorySync syncs(pool);
    std::vector<std::error_code> answers;
    for (int i = 0; i < crowd; ++i)
        asio::co_spawn(io, ask(syncs, fd, answers), [](const std::exception_ptr& thrown) {
            if (thrown) std::rethrow_exception(thrown);
        });
    io.run();
    return answers;
}

}  // namespace

TEST_CASE("everybody who asks for a sync of a directory is answered") {
    const TemporaryDirectory directory;
    const Descriptor opened(::open(directory.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const auto answers = ask_all(opened.get());
    CHECK(answers == std::vector<std::error_code>(crowd));
}

TEST_CASE("a sync that fails fails for everybody who shared it") {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    const Descriptor reading(ends[0]);
    const Descriptor writing(ends[1]);
    const auto answers = ask_all(reading.get());
    const auto wrong = std::make_error_code(std::errc::invalid_argument);  // a pipe has no disk
    CHECK(answers == std::vector<std::error_code>(crowd, wrong));
}

TEST_CASE("what is no open file cannot be synced") {
    const auto answers = ask_all(-1);
    const auto wrong = std::make_error_code(std::errc::bad_file_descriptor);
    CHECK(answers == std::vector<std::error_code>(crowd, wrong));
}
