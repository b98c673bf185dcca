#include "daemon/doctor/run.hpp"

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <chrono>
#include <exception>
#include <ostream>
#include <utility>

#include "daemon/doctor/look_at.hpp"
#include "daemon/doctor/look_upstream.hpp"
#include "daemon/setup.hpp"
#include "proto/catalog/catalog.hpp"
#include "proto/json_writer.hpp"
#include "workers/http_client.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;

namespace {

constexpr const char* system_config = "/etc/genspool/genspool.toml";

/// Findings as they come: whoever waits for an upstream sees what is known already.
class Report {
public:
    explicit Report(std::ostream& out) : out_(out) {}

    void add(const Findings& findings) {
        for (const Finding& finding : findings) {
            out_ << finding_text(finding) << std::endl;
            troubled_ = troubled_ || finding.gravity == Gravity::problem;
        }
    }
    /// Where the daemon listens: no finding, but who looks for it wants to know.
    void add_socket(const std::string& socket) {
        std::string line;
        proto::JsonWriter json(line);
        json.begin_object();
        json.text("socket", socket);
        json.end_object();
        out_ << line << std::endl;
    }
    bool troubled() const { return troubled_; }

private:
    std::ostream& out_;
    bool troubled_ = false;
};

proto::Instant wall_now() {
    return std::chrono::floor<proto::Duration>(std::chrono::system_clock::now());
}

std::vector<Place> places(const std::vector<std::string>& urls) {
    std::vector<Place> all;
    for (const std::string& url : urls)
        all.push_back({"another region", url});
    return all;
}

/// An account whose key is tried, and what to type where it is refused.
struct Tried {
    workers::Account account;
    std::string other_key;
};

asio::awaitable<void> look_at_all(UpstreamLook& look, const proto::Registry& registry,
                                  std::vector<Tried> all, Report& report) {
    for (const Tried& tried : all) {
        const proto::Provider* const provider = registry.provider(tried.account.provider);
        if (provider == nullptr || provider->resources() == nullptr) continue;
        const Findings findings = co_await look.look(*provider, tried.account, tried.other_key);
        report.add(findings);
    }
}

void look_upstream(const Config& config, const proto::Registry& registry,
                   const std::vector<std::string>& regions, Report& report) {
    std::vector<Tried> all;
    const auto configured = accounts_of(config);
    for (const AccountConfig& account : config.accounts) {
        const workers::Account* const known = configured->find(account.name);
        if (known != nullptr && !known->key.empty())
            all.push_back({*known, put_other_key(account, config)});
    }
    asio::io_context io(1);
    workers::HttpClient http(io.get_executor(), {});
    UpstreamLook look(http, wall_now, places(regions));
    std::exception_ptr failure;
    asio::co_spawn(io, look_at_all(look, registry, std::move(all), report),
                   [&failure](std::exception_ptr error) { failure = std::move(error); });
    io.run();
    if (failure) std::rethrow_exception(failure);
}

/// What is closed to us is no reason to speak of defaults.
bool is_closed_to_us(const std::string& config_file) {
    return config_file.empty() && ::access(system_config, R_OK) != 0 && errno == EACCES;
}

void examine(const RunDoctor& wanted, Report& report) {
    if (is_closed_to_us(wanted.config_file)) {
        report.add(look_at_config(
            std::vector<ConfigError>{{system_config, 0, "", "cannot be read: Permission denied"}}));
        return;
    }
    const proto::Registry& registry = proto::catalog();
    const ConfigSources sources = ConfigSources::of_process(registry);
    ConfigSources keyless = sources;
    keyless.keys = false;  // of a key that is missing we say more ourselves
    ConfigResult read = read_config(wanted.config_file, keyless);
    report.add(look_at_config(read));
    auto* const config = std::get_if<Config>(&read);
    if (config == nullptr) return;
    report.add_socket(config->daemon.socket);
    report.add(look_at_bounds(*config));
    for (AccountConfig& account : config->accounts) {
        account.api_key = Secret();
        report.add(look_at_key(account, *config, sources));
    }
    report.add(look_at_state(*config));
    look_upstream(*config, registry, wanted.regions, report);
}

}  // namespace

ExitCode run_doctor(const RunDoctor& wanted, std::ostream& out, std::ostream& err) {
    protect_process();
    Report report(out);
    try {
        examine(wanted, report);
        if (out) return report.troubled() ? ExitCode::failed : ExitCode::ok;
        err << "genspool: the answer cannot be written\n";
    } catch (const std::exception& error) {
        err << "genspool: " << error.what() << '\n';
    }
    return ExitCode::failed;
}

}  // namespace genspool::daemon
