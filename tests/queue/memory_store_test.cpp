// A database without a disk.
#include <doctest/doctest.h>

#include <filesystem>

#include "queue/rocksdb_store.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace genspool;

namespace {

queue::StoreOptions in_memory(const std::string& path) {
    queue::StoreOptions options;
    options.path = path;
    options.in_memory = true;
    return options;
}

}  // namespace

TEST_CASE("a store in memory keeps what is committed, and nothing of it is on the disk") {
    const tests::TemporaryDirectory directory;
    const std::string path = directory.path("db");
    {
        queue::StoreOptions options = in_memory(path);
        options.write_buffer_bytes = 64U << 10U;  // so that tables are written as well
        queue::Store store(options);
        for (int n = 0; n < 3'000; ++n)
            store.commit({{"key" + std::to_string(n), std::string(100, 'x')}});
        store.commit({{"key7", std::nullopt}});
        CHECK_FALSE(store.get("key7"));
        int rows = 0;
        store.scan("key", "kez",
                   [&rows](std::string_view, std::string_view) { return ++rows > 0; });
        CHECK(rows == 2'999);
    }
    CHECK_FALSE(std::filesystem::exists(path));
    CHECK_FALSE(queue::Store(in_memory(path)).get("key1"));
}
