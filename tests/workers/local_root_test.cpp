#include "workers/local_root.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/support/temporary_directory.hpp"

namespace fs = std::filesystem;
using genspool::tests::TemporaryDirectory;
using namespace genspool::workers;

namespace {

/// Somebody who, beneath the root, swaps a directory for a link to the outside and back, as fast as
/// he can, and a plain file for a link likewise.
class Swapper {
public:
    Swapper(const std::string& root, const std::string& outside) : root_(root) {
        fs::create_directories(root + "/dir");
        fs::create_directory_symlink(outside, root + "/link");
        std::ofstream(root + "/file") << "inside";
        fs::create_symlink(outside + "/victim", root + "/file-link");
        thread_ = std::thread([this] { swap_on(); });
    }
    ~Swapper() {
        over_ = true;
        thread_.join();
    }
    Swapper(const Swapper&) = delete;
    Swapper& operator=(const Swapper&) = delete;

    int swaps() const { return swaps_; }

private:
    void swap_on() {
        while (!over_) {
            exchange("/dir", "/link");
            exchange("/file", "/file-link");
            ++swaps_;
        }
    }
    void exchange(const std::string& a, const std::string& b) const {
        ::renameat2(AT_FDCWD, (root_ + a).c_str(), AT_FDCWD, (root_ + b).c_str(), RENAME_EXCHANGE);
    }

    std::string root_;
    std::atomic<bool> over_ = false;
    std::atomic<int> swaps_ = 0;
    std::thread thread_;
};

std::size_t entries(const std::string& directory) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory), {}));
}

/// Makes, writes and reads while the ground shifts; how often each of it came about.
struct Tries {
    int made = 0;
    int written = 0;
    int refused = 0;

    void make(const LocalRoot& root, int number) {
        const auto place = root.make("dir/" + std::to_string(number));
        if (place.has_error()) {
            ++refused;
            return;
        }
        made += LocalRoot::open_file(*place, O_WRONLY | O_CREAT | O_EXCL).has_value() ? 1 : 0;
    }
    void overwrite(const LocalRoot& root) {
        const auto place = root.find("file");
        if (place.has_error()) return;
        const auto file = LocalRoot::open_file(*place, O_WRONLY | O_TRUNC);
        written += file.has_value() ? 1 : 0;
        refused += file.has_value() ? 0 : 1;
    }
};

}  // namespace

TEST_CASE("nobody who swaps directories and files for links while we write leads us outside") {
    for (const Resolve way : {Resolve::automatic, Resolve::by_component}) {
        const TemporaryDirectory beneath;
        const TemporaryDirectory outside;
        std::ofstream(outside.path("victim")) << "untouched";
        const LocalRoot root(beneath.path(), way);
        Tries tries;
        {
            const Swapper swapper(beneath.path(), outside.path());
            // Until each side of the race has been seen often, however the threads are scheduled.
            for (int n = 0; n < 200'000; ++n) {
                tries.make(root, n);
                tries.overwrite(root);
                const bool enough = tries.made > 300 && tries.refused > 300 && tries.written > 300;
                if (enough && swapper.swaps() > 300) break;
            }
        }
        CHECK(tries.made > 0);
        CHECK(tries.written > 0);
        CHECK(tries.refused > 0);
        CHECK(entries(outside.path()) == 1);
        CHECK(fs::file_size(outside.path("victim")) == 9);
    }
}

TEST_CASE("a directory that is moved out of the root while it is open takes nothing but its own") {
    for (const Resolve way : {Resolve::automatic, Resolve::by_component}) {
        const TemporaryDirectory beneath;
        const TemporaryDirectory outside;
        fs::create_directories(beneath.path("a/b"));
        std::ofstream(outside.path("victim")) << "untouched";
        const LocalRoot root(beneath.path(), way);
        fs::rename(beneath.path("a/b"), outside.path("b"));
        for (const char* const path : {"a/b/../victim", "a/b/../../victim"}) {
            CHECK(root.find(path).error() == std::errc::cross_device_link);
        }
        CHECK(root.find("a/b/victim").error() == std::errc::no_such_file_or_directory);
        CHECK(entries(outside.path()) == 2);
    }
}
