#include "proto/fields.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <random>

using namespace genspool::proto;
using namespace std::string_view_literals;

namespace {

std::string written(const auto&... values) {
    std::string row;
    FieldWriter writer(row);
    FieldTag tag = 0;
    (writer.put(++tag, values), ...);
    return row;
}

}  // namespace

TEST_CASE("fields are tag, length and bytes") {
    CHECK(written(std::uint8_t{0}) == "\x01\x00"sv);
    CHECK(written(std::uint64_t{0x1234}, "ab"sv) ==
          "\x01\x02\x34\x12\x02\x02"
          "ab"sv);
    CHECK(written(std::int64_t{-1}, std::int64_t{1}) == "\x01\x01\x01\x02\x01\x02"sv);
    CHECK(written(Instant{Duration{64}}) == "\x01\x01\x80"sv);
}

TEST_CASE("numbers of every size survive") {
    std::mt19937_64 random(4);
    for (int i = 0; i < 2'000; ++i) {
        const std::uint64_t number = random() >> (random() % 64);
        const auto with_sign = static_cast<std::int64_t>(random()) >> (random() % 64);
        const std::string row = written(number, with_sign);

        FieldReader reader(row);
        CHECK(reader.next()->number() == number);
        CHECK(reader.next()->signed_number() == with_sign);
        CHECK_FALSE(reader.next().has_value());
        CHECK(reader.ok());
    }
    for (const std::int64_t edge :
         {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
        const std::string row = written(edge);
        CHECK(FieldReader(row).next()->signed_number() == edge);
    }
}

TEST_CASE("a field may hold fields, short ones and long ones") {
    for (const std::size_t size : {0U, 10U, 125U, 126U, 200U, 20'000U}) {
        std::string row;
        FieldWriter writer(row);
        const std::size_t mark = writer.begin(3);
        writer.put(1, std::string(size, 'x'));
        writer.end(mark);
        writer.put(4, std::uint8_t{7});

        FieldReader outer(row);
        const auto nested = outer.next();
        REQUIRE(nested.has_value());
        FieldReader inner(nested->bytes);
        CHECK(inner.next()->bytes.size() == size);
        CHECK_FALSE(inner.next().has_value());
        CHECK(outer.next()->number() == 7);
        CHECK(outer.ok());
    }
}

TEST_CASE("a value that does not fit is not read") {
    std::uint8_t small = 9;
    CHECK_FALSE(read(Field{1, "\x00\x01"sv}, small));
    CHECK(small == 9);
    std::uint64_t large = 9;
    CHECK_FALSE(read(Field{1, "123456789"sv}, large));
    std::int64_t with_sign = 9;
    CHECK_FALSE(read(Field{1, "123456789"sv}, with_sign));
    bool flag = false;
    CHECK_FALSE(read(Field{1, "\x02"sv}, flag));
}

TEST_CASE("corrupt rows end the reading and are named so") {
    for (const std::string_view row : {"\x01"sv, "\x01\x05"sv,
                                       "\x01\x05"
                                       "abc"sv,
                                       "\x02\x00\x01\x00"sv, "\x80\x80\x80\x80\x10\x00"sv,
                                       "\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"sv,
                                       "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"sv}) {
        FieldReader reader(row);
        while (reader.next()) {
        }
        CHECK_FALSE(reader.ok());
        CHECK_FALSE(reader.next().has_value());
    }
}
