#include "daemon/sign_ins.hpp"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "daemon/signature.hpp"
#include "proto/json_writer.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::daemon {
namespace {

constexpr std::size_t signature_bytes = 32;
/// Of more than that the one which ends first anyway is forgotten.
constexpr std::size_t ended_max = 10'000;
const proto::TokenEntry nobody;

std::int64_t seconds_of(proto::Instant at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

std::string random_number() {
    std::uint64_t number = 0;
    if (::getrandom(&number, sizeof number, 0) != sizeof number)
        throw std::runtime_error("the kernel gives no random number");
    return std::to_string(number);
}

/// The value of one cookie in "a=b; c=d".
std::string_view cookie(std::string_view field, std::string_view name) {
    while (!field.empty()) {
        const std::size_t end = std::min(field.find(';'), field.size());
        const std::string_view pair = field.substr(0, end);
        field.remove_prefix(std::min(end + 1, field.size()));
        field.remove_prefix(std::min(field.find_first_not_of(' '), field.size()));
        const std::size_t equals = pair.find('=');
        if (equals != pair.npos && pair.substr(0, equals) == name) return pair.substr(equals + 1);
    }
    return {};
}

/// What stands behind the last dot, which is taken away with it.
std::string_view take_last(std::string_view& text) {
    const std::size_t dot = text.rfind('.');
    if (dot == text.npos) return {};
    const std::string_view last = text.substr(dot + 1);
    text = text.substr(0, dot);
    return last;
}

}  // namespace

SignIns::SignIns(std::string secret, bool secure, Tokens& tokens, const workers::Clock& clock)
    : secret_(std::move(secret)), secure_(secure), tokens_(tokens), clock_(clock) {}

/// Cookies know no ports: two daemons of one machine must not take each other's.
std::string SignIns::cookie_name(std::string_view host) const {
    const std::size_t colon = host.rfind(':');
    const std::size_t bracket = host.rfind(']');
    std::string name = secure_ ? "__Host-genspool" : "genspool";
    if (colon == host.npos || (bracket != host.npos && colon < bracket)) return name;
    return name.append("-").append(host.substr(colon + 1));
}

std::string SignIns::set_cookie(std::string_view host, std::string_view value,
                                proto::Duration life) const {
    std::string text = cookie_name(host);
    text.append("=").append(value).append("; Path=/; Max-Age=");
    text += std::to_string(std::chrono::floor<std::chrono::seconds>(life).count());
    text += "; HttpOnly; SameSite=Strict";
    if (secure_) text += "; Secure";
    return text;
}

std::string SignIns::signature_of(std::string_view text, const proto::TokenEntry& token) const {
    std::string all = "sign-in ";
    all.append(token.sha256).append(" ").append(text);
    return signature(secret_, all, signature_bytes);
}

std::optional<std::string> SignIns::begin(std::string_view token, std::string_view host) {
    const proto::TokenEntry* const entry = tokens_.entry_of(token);
    if (entry == nullptr) return std::nullopt;
    std::string value = entry->name;
    value.append(".").append(std::to_string(seconds_of(clock_.now() + sign_in_life)));
    value.append(".").append(random_number());
    const std::string signed_by = signature_of(value, *entry);
    value.append(".").append(signed_by);
    return set_cookie(host, value, sign_in_life);
}

std::optional<SignIns::Read> SignIns::read(const Request& request) {
    const std::string& field = request.field(Field::cookie);
    if (field.empty()) return std::nullopt;
    const std::string_view value = cookie(field, cookie_name(request.field(Field::host)));
    std::string_view rest = value;
    const std::string_view said = take_last(rest);
    const std::string_view text = rest;
    take_last(rest);
    const auto expires = proto::whole_number(take_last(rest));
    const proto::TokenEntry* const entry = tokens_.named(rest);
    // Nobody's is compared as well: the time does not tell which names there are.
    const proto::TokenEntry& token = entry == nullptr ? nobody : *entry;
    const bool right = same_secret(said, signature_of(text, token));
    if (!right || !expires || entry == nullptr) return std::nullopt;
    Read read;
    read.text = value;
    read.sign_in.caller = caller_of(token);
    read.sign_in.expires =
        proto::Instant{std::chrono::seconds{static_cast<std::int64_t>(*expires)}};
    if (read.sign_in.expires <= clock_.now() || ended_.contains(read.text)) return std::nullopt;
    return read;
}

std::optional<SignIns::SignIn> SignIns::find(const Request& request) {
    auto found = read(request);
    if (!found) return std::nullopt;
    return std::move(found->sign_in);
}

std::string SignIns::end(const Request& request) {
    forget_expired();
    if (auto found = read(request)) ended_.emplace(std::move(found->text), found->sign_in.expires);
    return set_cookie(request.field(Field::host), "", proto::Duration(0));
}

void SignIns::forget_expired() {
    const proto::Instant now = clock_.now();
    std::erase_if(ended_, [now](const auto& each) { return each.second <= now; });
    if (ended_.size() < ended_max) return;
    ended_.erase(
        std::ranges::min_element(ended_, {}, [](const auto& each) { return each.second; }));
}

Reply session_reply(const Caller& caller, std::optional<proto::Instant> expires) {
    Reply reply(200);
    proto::JsonWriter json(reply.body);
    json.begin_object();
    json.text_or_null("principal", caller.principal);
    json.flag("admin", caller.admin);
    json.moment("expires_at", expires);
    json.end_object();
    reply.headers.emplace_back("Cache-Control", "no-store");
    return reply;
}

std::string_view bearer_token(const Request& request) {
    constexpr std::string_view scheme = "bearer ";
    std::string_view field = request.field(Field::authorization);
    if (field.size() <= scheme.size()) return {};
    for (std::size_t i = 0; i < scheme.size(); ++i) {
        const char c = field[i];
        if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != scheme[i]) return {};
    }
    field.remove_prefix(scheme.size());
    field.remove_prefix(std::min(field.find_first_not_of(' '), field.size()));
    return field;
}

}  // namespace genspool::daemon
