#include "proto/minimax/errors.hpp"

#include <algorithm>
#include <array>

namespace genspool::proto::minimax {
namespace {

// clang-format off
namespace table {
using F = FailureClass;
using C = OnCreate;
using Q = OnQuery;
using S = Scope;
using T = Clearing;

// Only a code that proves that the work was never begun is not_created; internal errors and time-outs
// are not. A 2013 to a query can only be about its one parameter, the task.
constexpr std::array codes{
    ErrorRow{0,          F::none,         C::ambiguous,    Q::again, S::none,    T::after_delay, "success, but without what was asked for"},
    ErrorRow{1000,       F::transient,    C::ambiguous,    Q::again, S::none,    T::after_delay, "unknown error"},
    ErrorRow{1001,       F::transient,    C::ambiguous,    Q::again, S::none,    T::after_delay, "request timed out upstream"},
    ErrorRow{1002,       F::rate_limited, C::not_created,  Q::again, S::op,      T::after_delay, "too many requests a minute"},
    ErrorRow{1004,       F::account,      C::not_created,  Q::again, S::key,     T::person,      "not authorized: wrong key, region or group"},
    ErrorRow{1008,       F::account,      C::not_created,  Q::again, S::account, T::probe,       "balance too low"},
    ErrorRow{1013,       F::transient,    C::ambiguous,    Q::again, S::none,    T::after_delay, "internal service error"},
    ErrorRow{1024,       F::transient,    C::ambiguous,    Q::again, S::none,    T::after_delay, "internal error"},
    ErrorRow{1026,       F::rejected,     C::not_created,  Q::final, S::none,    T::after_delay, "the input is sensitive"},
    ErrorRow{1027,       F::rejected,     C::taken_failed, Q::final, S::none,    T::after_delay, "the output is sensitive"},
    ErrorRow{1028,       F::account,      C::not_created,  Q::again, S::model,   T::next_window, "quota used up"},
    ErrorRow{1030,       F::account,      C::not_created,  Q::again, S::model,   T::next_window, "quota used up"},
    ErrorRow{1033,       F::transient,    C::ambiguous,    Q::again, S::none,    T::after_delay, "a system behind it failed"},
    ErrorRow{1039,       F::rate_limited, C::not_created,  Q::again, S::op,      T::after_delay, "too many tokens a minute"},
    ErrorRow{1041,       F::no_capacity,  C::not_created,  Q::again, S::op,      T::after_delay, "too many at once"},
    ErrorRow{1042,       F::rejected,     C::not_created,  Q::final, S::none,    T::after_delay, "too many invisible or illegal characters"},
    ErrorRow{1043,       F::rejected,     C::not_created,  Q::final, S::none,    T::after_delay, "the sample does not say the given text"},
    ErrorRow{1044,       F::rejected,     C::not_created,  Q::final, S::none,    T::after_delay, "the clone prompt is another voice"},
    ErrorRow{2013,       F::rejected,     C::not_created,  Q::gone,  S::none,    T::after_delay, "invalid parameters"},
    ErrorRow{2037,       F::rejected,     C::not_created,  Q::final, S::none,    T::after_delay, "the voice sample is too short or too long"},
    ErrorRow{2038,       F::account,      C::not_created,  Q::again, S::op,      T::person,      "voice cloning is not open to this account"},
    ErrorRow{2039,       F::rejected,     C::not_created,  Q::final, S::none,    T::after_delay, "the voice id exists already"},
    ErrorRow{2042,       F::rejected,     C::not_created,  Q::final, S::none,    T::after_delay, "no access to this voice id"},
    ErrorRow{2045,       F::rate_limited, C::not_created,  Q::again, S::account, T::after_delay, "traffic grew too fast"},
    ErrorRow{2046,       F::transient,    C::ambiguous,    Q::again, S::none,    T::after_delay, "undocumented, seen as passing"},
    ErrorRow{2047,       F::transient,    C::ambiguous,    Q::again, S::none,    T::after_delay, "undocumented, seen as passing"},
    ErrorRow{2048,       F::rejected,     C::not_created,  Q::final, S::none,    T::after_delay, "the prompt audio is too long"},
    ErrorRow{2049,       F::account,      C::not_created,  Q::again, S::key,     T::person,      "invalid API key"},
    ErrorRow{2056,       F::account,      C::not_created,  Q::again, S::key,     T::next_window, "the plan's usage limit is reached"},
    ErrorRow{2061,       F::account,      C::not_created,  Q::again, S::model,   T::person,      "the plan does not include this model"},
    ErrorRow{2067,       F::account,      C::ambiguous,    Q::again, S::key,     T::next_window, "undocumented, seen as the plan's quota"},
    ErrorRow{2201,       F::transient,    C::ambiguous,    Q::again, S::none,    T::after_delay, "session closed: idle for too long"},
    ErrorRow{2202,       F::transient,    C::ambiguous,    Q::again, S::none,    T::after_delay, "session: illegal event"},
    ErrorRow{2203,       F::rejected,     C::not_created,  Q::final, S::none,    T::after_delay, "session: empty text"},
    ErrorRow{2204,       F::rejected,     C::not_created,  Q::final, S::none,    T::after_delay, "session: text too long"},
    ErrorRow{2205,       F::no_capacity,  C::not_created,  Q::again, S::op,      T::after_delay, "session: too many requests"},
    ErrorRow{2206,       F::transient,    C::ambiguous,    Q::again, S::none,    T::after_delay, "session: events out of order"},
    ErrorRow{20132,      F::rejected,     C::not_created,  Q::final, S::none,    T::after_delay, "invalid sample or voice id"},
    ErrorRow{1400010161, F::account,      C::ambiguous,    Q::again, S::account, T::probe,       "undocumented, seen as credits used up"},
};

// 5xx stands below: nothing in it says how far the work came.
constexpr std::array statuses{
    ErrorRow{301, F::account,      C::not_created, Q::again, S::account, T::person,      "moved: wrong host or path"},
    ErrorRow{307, F::account,      C::not_created, Q::again, S::account, T::person,      "moved: wrong host or path"},
    ErrorRow{308, F::account,      C::not_created, Q::again, S::account, T::person,      "moved: wrong host or path"},
    ErrorRow{400, F::rejected,     C::not_created, Q::again, S::none,    T::after_delay, "invalid request"},
    ErrorRow{401, F::account,      C::not_created, Q::again, S::key,     T::person,      "not authorized"},
    ErrorRow{402, F::account,      C::not_created, Q::again, S::account, T::probe,       "balance too low"},
    ErrorRow{403, F::account,      C::not_created, Q::again, S::key,     T::person,      "forbidden"},
    ErrorRow{404, F::rejected,     C::not_created, Q::again, S::none,    T::after_delay, "not found"},
    ErrorRow{405, F::account,      C::not_created, Q::again, S::account, T::person,      "wrong host or path"},
    ErrorRow{408, F::transient,    C::ambiguous,   Q::again, S::none,    T::after_delay, "request timed out upstream"},
    ErrorRow{413, F::rejected,     C::not_created, Q::again, S::none,    T::after_delay, "the request is too large"},
    ErrorRow{422, F::rejected,     C::not_created, Q::again, S::none,    T::after_delay, "the content is refused"},
    ErrorRow{429, F::rate_limited, C::not_created, Q::again, S::op,      T::after_delay, "too many requests"},
};

constexpr ErrorRow wrong_address{
              404, F::account,     C::not_created, Q::again, S::op,      T::probe,       "wrong host or path"};
constexpr ErrorRow server_error{
              500, F::transient,   C::ambiguous,   Q::again, S::none,    T::after_delay, "trouble at the upstream"};
constexpr ErrorRow unlisted{
              0,   F::transient,   C::ambiguous,   Q::again, S::none,    T::after_delay, "an answer that is not understood"};
}  // namespace table
// clang-format on

template <std::size_t N>
constexpr bool ascending(const std::array<ErrorRow, N>& rows) {
    for (std::size_t i = 1; i < N; ++i) {
        if (rows[i - 1].code >= rows[i].code) return false;
    }
    return true;
}

/// Whoever closes something says what, and nothing else does; a refusal never tells to buy again.
template <std::size_t N>
constexpr bool consistent(const std::array<ErrorRow, N>& rows) {
    for (const ErrorRow& row : rows) {
        const bool closes = row.failure == FailureClass::account ||
                            row.failure == FailureClass::rate_limited ||
                            row.failure == FailureClass::no_capacity;
        if (closes != (row.scope != Scope::none)) return false;
        if (row.failure == FailureClass::rejected && row.on_create == OnCreate::ambiguous)
            return false;
        if (row.failure == FailureClass::transient && row.on_create != OnCreate::ambiguous)
            return false;
    }
    return true;
}

static_assert(ascending(table::codes) && consistent(table::codes));
static_assert(ascending(table::statuses) && consistent(table::statuses));

const ErrorRow* find_row(std::span<const ErrorRow> rows, std::int64_t code) {
    const auto row = std::lower_bound(rows.begin(), rows.end(), code,
                                      [](const ErrorRow& a, std::int64_t b) { return a.code < b; });
    return row != rows.end() && row->code == code ? &*row : nullptr;
}

}  // namespace

std::span<const ErrorRow> error_rows() {
    return table::codes;
}

std::span<const ErrorRow> http_rows() {
    return table::statuses;
}

const ErrorRow* find_error(std::int64_t code) {
    return find_row(table::codes, code);
}

const ErrorRow& http_row(int status) {
    if (status >= 500 && status <= 599) return table::server_error;
    const ErrorRow* row = find_row(table::statuses, status);
    return row != nullptr ? *row : table::unlisted;
}

const ErrorRow& wrong_address_row() {
    return table::wrong_address;
}

}  // namespace genspool::proto::minimax
