#include <boost/json.hpp>
#include <string>

#include "daemon/config.hpp"

namespace genspool::daemon {
namespace {

/// A TOML basic string.
std::string quoted(std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte == 0x7f) {
            out += "\\u00";
            out += hex[byte >> 4U];
            out += hex[byte & 15U];
        } else {
            out += c;
        }
    }
    return out + "\"";
}

std::string span(proto::Duration value) {
    return "\"" + proto::format_duration(value) + "\"";
}

/// A value that came from TOML, as it may stand there again.
std::string as_toml(const boost::json::value& value) {
    std::string out;
    if (const boost::json::object* const members = value.if_object()) {
        for (const auto& member : *members)
            out += (out.empty() ? "{ " : ", ") + quoted(member.key()) + " = " +
                   as_toml(member.value());
        return out.empty() ? "{}" : out + " }";
    }
    if (const boost::json::array* const items = value.if_array()) {
        for (const boost::json::value& item : *items)
            out += (out.empty() ? "" : ", ") + as_toml(item);
        return "[" + out + "]";
    }
    return value.is_string() ? quoted(value.get_string()) : boost::json::serialize(value);
}

/// Writes "key = value" lines under table heads.
class Page {
public:
    void table(std::string_view head) { out_ += "\n[" + std::string(head) + "]\n"; }
    void row(std::string_view list) { out_ += "\n[[" + std::string(list) + "]]\n"; }
    void comment(std::string_view text) { out_ += "# " + std::string(text) + "\n"; }
    void line(std::string_view key, std::string_view value) {
        out_.append(key).append(" = ").append(value).append("\n");
    }
    void text(std::string_view key, std::string_view value) { line(key, quoted(value)); }
    void optional_text(std::string_view key, std::string_view value) {
        if (value.empty()) {
            comment(std::string(key) + " is not set");
        } else {
            text(key, value);
        }
    }
    void number(std::string_view key, std::uint64_t value) { line(key, std::to_string(value)); }
    void duration(std::string_view key, proto::Duration value) { line(key, span(value)); }
    std::string take() { return std::move(out_); }

private:
    std::string out_;
};

std::string by_class(const std::map<std::string, std::uint32_t>& values) {
    std::string out;
    for (const auto& [name, value] : values)
        out += (out.empty() ? "{ " : ", ") + quoted(name) + " = " + std::to_string(value);
    return out.empty() ? "{}" : out + " }";
}

std::string listed(const std::vector<std::string>& texts) {
    std::string out;
    for (const std::string& text : texts)
        out += (out.empty() ? "[" : ", ") + quoted(text);
    return out + "]";
}

void show_account(Page& page, const AccountConfig& account) {
    page.row("account");
    page.text("name", account.name);
    page.text("provider", account.provider);
    page.text("base_url", account.base_url);
    page.text(account.api_key_setting, account.api_key_from);
    page.comment("the key itself is not shown");
    if (!account.upstream_account.empty()) page.text("upstream_account", account.upstream_account);
    page.line("slots", by_class(account.slots));
    page.line("rpm", by_class(account.rpm));
    if (account.poll_min || account.poll_max) {
        std::string poll;
        if (account.poll_min) poll += "min = " + span(*account.poll_min);
        if (account.poll_max)
            poll += (poll.empty() ? "max = " : ", max = ") + span(*account.poll_max);
        page.line("poll", "{ " + poll + " }");
    }
    page.number("weight", account.weight);
    if (account.day_budget) {
        page.line("budget", "{ day = " + quoted(proto::format_micros(*account.day_budget)) + " }");
    }
    if (account.kinds.empty()) return;
    std::vector<std::string> kinds;
    for (const proto::Kind kind : account.kinds)
        kinds.emplace_back(proto::to_string(kind));
    page.line("kinds", listed(kinds));
}

void show_prices(Page& page, const Config& config) {
    page.table("prices");
    for (const auto& [key, price] : config.prices) {
        std::string value = "{ " + std::string(proto::to_string(price.amount.unit)) + " = " +
                            quoted(proto::format_micros(price.amount.amount));
        if (price.per != 0) value += ", per = " + std::to_string(price.per);
        page.line(quoted(key), value + " }");
    }
}

void show_budget(Page& page, const Config::Budget& budget) {
    if (budget.day.empty()) {
        page.comment("no [budget]: a day may cost what it will");
        return;
    }
    std::string day;
    for (const auto& [unit, limit] : budget.day)
        day += (day.empty() ? "{ " : ", ") + std::string(proto::to_string(unit)) + " = " +
               quoted(proto::format_micros(limit));
    page.table("budget");
    page.line("day", day + " }");
}

