#include "cli/local_folder.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "tests/support/temporary_directory.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

/// Here is somewhere else while this lives.
class WorkingDirectory {
public:
    explicit WorkingDirectory(const std::string& path) { std::filesystem::current_path(path); }
    ~WorkingDirectory() { std::filesystem::current_path(before_); }
    WorkingDirectory(const WorkingDirectory&) = delete;
    WorkingDirectory& operator=(const WorkingDirectory&) = delete;

private:
    std::filesystem::path before_ = std::filesystem::current_path();
};

}  // namespace

TEST_CASE("the folder where a program was started is its own, unless a home lies in it") {
    const TemporaryDirectory top;
    const std::string home = top.path("home/me");
    std::filesystem::create_directories(home + "/films");
    for (const std::string& wide : {home, top.path("home"), top.path(), std::string("/")}) {
        CAPTURE(wide);
        const WorkingDirectory here(wide);
        CHECK_THROWS_AS(cli::LocalFolder("", home).inside("a.mp4"), cli::OutsideFolder);
    }
    const WorkingDirectory here(home + "/films");
    const auto place = std::filesystem::canonical(home) / "films/a.mp4";
    CHECK(cli::LocalFolder("", home).inside("a.mp4") == place);
    CHECK(cli::LocalFolder("", "").inside("a.mp4") == place);
    CHECK(cli::LocalFolder("", "/no/such/home").inside("a.mp4") == place);
    // Who names it means it.
    CHECK(cli::LocalFolder(home, home).inside("films/a.mp4") == place);
}

TEST_CASE("what is hidden in the folder is not touched, the folder itself may lie where it likes") {
    const TemporaryDirectory top;
    std::filesystem::create_directories(top.path(".share/films/.git"));
    const cli::LocalFolder folder(top.path(".share/films"), top.path());
    for (const std::string hidden : {".env", ".git/config", "x/.y/z", "x/../.git/config"}) {
        CAPTURE(hidden);
        CHECK_THROWS_AS(folder.inside(hidden), cli::OutsideFolder);
    }
    CHECK(folder.inside("a..b.mp4").filename() == "a..b.mp4");
    CHECK(folder.inside(".") == folder.inside("./"));
    std::filesystem::create_symlink(".git", top.path(".share/films/link"));
    CHECK_THROWS_AS(folder.inside("link/config"), cli::OutsideFolder);
}
