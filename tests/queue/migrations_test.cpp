#include "queue/migrations.hpp"

#include <doctest/doctest.h>

#include <rocksdb/env.h>

#include <array>
#include <map>

#include "queue/core.hpp"
#include "queue/keys.hpp"
#include "tests/support/forgetful_disk.hpp"

namespace {

using namespace genspool::queue;
using genspool::tests::Fault;
using genspool::tests::ForgetfulDisk;

using Rows = std::map<std::string, std::string>;

std::string version(std::uint64_t number) {
    std::string bytes;
    keys::put_u64(bytes, number);
    return bytes;
}

/// One life of a database on this disk.
struct Life {
    explicit Life(const std::shared_ptr<ForgetfulDisk>& disk) : env(make_env(disk)), store(on()) {}

    StoreOptions on() const {
        StoreOptions options;
        options.path = "/db";
        options.env = env.get();
        options.background = false;
        return options;
    }
    Rows rows() const {
        Rows rows;
        store.scan("a", "z", [&rows](std::string_view key, std::string_view value) {
            rows.emplace(key, value);
            return true;
        });
        return rows;
    }

    std::unique_ptr<rocksdb::Env> env;
    Store store;
};

/// Adds a mark to every row under "a", one row a piece; doing a row twice would show.
Migration mark_rows(std::uint64_t from, char mark) {
    return {from,
            [mark](const Store& store, const std::string& done,
                   std::vector<KeyWrite>& writes) -> std::optional<std::string> {
                std::optional<std::string> at;
                store.scan(done.empty() ? "a" : done + '\0', "b",
                           [&](std::string_view key, std::string_view value) {
                               at = key;
                               writes.emplace_back(key, std::string(value) + mark);
                               return false;
                           });
                return at;
            }};
}

const std::array<Migration, 2>& steps() {
    static const std::array<Migration, 2> both{mark_rows(1, '+'), mark_rows(2, '*')};
    return both;
}

std::shared_ptr<ForgetfulDisk> disk_of_format_1() {
    const auto disk = std::make_shared<ForgetfulDisk>();
    Life life(disk);
    life.store.commit({{keys::meta("format"), version(1)}, {"a1", "x"}, {"a2", "y"}, {"a3", "z"}});
    return disk;
}

Rows migrated() {
    return {{"a1", "x+*"}, {"a2", "y+*"}, {"a3", "z+*"}, {keys::meta("format"), version(3)}};
}

}  // namespace

TEST_CASE("an old database goes from format to format, each row once") {
    const auto disk = disk_of_format_1();
    Life life(disk);

    migrate(life.store, steps(), 3);
    migrate(life.store, steps(), 3);

    CHECK(life.rows() == migrated());
}

TEST_CASE("a migration goes on where a power cut ended it, wherever that was") {
    std::uint64_t cuts = 0;
    for (bool whole = false; !whole; ++cuts) {
        const auto disk = disk_of_format_1();
        {
            Life life(disk);
            disk->fail_after(cuts + 1, Fault::short_write);
            try {
                migrate(life.store, steps(), 3);
                whole = true;
            } catch (const StoreFailed&) {
                disk->power_cut();
            }
        }
        disk->kill();
        Life life(disk);
        migrate(life.store, steps(), 3);
        CHECK(life.rows() == migrated());
    }
    CHECK(cuts > 8);  // eight commits at the least
}

TEST_CASE("a format that nothing leads on from is told, and left as it is") {
    const auto disk = disk_of_format_1();
    Life life(disk);
    const Rows before = life.rows();

    CHECK_THROWS_AS(migrate(life.store, std::span(steps()).last(1), 3), StoreFailed);

    CHECK(life.rows() == before);
}

TEST_CASE("today's format is reached from every earlier one") {
    std::uint64_t version = 1;
    for (const Migration& step : all_migrations())
        CHECK(step.from == version++);
    CHECK(version == format_version);
}
