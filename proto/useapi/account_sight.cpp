#include "proto/useapi/account_sight.hpp"

#include <algorithm>
#include <array>

#include "proto/http_time.hpp"
#include "proto/multipart.hpp"
#include "proto/upstream_request.hpp"
#include "proto/upstream_text.hpp"
#include "proto/useapi/answer.hpp"
#include "proto/useapi/times.hpp"
#include "proto/utf8.hpp"

namespace genspool::proto::useapi {
namespace {

namespace json = boost::json;

constexpr std::size_t words_bytes_max = 300;

/// Classes that go where an account has no such access.
struct Access {
    std::string_view flag;
    std::array<std::string_view, 3> slot_classes;
};
// supportMusic tells of the music of old, which is gone.
constexpr std::array accesses{Access{"supportVideo", {"video", "image", "agent"}},
                              Access{"supportAudio", {"speech", "music", ""}}};

/// An account may do so much at once, if nobody said less before.
void limit(AccountSight& sight, std::string_view slot_class, std::uint32_t slots) {
    const auto [place, fresh] = sight.slots.try_emplace(std::string(slot_class), slots);
    if (!fresh) place->second = std::min(place->second, slots);
}

/// A number above 0; what is not told, or is no such number, limits nothing.
void limit(AccountSight& sight, std::string_view slot_class, const json::object& fields,
           std::string_view name) {
    const auto slots = whole_number(text_or_number(fields, name));
    if (!slots || *slots == 0) return;
    limit(sight, slot_class, static_cast<std::uint32_t>(std::min<std::uint64_t>(*slots, 1'000)));
}

bool is_account(const json::object& fields) {
    return fields.contains("account") || fields.contains("jwt") || fields.contains("error");
}

/// The account, or the only one of all: without a name nobody knows which of several is meant.
const json::object* account_in(const json::object& fields) {
    if (is_account(fields)) return &fields;
    if (fields.size() != 1) return nullptr;
    const json::object* const only = fields.begin()->value().if_object();
    return only != nullptr && is_account(*only) ? only : nullptr;
}

std::string trouble_of(const json::object& account) {
    std::string words = error_text(account);
    const std::string details = text_or_number(account, "errorDetails");
    if (!words.empty() && !details.empty()) words += ": " + details;
    if (words.empty()) return {};
    // It goes into logs.
    return "useapi.net says of the account: " + header_text(bounded_utf8(words, words_bytes_max));
}

bool read_account(const Reply& reply, const Answer& answer, AccountSight& sight) {
    const json::object* const account = account_in(answer.fields());
    if (account == nullptr) return false;
    sight.broken = trouble_of(*account);
    if (const json::object* const jwt = object_member(*account, "jwt"))
        sight.login_until = seconds_member(*jwt, "exp");
    const auto now = replied_at(reply);
    if (sight.broken.empty() && sight.login_until && now && *sight.login_until <= *now)
        sight.broken = "its login at Hailuo ended at " + format_rfc3339(*sight.login_until);
    limit(sight, "video", *account, "maxJobs");
    for (const Access& access : accesses) {
        const json::value* const has = account->if_contains(access.flag);
        if (has == nullptr || *has != false) continue;
        for (const std::string_view slot_class : access.slot_classes)
            if (!slot_class.empty()) limit(sight, slot_class, 0);
    }
    return true;
}

bool read_features(const Answer& answer, AccountSight& sight) {
    if (!answer.json.is_object() || !error_text(answer.fields()).empty()) return false;
    limit(sight, "video", answer.fields(), "queueLength");
    limit(sight, "image", answer.fields(), "imageQueueLength");
    return true;
}

}  // namespace

std::vector<Call> account_looks() {
    return {query("/accounts/{account}"), query("/features/?account={account}")};
}

bool read_account_look(std::size_t n, const Reply& reply, AccountSight& sight) {
    const Answer answer = read_answer(reply);
    if (succeeded(reply, answer))
        return n == 0 ? read_account(reply, answer, sight) : read_features(answer, sight);
    if (reply.status != 404 || !answer.readable) return false;
    // An account without a plan that could be told has no limits of it.
    if (n == 0) sight.broken = "useapi.net has no such account";
    return true;
}

}  // namespace genspool::proto::useapi
