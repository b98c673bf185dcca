#include "daemon/admission.hpp"

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "daemon/config.hpp"
#include "proto/batch_line.hpp"
#include "proto/idempotency_key.hpp"
#include "proto/price.hpp"
#include "proto/utf8.hpp"
#include "workers/digest.hpp"

namespace genspool::daemon {
namespace {

constexpr std::size_t scope_bytes = 16;
constexpr std::size_t refused_field_bytes_max = 256;
constexpr std::size_t refused_message_bytes_max = 1'024;

std::vector<proto::PriceOverride> overrides_of(const Config& config) {
    std::vector<proto::PriceOverride> overrides;
    for (const auto& [key, price] : config.prices)
        overrides.push_back({key, price.amount, price.per});
    return overrides;
}

std::vector<proto::AccountName> names_of(const Config& config) {
    std::vector<proto::AccountName> names;
    for (const AccountConfig& account : config.accounts)
        names.push_back({account.name, account.provider, account.kinds});
    return names;
}

std::string digest_of(std::string_view text) {
    workers::Sha256 digest;
    digest.update(text);
    const auto bytes = digest.bytes();
    return {bytes.begin(), bytes.end()};
}

/// A refusal quotes what was sent, however long; and a batch keeps one for each of its lines.
proto::Refused bounded(const proto::Refused& refused) {
    return {refused.code, proto::bounded_utf8(refused.field, refused_field_bytes_max),
            proto::bounded_utf8(refused.message, refused_message_bytes_max)};
}

}  // namespace

struct Admission::Rules {
    Rules(const proto::Registry& given_registry, const Config& config)
        : registry(given_registry),
          prices(given_registry, overrides_of(config)),
          default_provider(config.defaults.provider),
          max_attempts(config.retry.max_attempts),
          accounts(names_of(config)),
          webhooks(!config.hooks.secrets.empty()) {}

    const proto::Registry& registry;
    proto::PriceTable prices;
    std::string default_provider;
    std::uint32_t max_attempts;
    std::vector<proto::AccountName> accounts;
    bool webhooks;
};

Admission::Admission(const proto::Registry& registry, const Config& config)
    : registry_(registry), rules_(std::make_unique<Rules>(registry, config)) {}

Admission::~Admission() = default;

void Admission::configure(const Config& config) {
    rules_ = std::make_unique<Rules>(registry_, config);
}

proto::Result<queue::AdmitOne> Admission::line(std::string_view text, std::string principal,
                                               proto::Instant now) const {
    return admit(text, std::move(principal), {}, now);
}

proto::Result<queue::AdmitOne> Admission::job(std::string_view text, std::string principal,
                                              std::string_view idempotency_key,
                                              proto::Instant now) const {
    if (!proto::is_idempotency_key(idempotency_key))
        return proto::Refused{"invalid", "Idempotency-Key",
                              "Idempotency-Key " + std::string(proto::idempotency_key_rule)};
    return admit(text, std::move(principal), idempotency_key, now);
}

proto::Result<queue::AdmitOne> Admission::admit(std::string_view text, std::string principal,
                                                std::string_view header_key,
                                                proto::Instant now) const {
    const proto::AdmissionContext context{rules_->registry,
                                          rules_->prices,
                                          rules_->default_provider,
                                          rules_->max_attempts,
                                          rules_->accounts,
                                          now,
                                          principal,
                                          !header_key.empty(),
                                          rules_->webhooks};
    auto parsed = proto::parse_line(text, context);
    if (!parsed) return bounded(parsed.error());
    if (!header_key.empty() && !parsed->idempotency_key.empty() &&
        parsed->idempotency_key != header_key) {
        return proto::Refused{"invalid", "idempotency_key",
                              "idempotency_key differs from the header Idempotency-Key"};
    }
    const std::string_view key =
        header_key.empty() ? std::string_view(parsed->idempotency_key) : header_key;
    queue::AdmitOne job;
    job.spec = std::move(parsed->spec);
    job.spec.principal = std::move(principal);
    job.slot_class = parsed->codec->info().slot_class;
    job.after = std::move(parsed->after);
    job.inputs = std::move(parsed->inputs);
    job.names = std::move(parsed->checked.names);
    job.listed_as = std::move(parsed->checked.listed_as);
    job.timed_as = proto::timed_as(parsed->checked);
    if (!key.empty())
        job.idempotency = idempotency(job.spec.principal, key, digest_of(parsed->canonical));
    return job;
}

queue::Idempotency Admission::idempotency(std::string_view principal, std::string_view key,
                                          std::string fingerprint) {
    std::string scope(principal);
    scope += '\0';
    scope += key;
    return {digest_of(scope).substr(0, scope_bytes), std::move(fingerprint)};
}

}  // namespace genspool::daemon
