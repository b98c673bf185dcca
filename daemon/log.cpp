#include "daemon/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <vector>

#include "proto/utf8.hpp"

namespace genspool::daemon {
namespace {

/// What the log is made of; one for the process, as stderr is.
struct State {
    std::mutex mutex;
    std::vector<Secret> secrets;
    std::function<void(Level, const std::string&)> sink;
    bool journal = false;
};

State& state() {
    static State the_state;
    return the_state;
}

spdlog::level::level_enum spdlog_level(Level level) {
    switch (level) {
        case Level::debug:
            return spdlog::level::debug;
        case Level::info:
            return spdlog::level::info;
        case Level::warn:
            return spdlog::level::warn;
        case Level::error:
            return spdlog::level::err;
    }
    return spdlog::level::err;
}

/// The journal's own numbers: what stands as "<n>" in front of a line on stderr.
std::string_view journal_prefix(Level level) {
    switch (level) {
        case Level::debug:
            return "<7>";
        case Level::info:
            return "<6>";
        case Level::warn:
            return "<4>";
        case Level::error:
            return "<3>";
    }
    return "<3>";
}

bool is_plain(char c) {
    return c > ' ' && c < '\x7f' && c != '"' && c != '=' && c != '\\';
}

void append_value(std::string& out, std::string_view value) {
    if (!value.empty() && std::ranges::all_of(value, is_plain)) {
        out += value;
        return;
    }
    out += '"';
    for (std::size_t at = 0; at < value.size();) {
        const char c = value[at];
        const std::size_t control = proto::control_length(value.substr(at));
        if (c == '"' || c == '\\') out += '\\';
        // A line break would let a value pretend to be another line, and a terminal that shows the
        // log obeys the rest.
        out += control > 0 ? ' ' : c;
        at += control > 0 ? control : 1;
    }
    out += '"';
}

void blot_out(std::string& line, const std::vector<Secret>& secrets) {
    for (const Secret& secret : secrets) {
        const std::string& key = secret.reveal();
        for (std::size_t at = line.find(key); at != std::string::npos; at = line.find(key, at + 3))
            line.replace(at, key.size(), "***");
    }
}

}  // namespace

void log(Level level, std::string_view event, std::initializer_list<LogField> fields) {
    if (level == Level::debug && !spdlog::should_log(spdlog::level::debug)) return;
    std::string line(event);
    for (const LogField& field : fields) {
        line.append(" ").append(field.key).append("=");
        append_value(line, field.value);
    }
    State& log_state = state();
    const std::lock_guard lock(log_state.mutex);
    blot_out(line, log_state.secrets);
    if (log_state.sink) {
        log_state.sink(level, line);
        return;
    }
    if (log_state.journal) line.insert(0, journal_prefix(level));
    spdlog::log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
}

void start_log(Level lowest) {
    State& log_state = state();
    log_state.journal = std::getenv("JOURNAL_STREAM") != nullptr;
    auto logger = std::make_shared<spdlog::logger>(
        "genspoold", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger->set_pattern(log_state.journal ? "%v" : "%Y-%m-%dT%H:%M:%S.%e %l %v");
    logger->set_level(spdlog_level(lowest));
    logger->flush_on(spdlog::level::debug);
    spdlog::set_default_logger(std::move(logger));
}

void hide_in_logs(const Secret& secret) {
    // A very short text would blot out half of every line; no provider has such keys.
    if (secret.reveal().size() < 8) return;
    State& log_state = state();
    const std::lock_guard lock(log_state.mutex);
    // Each line is searched for all of them, and a reload names them again.
    const bool known =
        std::any_of(log_state.secrets.begin(), log_state.secrets.end(),
                    [&](const Secret& hidden) { return hidden.reveal() == secret.reveal(); });
    if (!known) log_state.secrets.push_back(secret);
}

void set_log_sink(std::function<void(Level, const std::string& line)> sink) {
    State& log_state = state();
    const std::lock_guard lock(log_state.mutex);
    log_state.sink = std::move(sink);
}

}  // namespace genspool::daemon
