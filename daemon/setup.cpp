#include "daemon/setup.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "workers/digest.hpp"

namespace genspool::daemon {
namespace {

/// Room enough to write down what thousands of tasks became.
constexpr std::uint64_t ballast_bytes_max = 64U << 20U;

queue::QueueOptions::Op op_of(const Config& config, const proto::OpInfo& info) {
    queue::QueueOptions::Op op;
    op.name = info.name;
    op.slot_class = info.slot_class;
    op.kind = info.kind;
    const auto patience = config.patience.find(op.name);
    op.patience = patience == config.patience.end() ? info.patience : patience->second;
    op.unknown_window = info.unknown_window;
    op.has_tasks = !info.reply_is_artifact;
    op.several_tasks = info.several_tasks;
    // A reply that is the artifact itself is spooled whole; others only name a task or links.
    if (info.reply_is_artifact) op.reply_bytes_max = info.reply_room_bytes;
    return op;
}

/// 128 bits, so that two never meet by chance and none is guessed: they say nothing of what they
/// are made from to whoever does not know the secret.
std::string salted_hash(std::string_view secret, std::string_view provider, std::string_view text) {
    constexpr std::size_t digits = 32;
    workers::Sha256 digest;
    digest.update(secret);
    digest.update(provider);
    digest.update(std::string_view("\0", 1));
    digest.update(text);
    return digest.hex().substr(0, digits);
}

}  // namespace

queue::QueueOptions queue_options(const Config& config, const proto::Registry& registry) {
    queue::QueueOptions options;
    options.retry_base = config.retry.base;
    options.retry_cap = config.retry.cap;
    options.fetch_patience = config.fetch.patience;
    options.jobs_max = config.limits.queue_jobs_max;
    options.ballast_bytes = std::min(ballast_bytes_max, config.disk.reserve_bytes / 16);
    options.retain_jobs = config.retention.jobs;
    options.retain_jobs_max = config.retention.jobs_max;
    options.retain_events = config.retention.events;
    options.retain_idempotency = config.retention.idempotency;
    options.retain_blobs = config.retention.blobs;
    for (const proto::Provider* provider : registry.providers()) {
        for (const proto::Codec* codec : provider->codecs())
            options.ops.push_back(op_of(config, codec->info()));
    }
    return options;
}

queue::Configure queue_setup(const Config& config, std::string_view salt) {
    queue::Configure configure;
    configure.day_budget = config.budget.day;
    for (const AccountConfig& account : config.accounts) {
        queue::AccountSetup setup;
        setup.name = account.name;
        setup.provider = account.provider;
        setup.key_group = salted_hash(salt, account.provider, account.api_key.reveal());
        if (account.key_has_accounts) setup.key_group += "/" + account.upstream_account;
        setup.slots = account.slots;
        setup.slots_wished = account.slots_wished;
        setup.rpm = account.rpm;
        setup.weight = account.weight;
        setup.unit = account.unit;
        setup.day_budget = account.day_budget;
        setup.kinds = account.kinds;
        configure.accounts.push_back(std::move(setup));
    }
    return configure;
}

std::shared_ptr<const workers::Accounts> accounts_of(const Config& config,
                                                     std::string_view callback_secret) {
    std::map<std::string, workers::Account, std::less<>> accounts;
    for (const AccountConfig& given : config.accounts) {
        workers::Account account;
        account.name = given.name;
        account.provider = given.provider;
        account.base_url = given.base_url;
        account.key = given.api_key.reveal();
        account.upstream_account = given.upstream_account;
        account.poll.min = given.poll_min;
        account.poll.max = given.poll_max;
        if (!callback_secret.empty()) {
            account.callback_secret = salted_hash(callback_secret, given.provider, given.name);
            account.callback_url = config.callbacks.url + "/" + account.callback_secret;
        }
        accounts.emplace(given.name, std::move(account));
    }
    return std::make_shared<const workers::Accounts>(std::move(accounts));
}

InboxOptions inbox_options(const Config& config) {
    InboxOptions options;
    options.state_dir = config.daemon.state_dir;
    options.dir = config.inbox.dir;
    options.settle = config.inbox.settle;
    options.dedupe_content = config.inbox.dedupe_content;
    options.limits.piece_bytes_max = config.limits.line_bytes_max;
    options.limits.input_bytes_max = config.limits.body_bytes_max;
    options.limits.input_settle = config.inbox.settle;
    options.speech = config.inbox.speech;
    return options;
}

ResultsOptions results_options(const StateDirectory& state) {
    ResultsOptions options;
    options.dir = state.results();
    options.artifact_root = state.artifacts();
    return options;
}

workers::EngineOptions engine_options(const Config& config) {
    workers::EngineOptions options;
    options.disk_reserve_bytes = config.disk.reserve_bytes;
    options.public_download_hosts_only = !config.fetch.private_hosts;
    return options;
}

}  // namespace genspool::daemon
