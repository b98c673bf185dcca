#include "tests/daemon/rehearsed.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "proto/minimax/provider.hpp"

namespace genspool::tests {
namespace {

using daemon::ExpectedTimes;

daemon::RehearsalReport rehearse(const std::string& lines, const std::string& account,
                                 std::vector<const ExpectedTimes*> times,
                                 const Rehearsed& options) {
    const daemon::Config config = config_with(account);
    const daemon::Admission admission(registry_here(), config);
    std::istringstream in(lines);
    daemon::BatchFile file({in, options.directory, admission, "uid:1000",
                            config.limits.line_bytes_max, options.start});
    daemon::Rehearsal rehearsal(config, registry_here(),
                                {std::move(times), options.start, options.seed, options.budget});
    for (auto some = file.next(); !some.empty(); some = file.next())
        rehearsal.add(std::move(some));
    rehearsal.run();
    return rehearsal.report();
}

}  // namespace

const proto::Registry& registry_here() {
    static const proto::Registry registry({&proto::minimax_provider()});
    return registry;
}

daemon::Config config_with(const std::string& account) {
    daemon::ConfigSources sources;
    sources.registry = &registry_here();
    sources.environment = {{"HOME", "/home/ann"}};
    sources.keys = false;
    const auto read = daemon::parse_config(
        "[[account]]\nname = \"main\"\nprovider = \"minimax\"\n"
        "api_key_file = \"/nowhere/main.key\"\n" +
            account,
        "test.toml", sources);
    if (const auto* const errors = std::get_if<std::vector<daemon::ConfigError>>(&read))
        FAIL(errors->front().text());
    return std::get<daemon::Config>(read);
}

daemon::RehearsalReport rehearsed(const std::string& lines, const std::string& account,
                                  const std::vector<std::string>& times, const Rehearsed& options) {
    const auto given = daemon::given_times(times, registry_here());
    REQUIRE(given.has_value());
    const daemon::TimesTable assumed = daemon::assumed_times(registry_here());
    return rehearse(lines, account, {&*given, &assumed}, options);
}

daemon::RehearsalReport rehearsed_by(const std::string& lines, const std::string& account,
                                     const ExpectedTimes& times, const Rehearsed& options) {
    return rehearse(lines, account, {&times}, options);
}

}  // namespace genspool::tests