void show_http(Page& page, const Config::Http& http) {
    if (http.listen.empty()) {
        page.comment("no [http]: the API is on the unix socket only");
        return;
    }
    page.table("http");
    page.text("listen", http.listen);
    page.text("token_file", http.token_file);
    page.optional_text("tls_cert", http.tls_cert);
    page.optional_text("tls_key", http.tls_key);
    if (!http.hosts.empty()) page.line("hosts", listed(http.hosts));
    page.optional_text("url", http.url);
}

void show_callbacks(Page& page, const Config::Callbacks& callbacks) {
    if (callbacks.listen.empty()) {
        page.comment("no [callbacks]: upstreams are only asked");
        return;
    }
    page.table("callbacks");
    page.text("listen", callbacks.listen);
    page.text("url", callbacks.url);
    page.comment("the secret end of the url is not shown");
}

void show_inbox(Page& page, const Config& config) {
    page.table("inbox");
    page.line("enabled", config.inbox.enabled ? "true" : "false");
    page.text("dir",
              config.inbox.dir.empty() ? config.daemon.state_dir + "/inbox" : config.inbox.dir);
    page.duration("settle", config.inbox.settle);
    page.text("dedupe", config.inbox.dedupe_content ? "content" : "none");
    if (config.inbox.speech.empty()) {
        page.comment("speech is not set: no *.txt is taken");
    } else {
        page.line("speech", as_toml(config.inbox.speech));
    }
}

std::vector<std::string> words_of(const std::set<proto::State>& states) {
    std::vector<std::string> words;
    for (const proto::State state : states)
        words.emplace_back(proto::to_string(state));
    return words;
}

void show_hooks(Page& page, const Config::Hooks& hooks) {
    page.table("hooks");
    if (hooks.secret_setting.empty()) {
        page.comment("no secret_file: jobs may not name a webhook");
    } else {
        page.text(hooks.secret_setting, hooks.secret_from);
        page.comment("the secrets themselves are not shown");
    }
    page.line("private_hosts", hooks.private_hosts ? "true" : "false");
    for (const HookConfig& hook : hooks.list) {
        page.row("hook");
        page.text("name", hook.name);
        if (!hook.url.empty()) page.text("url", hook.url);
        if (!hook.otlp.empty()) page.text("otlp", hook.otlp);
        if (!hook.command.empty()) page.line("command", listed(hook.command));
        if (hook.otlp.empty()) page.line("events", listed(words_of(hook.tells)));
        if (!hook.secret_setting.empty()) page.text(hook.secret_setting, hook.secret_from);
        page.duration("timeout", hook.timeout);
    }
}

}  // namespace

std::string show_config(const Config& config) {
    Page page;
    page.comment("The effective configuration" + (config.file.empty()
                                                      ? std::string(": defaults, no file was read")
                                                      : " of " + config.file));
    page.table("daemon");
    page.text("state_dir", config.daemon.state_dir);
    page.text("socket", config.daemon.socket);
    page.optional_text("admin_group", config.daemon.admin_group);
    page.duration("drain", config.daemon.drain);
    show_http(page, config.http);
    show_callbacks(page, config.callbacks);
    page.table("defaults");
    page.optional_text("provider", config.defaults.provider);
    page.table("retry");
    page.duration("base", config.retry.base);
    page.duration("cap", config.retry.cap);
    page.number("max_attempts", config.retry.max_attempts);
    show_budget(page, config.budget);
    show_inbox(page, config);
    page.table("retention");
    page.duration("jobs", config.retention.jobs);
    page.number("jobs_max", config.retention.jobs_max);
    page.duration("events", config.retention.events);
    page.duration("idempotency", config.retention.idempotency);
    page.duration("blobs", config.retention.blobs);
    page.text("artifacts", "keep");
    page.table("patience");
    for (const auto& [op, patience] : config.patience)
        page.duration(quoted(op), patience);
    page.table("fetch");
    page.duration("patience", config.fetch.patience);
    page.line("private_hosts", config.fetch.private_hosts ? "true" : "false");
    show_hooks(page, config.hooks);
    page.table("disk");
    page.number("reserve", config.disk.reserve_bytes);
    page.table("limits");
    page.number("queue_jobs_max", config.limits.queue_jobs_max);
    page.number("body_bytes_max", config.limits.body_bytes_max);
    page.number("line_bytes_max", config.limits.line_bytes_max);
    page.number("connections_max", config.limits.connections_max);
    page.number("held_bytes_max", config.limits.held_bytes_max);
    show_prices(page, config);
    for (const AccountConfig& account : config.accounts)
        show_account(page, account);
    return page.take();
}

}  // namespace genspool::daemon
