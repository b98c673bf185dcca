#include "proto/useapi/provider.hpp"

#include <algorithm>
#include <array>

#include "proto/upstream_text.hpp"
#include "proto/useapi/account_sight.hpp"
#include "proto/useapi/agent.hpp"
#include "proto/useapi/callback.hpp"
#include "proto/useapi/decommissioned.hpp"
#include "proto/useapi/files.hpp"
#include "proto/useapi/form_field.hpp"
#include "proto/useapi/image.hpp"
#include "proto/useapi/music.hpp"
#include "proto/useapi/prices.hpp"
#include "proto/useapi/resources.hpp"
#include "proto/useapi/speech.hpp"
#include "proto/useapi/targets.hpp"
#include "proto/useapi/video.hpp"
#include "proto/useapi/video_template.hpp"

namespace genspool::proto::useapi {
namespace {

// Until an account's plan tells. No rate is published; the site says when it has enough.
constexpr std::array slot_table{SlotClass{"agent", 2}, SlotClass{"image", 5}, SlotClass{"music", 1},
                                SlotClass{"speech", 3}, SlotClass{"video", 3}};

bool is_paid(const Call& call) {
    return call.method == "POST" && std::ranges::find(useapi::paid_paths, call.target,
                                                      &PaidPath::path) != useapi::paid_paths.end();
}

/// Puts the account in its place; without one the parameter it stands in goes.
void fill_account(std::string& target, std::string_view account) {
    const std::size_t at = target.find(account_marker);
    if (at == std::string::npos) return;
    if (!account.empty()) {
        target.replace(at, account_marker.size(), encoded(account));
        return;
    }
    const std::size_t end = at + account_marker.size();
    const std::size_t begin = target.find_last_of("?&/", at);
    if (target[begin] == '/') {
        target.erase(begin);  // all of them, in place of one
    } else if (end < target.size() && target[end] == '&') {
        target.erase(begin + 1, end - begin);
    } else {
        target.erase(begin, end - begin);
    }
}

std::string not_offered(Kind kind) {
    switch (kind) {
        case Kind::chat:
        case Kind::chat_batch:
            return tell(*find_decommissioned("POST", "/llm"));
        case Kind::lyrics:
            return "useapi.net writes no lyrics by themselves; a music request without lyrics has "
                   "them written.";
        case Kind::voice_clone:
            return "how useapi.net clones a voice is not documented; provider minimax has "
                   "voice_clone.";
        default:
            return "useapi.net designs no voices; provider minimax has voice_design.";
    }
}

}  // namespace

std::string_view UseapiProvider::name() const {
    return "useapi";
}

std::string_view UseapiProvider::default_base_url() const {
    return "https://api.useapi.net/v1/minimax";
}

Unit UseapiProvider::unit() const {
    return Unit::credits;
}

std::span<const SlotClass> UseapiProvider::slot_classes() const {
    return slot_table;
}

std::span<const Codec* const> UseapiProvider::codecs() const {
    static const std::array<const Codec*, 6> all{&agent(),  &image(), &music(),
                                                 &speech(), &video(), &video_template()};
    return all;
}

std::span<const PaidPath> UseapiProvider::paid_paths() const {
    return useapi::paid_paths;
}

std::span<const Price> UseapiProvider::prices() const {
    return useapi::prices();
}

std::string_view UseapiProvider::prices_as_of() const {
    return "2026-08";
}

std::span<const UsualTime> UseapiProvider::usual_times() const {
    return useapi::usual_times();
}

std::vector<std::pair<std::string, std::string>> UseapiProvider::authorize(
    std::string_view key) const {
    return {{"Authorization", "Bearer " + std::string{key}}, {"Accept", "application/json"}};
}

void UseapiProvider::address(Call& call, std::string_view upstream_account) const {
    fill_account(call.target, upstream_account);
    if (is_paid(call) && !upstream_account.empty()) add_field(call, "account", upstream_account);
}

bool UseapiProvider::key_has_accounts() const {
    return true;
}

void UseapiProvider::add_callback(Call& call, std::string_view url) const {
    add_field(call, "replyUrl", url);
}

void UseapiProvider::add_reference(Call& call, std::string_view reference) const {
    add_field(call, "replyRef", reference);
}

Callback UseapiProvider::read_callback(std::string_view body) const {
    return useapi::read_callback(body);
}

std::vector<Call> UseapiProvider::looks() const {
    return account_looks();
}

bool UseapiProvider::read_look(std::size_t n, const Reply& reply, AccountSight& sight) const {
    return read_account_look(n, reply, sight);
}

Call UseapiProvider::upload(std::string_view, const Input& file, std::string_view bytes) const {
    return upload_call(file, bytes);
}

UploadOutcome UseapiProvider::on_upload(std::string_view purpose, const Reply& reply) const {
    return uploaded(purpose, reply);
}

const Resources* UseapiProvider::resources() const {
    return &useapi::resources();
}

Result<const Codec*> UseapiProvider::choose(Kind kind, const boost::json::object&) const {
    for (const Codec* codec : codecs())
        if (codec->info().kind == kind) return codec;
    return Refused{
        "not_available", "kind",
        std::string{to_string(kind)} + " is not available with useapi: " + not_offered(kind)};
}

}  // namespace genspool::proto::useapi

namespace genspool::proto {

const Provider& useapi_provider() {
    static const useapi::UseapiProvider provider;
    return provider;
}

}  // namespace genspool::proto
