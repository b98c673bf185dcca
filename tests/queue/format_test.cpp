#include <doctest/doctest.h>

#include "queue/keys.hpp"
#include "tests/queue/test_queue.hpp"

namespace {

using namespace genspool;
using namespace genspool::tests;
using namespace genspool::queue;

std::string version(std::uint64_t number) {
    std::string bytes;
    keys::put_u64(bytes, number);
    return bytes;
}

StoreOptions on(rocksdb::Env* env) {
    StoreOptions options;
    options.path = "/db";
    options.env = env;
    options.background = false;
    return options;
}

}  // namespace

TEST_CASE("a new database says its format") {
    TestQueue queue;

    CHECK(queue.core().store().get(keys::meta("format")) == version(format_version));
}

TEST_CASE("a database of a newer format is refused, both versions named, and left as it is") {
    const auto disk = std::make_shared<ForgetfulDisk>();
    const auto env = make_env(disk);
    Store store(on(env.get()));
    store.commit({{keys::meta("format"), version(format_version + 1)}});
    const auto before = disk->counters();
    Random random(1);

    try {
        const Core core(store, queue_options(), {}, random);
        FAIL("it was opened");
    } catch (const FormatTooNew& refused) {
        const std::string words = refused.what();
        CHECK(words.find("format " + std::to_string(format_version + 1)) != std::string::npos);
        CHECK(words.find("up to " + std::to_string(format_version)) != std::string::npos);
    }
    CHECK(disk->counters() == before);
}

TEST_CASE("a format that cannot be read is a failure of the store") {
    const auto env = make_env(std::make_shared<ForgetfulDisk>());
    Store store(on(env.get()));
    store.commit({{keys::meta("format"), "1"}});
    Random random(1);

    CHECK_THROWS_AS(Core(store, queue_options(), {}, random), StoreFailed);
}

TEST_CASE("stored time never runs backwards over a start") {
    TestQueue queue;
    queue.now += hour;
    const auto job = queue.admit();
    const proto::Instant then = queue.now;
    queue.now -= day;

    queue.restart();

    CHECK(queue.core().now() >= then);
    queue.act(job, Verb::cancel);
    CHECK(queue.record(job).finished_at >= then);
}

TEST_CASE("a failed commit is told by an exception, and what it held is not on disk") {
    TestQueue queue;
    const auto kept = queue.admit();
    queue.disk->fail_after(1, Fault::io_error);

    CHECK_THROWS_AS(queue.ask(Admit{video_job()}), StoreFailed);

    queue.restart();
    CHECK(queue.exists(kept));
    CHECK(queue.stats().jobs == 1);
}
