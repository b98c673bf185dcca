// daemon/config: the configuration file.

#include "daemon/config.hpp"

#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/registry.hpp"

namespace genspool::fuzz {
namespace {

constexpr std::string_view key = "a-key-of-no-account";

bool tells_key(std::string_view text) {
    return text.find(key) != std::string_view::npos;
}

}  // namespace

void fuzz_one(std::string_view input) {
    daemon::ConfigSources sources;
    sources.registry = &registry();
    sources.environment = {{"HOME", "/nonexistent"},
                           {"KEY", std::string(key)},
                           {"SECRET", "whsec_" + std::string(32, 'A')}};
    const daemon::ConfigResult result = daemon::parse_config(input, "fuzz.toml", sources);
    if (const auto* errors = std::get_if<std::vector<daemon::ConfigError>>(&result)) {
        must(!errors->empty(), "a refused configuration has an error");
        for (const daemon::ConfigError& error : *errors) {
            must(!error.message.empty(), "an error says what is wrong");
            must(!tells_key(error.text()) || tells_key(input), "no key in an error");
        }
        return;
    }
    const auto& config = std::get<daemon::Config>(result);
    must(!config.daemon.state_dir.empty(), "there is a state directory");
    must(config.retry.base <= config.retry.cap, "a backoff within its cap");
}

}  // namespace genspool::fuzz
