#include "queue/keys.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "tests/support/places.hpp"

namespace {

using namespace genspool;
namespace keys = queue::keys;
using proto::Instant;
using proto::State;

std::string hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char byte : bytes) {
        const auto value = static_cast<std::uint8_t>(byte);
        text += digits[value >> 4U];
        text += digits[value & 0xFU];
    }
    return text;
}

Instant at(std::int64_t millis) {
    return Instant(proto::Duration(millis));
}

}  // namespace

TEST_CASE("the bytes of every key are fixed for ever") {
    CHECK(keys::meta("format") == "mformat");
    CHECK(hex(keys::record({1})) == "6a0000000000000001");
    CHECK(hex(keys::spec({258})) == "720000000000000102");
    CHECK(hex(keys::state(State::queued, {1})) == "78020000000000000001");
    CHECK(hex(keys::ended(at(1), {2})) == "7400000000000000010000000000000002");
    CHECK(hex(keys::batch({3})) == "620000000000000003");
    CHECK(hex(keys::member({3}, {4})) == "6900000000000000030000000000000004");
    CHECK(hex(keys::custom_id({3}, "ab")) == "6300000000000000036162");
    CHECK(hex(keys::refused_line({3}, 5)) == "6c00000000000000030000000000000005");
    CHECK(hex(keys::note({3}, "a")) == "6e000000000000000361");
    CHECK(keys::import("inode 7") == "Iinode 7");
    CHECK(keys::idempotency("0123456789abcdef") == "k0123456789abcdef");
    CHECK(hex(keys::idempotency_end(at(1), "a")) == "4b000000000000000161");
    CHECK(hex(keys::event({6})) == "650000000000000006");
    CHECK(hex(keys::history({1}, {6})) == "6800000000000000010000000000000006");
    CHECK(hex(keys::slot({1}, 2)) == "73000000000000000100000002");
    CHECK(hex(keys::ledger({1}, 2)) == "24000000000000000100000002");
    CHECK(hex(keys::total('a', "2026-12-01", "m", 1)) ==
          "5461" + hex("2026-12-01") + "01" + hex("m"));
    CHECK(hex(keys::task("main", "42")) == "79" + hex("main") + "00" + hex("42"));
    CHECK(keys::account("main") == "qmain");
    CHECK(keys::cursor("results") == "Cresults");
    CHECK(hex(keys::lane(7)) == "4c00000007");
    CHECK(keys::completions("op/model") == "pop/model");
    CHECK(hex(keys::thing("a", {proto::Thing::Kind::file, "7"})) == "6f61000237");
    CHECK(hex(keys::awaited({1}, {2})) == "7700000000000000010000000000000002");
}

TEST_CASE("every family has a first byte of its own, and is told of in docs/storage.md") {
    const std::vector<char> families = {
        keys::meta_family,   keys::record_family,    keys::spec_family,
        keys::state_family,  keys::ended_family,     keys::batch_family,
        keys::member_family, keys::custom_id_family, keys::refused_line_family,
        keys::note_family,   keys::import_family,    keys::idempotency_family,
        keys::event_family,  keys::history_family,   keys::idempotency_end_family,
        keys::slot_family,   keys::ledger_family,    keys::total_family,
        keys::task_family,   keys::account_family,   keys::cursor_family,
        keys::lane_family,   keys::awaited_family,   keys::completions_family,
        keys::blob_family,   keys::blob_use_family,  keys::upload_family,
        keys::voice_family,  keys::doubt_family,     keys::thing_family};

    CHECK(std::set<char>(families.begin(), families.end()).size() == families.size());
    std::ifstream file(tests::source_path("docs/storage.md"));
    const std::string page(std::istreambuf_iterator<char>(file), {});
    for (const char family : families) {
        CAPTURE(family);
        CHECK(page.find(std::string("\n| `") + family + "`") != std::string::npos);
        CHECK(keys::family_begin(family) < keys::family_end(family));
        CHECK(std::string(1, family) + "\xff\xff" < keys::family_end(family));
    }
}

TEST_CASE("keys sort as their numbers do") {
    const std::vector<std::uint64_t> numbers = {
        0,      1,      2,           127,         128,         255,          256,
        65'535, 65'536, 0x7FFFFFFFU, 0x80000000U, 0xFFFFFFFFU, 0x100000000U, UINT64_MAX};
    for (std::size_t i = 1; i < numbers.size(); ++i) {
        const std::uint64_t less = numbers[i - 1];
        const std::uint64_t more = numbers[i];
        CHECK(keys::record({less}) < keys::record({more}));
        CHECK(keys::event({less}) < keys::event({more}));
        CHECK(keys::member({less}, {UINT64_MAX}) < keys::member({more}, {0}));
        CHECK(keys::history({less}, {more}) < keys::history({more}, {less}));
        CHECK(keys::refused_line({1}, less) < keys::refused_line({1}, more));
        CHECK(keys::state(State::queued, {less}) < keys::state(State::queued, {more}));
    }
    CHECK(keys::state(State::queued, {UINT64_MAX}) < keys::state(State::preparing, {0}));
    CHECK(keys::ended(at(1'000), {9}) < keys::ended(at(1'001), {1}));
    CHECK(keys::slot({1}, UINT32_MAX) < keys::slot({2}, 0));
    CHECK(keys::idempotency_end(at(255), "z") < keys::idempotency_end(at(256), "a"));
}

TEST_CASE("numbers are read back from where they stand") {
    for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{255},
                                       std::uint64_t{0x0123456789ABCDEFU}, UINT64_MAX}) {
        CHECK(keys::get_u64(keys::record({number}), 1) == number);
        CHECK(keys::get_u64(keys::state(State::held, {number}), 2) == number);
        CHECK(keys::get_u64(keys::member({7}, {number}), 9) == number);
        CHECK(keys::get_u32(keys::slot({number}, 77), 9) == 77);
    }
}

TEST_CASE("a task's key tells account and task apart") {
    CHECK(keys::task("a", "bc") != keys::task("ab", "c"));
}

TEST_CASE("the end of a prefix lies behind every key that begins with it") {
    CHECK(keys::prefix_end("ab") == "ac");
    CHECK(keys::prefix_end("a\xff") == "b");
    CHECK(keys::prefix_end("\xff\xff").empty());
    CHECK(std::string("ab\xff\xff") < keys::prefix_end("ab"));
}
