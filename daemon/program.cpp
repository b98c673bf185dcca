#include "daemon/program.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/system/system_error.hpp>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "daemon/log.hpp"
#include "daemon/service_manager.hpp"
#include "daemon/stop_signals.hpp"
#include "proto/build.hpp"
#include "proto/catalog/catalog.hpp"
#include "queue/rocksdb_store.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;

namespace {

void say_what_is_missing(const Config& config) {
    log(Level::info, "starting",
        {{"version", std::string(proto::build().version)},
         {"config", config.file.empty() ? "none" : config.file},
         {"state_dir", config.daemon.state_dir},
         {"socket", config.daemon.socket}});
    for (const AccountConfig& account : config.accounts) {
        hide_in_logs(account.api_key);
        log(Level::info, "account", {{"account", account.name}, {"provider", account.provider}});
    }
    if (!config.accounts.empty()) return;
    log(Level::warn, "no_account",
        {{"effect", "jobs are taken and kept, nothing is bought"},
         {"missing", "an [[account]] in the configuration, see genspoold --help"}});
}

/// Of one that is wrong it is told what, and the one before stays. So it does whatever else is in
/// the way: nothing a person asks for here is worth the paid requests on the wire.
asio::awaitable<void> reload(Daemon& daemon, const ProgramOptions& options,
                             const proto::Registry& registry) {
    service_manager::reloading();
    std::vector<std::string> refused;
    try {
        const ConfigResult result =
            read_config(options.config_file, ConfigSources::of_process(registry));
        if (const auto* const errors = std::get_if<std::vector<ConfigError>>(&result)) {
            for (const ConfigError& error : *errors)
                refused.push_back(error.text());
        } else {
            const Config& config = std::get<Config>(result);
            for (const AccountConfig& account : config.accounts)
                hide_in_logs(account.api_key);
            co_await daemon.reload(config);
        }
    } catch (const std::exception& error) {
        refused.emplace_back(error.what());
    }
    for (const std::string& why : refused)
        log(Level::error, "reload_failed", {{"error", why}, {"effect", "all stays as it was"}});
    if (!refused.empty()) co_await daemon.reload_refused(refused.front());
    service_manager::ready();
}

/// The signals' side of the daemon's life: start, wait to be told to stop, stop.
asio::awaitable<void> live(Daemon& daemon, StopSignals& signals, const Config& config,
                           const ProgramOptions& options, const proto::Registry& registry) {
    co_await daemon.start();
    log(Level::info, "ready", {});
    service_manager::ready();
    StopSignals::Wish wish = co_await signals.next();
    while (wish == StopSignals::Wish::reload) {
        co_await reload(daemon, options, registry);
        wish = co_await signals.next();
    }
    log(Level::info, "stopping", {{"drain", proto::format_duration(config.daemon.drain)}});
    service_manager::stopping();
    // Armed before the stop begins: a second signal does not wait.
    std::function<void()> hurry = [&daemon] { daemon.cut_short(); };
    signals.hurry_with(std::move(hurry));
    co_await daemon.stop();
    signals.end();
    log(Level::info, "stopped", {});
}

/// The parts are at work already and there is no orderly way out; the disk is in order at any time.
[[noreturn]] void end_half_started(const std::exception_ptr& failure) {
    std::string why = "unknown";
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& error) {
        why = error.what();
    }
    log(Level::error, "failed", {{"error", why}});
    std::_Exit(static_cast<int>(ExitCode::failed));
}

ExitCode run_daemon(const Config& config, const ProgramOptions& options,
                    const proto::Registry& registry) {
    const auto admins = AdminGroup::find(config.daemon.admin_group);
    if (!admins) {
        log(Level::error, "bad_config",
            {{"error", "daemon.admin_group: there is no group " + config.daemon.admin_group}});
        return ExitCode::bad_config;
    }
    asio::io_context io(1);
    StopSignals signals(io.get_executor());
    Daemon daemon(io, config, registry, *admins);
    std::exception_ptr failure;
    auto ended = [&failure, &io](std::exception_ptr error) {
        failure = std::move(error);
        if (failure) io.stop();
    };
    asio::co_spawn(io, live(daemon, signals, config, options, registry), ended);
    io.run();
    if (failure) end_half_started(failure);
    return ExitCode::ok;
}

ExitCode run_configured(const ProgramOptions& options) {
    const proto::Registry& registry = proto::catalog();
    const ConfigResult result =
        read_config(options.config_file, ConfigSources::of_process(registry));
    if (const auto* const errors = std::get_if<std::vector<ConfigError>>(&result)) {
        for (const ConfigError& error : *errors)
            std::cerr << "genspoold: " << error.text() << "\n";
        return ExitCode::bad_config;
    }
    const Config& config = std::get<Config>(result);
    if (options.check_config) {
        std::cout << show_config(config);
        return ExitCode::ok;
    }
    say_what_is_missing(config);
    return run_daemon(config, options, registry);
}

}  // namespace

void protect_process() {
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    // The limit does not bind a core handler that the kernel pipes to; this does, and it keeps the
    // user's other processes from reading this one's memory.
    ::prctl(PR_SET_DUMPABLE, 0);
    ::umask(0027);
    std::signal(SIGPIPE, SIG_IGN);
    // Whoever starts us may ignore it, and then nobody learns how a command has ended.
    std::signal(SIGCHLD, SIG_DFL);
}

ExitCode run_program(const ProgramOptions& options) {
    protect_process();
    start_log(options.verbose ? Level::debug : Level::info);
    std::string why;
    ExitCode code = ExitCode::failed;
    try {
        return run_configured(options);
    } catch (const queue::FormatTooNew& error) {
        code = ExitCode::bad_config;
        why = error.what();
    } catch (const queue::StoreFailed& error) {
        code = ExitCode::store_failed;
        why = error.what();
    } catch (const std::exception& error) {
        why = error.what();
    }
    log(Level::error, "failed", {{"error", why}});
    return code;
}

}  // namespace genspool::daemon
