#include "daemon/hooks/attempts.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "proto/utf8.hpp"

namespace genspool::daemon::hooks {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t error_bytes_max = 512;

/// Between an attempt and the next: each about as long as all before it, so that whoever comes back
/// after a while has waited for at most as long once more.
constexpr std::array<proto::Duration, 11> pauses = {
    seconds{5}, seconds{30}, minutes{2}, minutes{10}, minutes{30}, hours{1},
    hours{2},   hours{4},    hours{8},   hours{16},   hours{24}};

/// Nobody may keep retention waiting for longer than the pauses do.
constexpr proto::Duration asked_max = hours{1};

/// The next word of the text, taken off it.
std::string_view word(std::string_view& text) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view found = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return found;
}

template <class Number>
bool read(std::string_view text, Number& out) {
    const auto end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, out);
    return result.ec == std::errc{} && result.ptr == end;
}

}  // namespace

Attempts after_failure(Attempts so_far, const Outcome& outcome, proto::Instant now) {
    Attempts after = std::move(so_far);
    after.error = proto::bounded_utf8(outcome.error, error_bytes_max);
    after.given_up = outcome.hopeless || after.made >= pauses.size();
    if (!after.given_up) {
        const proto::Duration wanted = std::min(outcome.at_least, asked_max);
        after.next = now + std::max(pauses.at(after.made), wanted);
    }
    ++after.made;
    return after;
}

std::string show_attempts(const Attempts& attempts) {
    return std::to_string(attempts.made) + " " +
           std::to_string(attempts.next.time_since_epoch().count()) +
           (attempts.given_up ? " given_up " : " open ") + attempts.error;
}

std::optional<Attempts> parse_attempts(std::string_view text) {
    Attempts attempts;
    std::int64_t next = 0;
    if (!read(word(text), attempts.made) || !read(word(text), next)) return std::nullopt;
    const std::string_view state = word(text);
    if (state != "open" && state != "given_up") return std::nullopt;
    attempts.next = proto::Instant{proto::Duration{next}};
    attempts.given_up = state == "given_up";
    attempts.error = text;
    return attempts;
}

}  // namespace genspool::daemon::hooks
