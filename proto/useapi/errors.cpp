#include "proto/useapi/errors.hpp"

#include <algorithm>
#include <array>

namespace genspool::proto::useapi {
namespace {

// clang-format off
namespace table {
using F = FailureClass;
using C = OnCreate;
using Q = OnQuery;
using S = Scope;
using T = Clearing;

// The site may answer 502 and 504 and take the job all the same; nothing in a 5xx says that it did not,
// but for 596. The one parameter of a query is its task, so 400, 404 and 410 are about that. Credits and
// holds are those of the linked account; the token is one for all of them. What is left of the credits
// may be too little for a video, and enough for a picture.
constexpr std::array statuses{
    ErrorRow{301, F::account,     C::not_created, Q::again, S::account, T::person,      "moved: wrong host or path"},
    ErrorRow{307, F::account,     C::not_created, Q::again, S::account, T::person,      "moved: wrong host or path"},
    ErrorRow{308, F::account,     C::not_created, Q::again, S::account, T::person,      "moved: wrong host or path"},
    ErrorRow{400, F::rejected,    C::not_created, Q::gone,  S::none,    T::after_delay, "invalid request"},
    ErrorRow{401, F::account,     C::not_created, Q::again, S::key,     T::person,      "the API token is refused"},
    ErrorRow{402, F::account,     C::not_created, Q::again, S::key,     T::probe,       "the subscription of useapi.net is over"},
    ErrorRow{403, F::account,     C::not_created, Q::again, S::account, T::person,      "forbidden"},
    ErrorRow{404, F::rejected,    C::not_created, Q::gone,  S::none,    T::after_delay, "not found"},
    ErrorRow{405, F::account,     C::not_created, Q::again, S::account, T::person,      "wrong host or path"},
    ErrorRow{408, F::transient,   C::ambiguous,   Q::again, S::none,    T::after_delay, "request timed out upstream"},
    ErrorRow{410, F::rejected,    C::not_created, Q::gone,  S::none,    T::after_delay, "not there any more"},
    ErrorRow{412, F::account,     C::not_created, Q::again, S::op,      T::probe,       "the account has too few credits"},
    ErrorRow{422, F::rejected,    C::not_created, Q::again, S::none,    T::after_delay, "the content is refused"},
    ErrorRow{429, F::no_capacity, C::not_created, Q::again, S::op,      T::after_delay, "too many at once"},
    ErrorRow{596, F::account,     C::not_created, Q::again, S::account, T::probe,       "the account is on hold at Hailuo"},
};

// Sound is paid for by a subscription of its own. Speech has no slots upstream, only a rate.
constexpr std::array of_speech{
    ErrorRow{412, F::account,      C::not_created, Q::again, S::op,     T::probe,       "the account has no audio subscription"},
    ErrorRow{429, F::rate_limited, C::not_created, Q::again, S::op,     T::after_delay, "too many requests"},
};
constexpr std::array of_music{
    ErrorRow{412, F::account,      C::not_created, Q::again, S::op,     T::probe,       "the account has no audio subscription"},
};

constexpr ErrorRow wrong_address{
              404, F::account,     C::not_created, Q::again, S::op,     T::probe,       "wrong host or path"};
constexpr ErrorRow refused{
              400, F::rejected,    C::not_created, Q::again, S::none,   T::after_delay, "refused"};
constexpr ErrorRow unlisted{
              0,   F::transient,   C::ambiguous,   Q::again, S::none,   T::after_delay, "an answer that is not understood"};
constexpr ErrorRow server_error{
              500, F::transient,   C::ambiguous,   Q::again, S::none,   T::after_delay, "trouble at the upstream"};
}  // namespace table
// clang-format on

/// In order; whoever closes something says what, and nothing else does; a refusal never tells to
/// buy again.
template <std::size_t N>
constexpr bool consistent(const std::array<ErrorRow, N>& rows) {
    int last = 0;
    for (const ErrorRow& row : rows) {
        const bool closes = row.failure == FailureClass::account ||
                            row.failure == FailureClass::rate_limited ||
                            row.failure == FailureClass::no_capacity;
        const bool refuses = row.failure != FailureClass::transient;
        if (row.code <= last || closes != (row.scope != Scope::none)) return false;
        if (refuses != (row.on_create == OnCreate::not_created)) return false;
        last = row.code;
    }
    return true;
}

static_assert(consistent(table::statuses) && consistent(table::of_speech) &&
              consistent(table::of_music));

const ErrorRow* find_row(std::span<const ErrorRow> rows, int status) {
    const auto row = std::ranges::find(rows, status, &ErrorRow::code);
    return row != rows.end() ? &*row : nullptr;
}

}  // namespace

std::span<const ErrorRow> error_rows() {
    return table::statuses;
}

std::span<const ErrorRow> error_rows(Service service) {
    switch (service) {
        case Service::credits:
            break;
        case Service::speech:
            return table::of_speech;
        case Service::music:
            return table::of_music;
    }
    return {};
}

const ErrorRow& error_row(Service service, int status) {
    const ErrorRow* row = find_row(error_rows(service), status);
    if (row == nullptr) row = find_row(error_rows(), status);
    if (row != nullptr) return *row;
    if (status >= 400 && status <= 499) return table::refused;
    return status >= 500 ? table::server_error : table::unlisted;
}

const ErrorRow& wrong_address_row() {
    return table::wrong_address;
}

}  // namespace genspool::proto::useapi
