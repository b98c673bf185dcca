#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "daemon/config.hpp"
#include "proto/minimax/provider.hpp"
#include "tests/daemon/token_file.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/throwaway_certificates.hpp"

using namespace genspool;
using namespace genspool::daemon;

namespace {

const proto::Registry& registry() {
    static const proto::Registry the_registry({&proto::minimax_provider()});
    return the_registry;
}

ConfigSources sources() {
    ConfigSources result;
    result.registry = &registry();
    result.environment = {{"HOME", "/home/ann"},
                          {"KEY", "sk-key-in-the-environment"},
                          {"HOOKS", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n"}};
    return result;
}

std::vector<ConfigError> errors_of(const std::string& toml, const ConfigSources& from = sources()) {
    const ConfigResult result = parse_config(toml, "test.toml", from);
    const auto* const errors = std::get_if<std::vector<ConfigError>>(&result);
    return errors == nullptr ? std::vector<ConfigError>{} : *errors;
}

Config config_of(const std::string& toml, const ConfigSources& from = sources()) {
    const ConfigResult result = parse_config(toml, "test.toml", from);
    if (const auto* const errors = std::get_if<std::vector<ConfigError>>(&result))
        FAIL(errors->front().text());
    return std::get<Config>(result);
}

struct BadFile {
    std::string toml;
    std::uint32_t line;
    std::string key;
    std::string reason;
};

const std::string account =
    "[[account]]\nname = \"a\"\nprovider = \"minimax\"\napi_key_env = \"KEY\"\n";

const std::vector<BadFile>& bad_files() {
    static const std::vector<BadFile> table = {
        {"[daemon\n", 1, "", ""},
        {"[retry]\nbse = \"2s\"\n", 2, "retry.bse", "did you mean 'base'"},
        {"[rety]\n", 1, "rety", "did you mean 'retry'"},
        {"[retry]\nbase = 2\n", 2, "retry.base", "text in quotes"},
        {"[retry]\nbase = \"fast\"\n", 2, "retry.base", "must be a time"},
        {"[retry]\n\ncap = \"1s\"\n", 3, "retry.cap", "shorter than base"},
        {"[retry]\nmax_attempts = 0\n", 2, "retry.max_attempts", "1 to 100"},
        {"[retry]\nmax_attempts = \"3\"\n", 2, "retry.max_attempts", "whole number"},
        {"retry = 3\n", 1, "retry", "must be a table"},
        {"[daemon]\nstate_dir = \"var\"\n", 2, "daemon.state_dir", "absolute"},
        {"[daemon]\nadmin_group = \"no-such-group\"\n", 2, "daemon.admin_group",
         "there is no group no-such-group"},
        {"[daemon]\ndrain = \"2d\"\n", 2, "daemon.drain", "1d"},
        {"[daemon]\nsocket = \"/" + std::string(120, 's') + "\"\n", 2, "daemon.socket", "107"},
        {"[budget]\nday = { USD = -1 }\n", 2, "budget.day.USD", "amount"},
        {"[budget]\nday = { EUR = 50.0 }\n", 2, "budget.day.EUR", "unknown"},
        {account + "budget = { month = 5 }\n", 5, "account[1].budget.month", "unknown"},
        {"[defaults]\nprovider = \"minmax\"\n", 2, "defaults.provider", "did you mean 'minimax'"},
        {"[inbox]\nsettle = \"2 s\"\n", 2, "inbox.settle", "must be a time"},
        {"[inbox]\ndedupe = \"name\"\n", 2, "inbox.dedupe", "\"content\""},
        {"[inbox]\nenabled = 1\n", 2, "inbox.enabled", "true or false"},
        {"[retention]\nartifacts = \"30d\"\n", 2, "retention.artifacts", "not_available"},
        {"[retention]\nblobs = \"0s\"\n", 2, "retention.blobs", "must be a time"},
        {"[retention]\njobs = \"0s\"\n", 2, "retention.jobs", "must be a time"},
        {"[patience]\n\"minimax.video_v9\" = \"1h\"\n", 2, "patience.minimax.video_v9",
         "did you mean 'minimax.video_v1'"},
        {"[disk]\nreserve = \"2X\"\n", 2, "disk.reserve", "number of bytes"},
        {"[disk]\nreserve = -1\n", 2, "disk.reserve", "number of bytes"},
        {"[limits]\nbody_bytes_max = \"1K\"\nline_bytes_max = 10\n", 3, "limits.line_bytes_max",
         "1024"},
        {"[limits]\nheld_bytes_max = \"8M\"\nline_bytes_max = \"2M\"\n", 2, "limits.held_bytes_max",
         "eight times"},
        {"[prices]\n\"minimax.nothing/x\" = { USD = 1 }\n", 2, "prices.minimax.nothing/x", "no op"},
        {"[prices]\n\"minimax.video_v1/x\" = { }\n", 2, "prices.minimax.video_v1/x", "one amount"},
        {"[prices]\n\"minimax.video_v1/x\" = { USD = -1.0 }\n", 2, "prices.minimax.video_v1/x.USD",
         "six decimals"},
        {"[prices]\n\"minimax.video_v1/x\" = { EUR = 1.0 }\n", 2, "prices.minimax.video_v1/x",
         "one amount"},
        {"account = 1\n", 1, "account", "list"},
        {"[[account]]\nname = \"a\"\nprovider = \"minimax\"\n", 2, "account[1].name",
         "needs one of"},
        {account + "api_key_file = \"/x\"\n", 2, "account[1].name", "may have only one of"},
        {account + "api_key = \"sk-123\"\n", 5, "account[1].api_key", "does not belong"},
        {account + account, 5, "account[2].name", "name of an account above"},
        {account + "wieght = 2\n", 5, "account[1].wieght", "did you mean 'weight'"},
        {account + "slots = { vidoe = 3 }\n", 5, "account[1].slots.vidoe", "'video'"},
        {account + "slots = -1\n", 5, "account[1].slots", "whole number"},
        {account + "rpm = { video = \"5\" }\n", 5, "account[1].rpm.video", "whole number"},
        {account + "kinds = [\"movie\"]\n", 5, "account[1].kinds", "no kind"},
        {account + "kinds = []\n", 5, "account[1].kinds", "at least one"},
        {account + "base_url = \"api.minimax.io\"\n", 5, "account[1].base_url", "address"},
        {account + "base_url = \"https://user:pw@api.minimax.io\"\n", 5, "account[1].base_url",
         "address"},
        {account + "poll = { min = \"10s\", max = \"1s\" }\n", 5, "account[1].poll.max",
         "shorter than min"},
        {"[[account]]\nname = \"a b\"\nprovider = \"minimax\"\napi_key_env = \"KEY\"\n", 2,
         "account[1].name", "letters"},
        {"[[account]]\nname = \"a\"\napi_key_env = \"KEY\"\n", 1, "account[1].provider", "missing"},
        {"[[account]]\nname = \"a\"\nprovider = \"minimax\"\napi_key_env = \"NONE\"\n", 4,
         "account[1].api_key_env", "not set"},
        {"[[account]]\nname = \"a\"\nprovider = \"minimax\"\napi_key_file = \"/nowhere\"\n", 4,
         "account[1].api_key_file", "No such file"},
        {"[[account]]\nname = \"a\"\nprovider = \"minimax\"\napi_key_credential = \"main\"\n", 4,
         "account[1].api_key_credential", "LoadCredential"},
    };
    return table;
}

const std::vector<BadFile>& bad_rate_files() {
    static const std::vector<BadFile> table = {
        {account + "rpm = { \"minimax.vidoe_v1\" = 5 }\n", 5, "account[1].rpm.minimax.vidoe_v1",
         "unknown key"},
        {account + "rpm = { \"queries/minimax.video_v2\" = 5 }\n", 5,
         "account[1].rpm.queries/minimax.video_v2", "unknown key"},
        {account + "rpm = { \"video/\" = 5 }\n", 5, "account[1].rpm.video/", "unknown key"},
    };
    return table;
}

const std::vector<BadFile>& bad_speech_files() {
    static const std::vector<BadFile> table = {
        {"[inbox]\nspeech = 7\n", 2, "inbox.speech", "table"},
        {"[inbox.speech]\ntext = \"x\"\n", 1, "inbox.speech", "must not have a text"},
        {"[inbox]\nspeech = {}\n", 2, "inbox.speech", "must say how"},
    };
    return table;
}

const std::vector<BadFile>& bad_http_files() {
    static const std::vector<BadFile> table = {
        {"[http]\nlisten = \"127.0.0.1:7788\"\n", 1, "http.token_file", "is missing"},
        {"[http]\nlisten = \"127.0.0.1\"\n", 2, "http.listen", "an address and a port"},
        {"[http]\ntoken_file = \"/etc/x\"\n", 1, "http.listen", "an address and a port"},
        {"[http]\nlisten = \"127.0.0.1:0\"\ntoken_file = \"/nowhere\"\n", 3, "http.token_file",
         "genspool token add"},
        {"[http]\nlisten = \"127.0.0.1:0\"\ntoken_file = \"token\"\n", 3, "http.token_file",
         "absolute"},
        {"[http]\nlisten = \"127.0.0.1:0\"\nurl = \"spool\"\n", 3, "http.url",
         "https://spool.example.org"},
        {"[http]\nlisten = \"127.0.0.1:0\"\nhosts = [\"x:80\"]\n", 3, "http.hosts",
         "without ports"},
        {"[http]\nlistne = \"127.0.0.1:0\"\n", 2, "http.listne", "did you mean 'listen'"},
    };
    return table;
}

const std::vector<BadFile>& bad_callback_files() {
    static const std::vector<BadFile> table = {
        {"[callbacks]\nlisten = \"127.0.0.1:0\"\n", 1, "callbacks.url", "is missing"},
        {"[callbacks]\nurl = \"https://x.example\"\n", 1, "callbacks.listen", "is missing"},
        {"[callbacks]\nlisten = \"\"\nurl = \"\"\n", 2, "callbacks.listen", "not be empty"},
        {"[callbacks]\nlisten = \"7789\"\nurl = \"https://x.example\"\n", 2, "callbacks.listen",
         "an address and a port"},
        {"[callbacks]\nlisten = \"[::1]:0\"\nurl = \"ftp://x.example\"\n", 3, "callbacks.url",
         "https://"},
        {"[callbacks]\nlisten = \"[::1]:0\"\nurl = \"https://ann:pw@x.example\"\n", 3,
         "callbacks.url", "https://"},
        {"[callbacks]\nlisten = \"[::1]:0\"\nurl = \"https://x.example/?a=b\"\n", 3,
         "callbacks.url", "https://"},
        {"[callbacks]\nlisten = \"[::1]:0\"\nurl = \"x.example\"\n", 3, "callbacks.url",
         "https://"},
        {"[callbacks]\nadress = \"https://x.example\"\n", 2, "callbacks.adress", ""},
    };
    return table;
}

const std::vector<BadFile>& bad_hook_files() {
    static const std::string hook = "[[hook]]\nname = \"ops\"\n";
    static const std::vector<BadFile> table = {
        {"[hooks]\nsecret_fil = \"x\"\n", 2, "hooks.secret_fil", "did you mean 'secret_file'"},
        {"[hooks]\nsecret_env = \"KEY\"\n", 2, "hooks.secret_env", "whsec_"},
        {"[hooks]\nsecret_env = \"NONE\"\n", 2, "hooks.secret_env", "not set"},
        {"[hooks]\nsecret_env = \"HOOKS\"\nsecret_file = \"/x\"\n", 2, "hooks.secret_env",
         "goes not together"},
        {"[hook]\nname = \"ops\"\n", 1, "hook", ""},
        {hook, 2, "hook[1].name", "needs one of url, otlp and command"},
        {hook + "url = \"https://a.example\"\n", 3, "hook[1].url", "a secret to sign with"},
        {hook + "url = \"ftp://a.example\"\nsecret_env = \"HOOKS\"\n", 3, "hook[1].url",
         "an http or https address"},
        {hook + "url = \"https://a@a.example\"\nsecret_env = \"HOOKS\"\n", 3, "hook[1].url",
         "without user"},
        {hook + "url = \"https://a.example\"\nsecret_env = \"HOOKS\"\ncommand = [\"/x\"]\n", 2,
         "hook[1].name", "only one of"},
        {hook + "otlp = \"collector:4318\"\n", 3, "hook[1].otlp", "an http or https address"},
        {hook + "otlp = \"http://c.example/v1/traces\"\nevents = [\"held\"]\n", 4, "hook[1].events",
         "have ended"},
        {hook + "otlp = \"http://c.example/v1/traces\"\ncommand = [\"/x\"]\n", 2, "hook[1].name",
         "only one of"},
        {hook + "command = []\n", 3, "hook[1].command", "absolute path"},
        {hook + "command = [\"notify\"]\n", 3, "hook[1].command", "absolute path"},
        {hook + "command = [\"/x\", 5]\n", 3, "hook[1].command", "a list of texts"},
        {hook + "command = [\"/x\"]\nsecret_env = \"HOOKS\"\n", 4, "hook[1].secret_env",
         "nothing else is signed"},
        {hook + "command = [\"/x\"]\nevents = []\n", 4, "hook[1].events", "at least one"},
        {hook + "command = [\"/x\"]\nevents = [\"done\"]\n", 4, "hook[1].events", "states"},
        {hook + "command = [\"/x\"]\ntimeout = \"0s\"\n", 4, "hook[1].timeout", ""},
        {hook + "command = [\"/x\"]\n" + hook + "command = [\"/x\"]\n", 4, "hook[2].name",
         "a hook above"},
        {"[[hook]]\nname = \"job\"\ncommand = [\"/x\"]\n", 2, "hook[1].name", "not \"job\""},
    };
    return table;
}

std::string key_file(const tests::TemporaryDirectory& directory, mode_t mode) {
    const std::string path = directory.path("main.key");
    std::ofstream(path) << "sk-key-in-a-file\n";
    ::chmod(path.c_str(), mode);
    return path;
}

}  // namespace

TEST_CASE("every bad file is refused with its line, its key, and the reason") {
    std::vector<BadFile> files = bad_files();
    files.insert(files.end(), bad_http_files().begin(), bad_http_files().end());
    files.insert(files.end(), bad_rate_files().begin(), bad_rate_files().end());
    files.insert(files.end(), bad_speech_files().begin(), bad_speech_files().end());
    files.insert(files.end(), bad_callback_files().begin(), bad_callback_files().end());
    files.insert(files.end(), bad_hook_files().begin(), bad_hook_files().end());
    for (const BadFile& bad : files) {
        CAPTURE(bad.toml);
        const auto errors = errors_of(bad.toml);
        REQUIRE_FALSE(errors.empty());
        CAPTURE(errors.front().text());
        CHECK(errors.front().file == "test.toml");
        CHECK(errors.front().line == bad.line);
        CHECK(errors.front().key == bad.key);
        CHECK(errors.front().message.find(bad.reason) != std::string::npos);
    }
}

TEST_CASE("all that is wrong is told at once") {
    const auto errors = errors_of("[retry]\nbse = \"2s\"\ncap = 5\n[disk]\nreserve = \"x\"\n");

    CHECK(errors.size() == 3);
    CHECK(errors.front().text().starts_with("test.toml:3: retry.cap: "));
}

TEST_CASE("the example of the design is read in full") {
    const Config config = config_of(R"(
[daemon]
state_dir = "/var/lib/genspool"
socket    = "/run/genspool/genspool.sock"
drain     = "10m"
[defaults]
provider = "minimax"
[retry]
base = "2s"
cap = "5m"
max_attempts = 3
[inbox]
settle = "2s"
[retention]
jobs = "30d"
jobs_max = 2000000
events = "14d"
idempotency = "30d"
[budget]
day = { USD = 50.0, credits = 5000 }
[patience]
"minimax.video_v1" = "60m"
[fetch]
patience = "24h"
[disk]
reserve = "2G"
[limits]
queue_jobs_max = 5000000
body_bytes_max = "64M"
[prices]
"minimax.video_v1/MiniMax-Hailuo-02/1080P/6" = { USD = 0.49 }
[[account]]
name = "main"
provider = "minimax"
base_url = "https://api.minimax.io/"
api_key_env = "KEY"
slots = { video = 7, music = 1 }
rpm = { video = 5, image = 10, tts = 60, "minimax.video_template" = 3, "chat/MiniMax-M3" = 200 }
poll = { min = "1s", max = "60s" }
weight = 1
budget = { day = 12.5 }
kinds = ["video", "tts", "music", "image"]
)");

    CHECK(config.daemon.drain == std::chrono::minutes{10});
    CHECK(config.patience.at("minimax.video_v1") == std::chrono::minutes{60});
    CHECK(config.disk.reserve_bytes == 2'147'483'648);
    const PriceConfig& price = config.prices.at("minimax.video_v1/MiniMax-Hailuo-02/1080P/6");
    CHECK(price.amount == proto::Money{490'000, proto::Unit::usd});
    REQUIRE(config.accounts.size() == 1);
    const AccountConfig& main = config.accounts.front();
    CHECK(main.base_url == "https://api.minimax.io");
    CHECK(main.api_key.reveal() == "sk-key-in-the-environment");
    CHECK(main.slots.at("video") == 7);
    CHECK(main.slots.contains("tts"));
    CHECK(main.rpm.at("minimax.video_template") == 3);
    CHECK(main.rpm.at("queries/minimax.t2a_async_v2") == 600);
    CHECK(main.rpm.at("chat/MiniMax-M3") == 200);
    CHECK(main.kinds.size() == 4);
    CHECK(main.day_budget == 12'500'000);
    CHECK(main.unit == proto::Unit::usd);
    CHECK(config.budget.day.at(proto::Unit::usd) == 50'000'000);
    CHECK(config.budget.day.at(proto::Unit::credits) == 5'000'000'000);
}

TEST_CASE("hooks are read with what they leave out") {
    const Config config = config_of(R"(
[hooks]
secret_env = "HOOKS"
[[hook]]
name = "ops"
url = "https://ops.example.org/told?a=b"
[[hook]]
name = "notify"
command = ["/usr/bin/logger", "done"]
events = ["succeeded", "running"]
[[hook]]
name = "traces"
otlp = "http://127.0.0.1:4318/v1/traces"
)");

    CHECK(config.hooks.secrets.size() == 1);
    CHECK(config.hooks.secrets.front().reveal().size() == 24);
    REQUIRE(config.hooks.list.size() == 3);
    const HookConfig& ops = config.hooks.list[0];
    CHECK(ops.timeout == std::chrono::seconds{15});
    CHECK(ops.tells.size() == 4);
    CHECK(ops.secrets.empty());
    const HookConfig& notify = config.hooks.list[1];
    CHECK(notify.command == std::vector<std::string>{"/usr/bin/logger", "done"});
    CHECK(notify.timeout == std::chrono::minutes{1});
    CHECK(notify.tells == std::set{proto::State::running, proto::State::succeeded});

    CHECK(config.hooks.list[2].otlp == "http://127.0.0.1:4318/v1/traces");
    CHECK_FALSE(config.hooks.list[2].tells.contains(proto::State::held));

    const std::string shown = show_config(config);
    CHECK(show_config(config_of(shown)) == shown);
    CHECK(shown.find("MfKQ9r8") == std::string::npos);
}

TEST_CASE("the effective configuration can be read back, and shows no key") {
    const std::string toml = account +
                             "slots = 2\nrpm = { \"chat/MiniMax-M3\" = 200 }\npoll = { min = "
                             "\"1s\" }\nkinds = [\"tts\"]\n"
                             "budget = { day = 0.3 }\n"
                             "[inbox.speech]\nmodel = \"m\"\nspeed = 1.5\nn = [1, \"b\"]\n"
                             "voice_setting = { voice_id = \"v\\\"w\", on = true }\n"
                             "[budget]\nday = { USD = 0.000001, credits = 3 }\n"
                             "[prices]\n\"minimax.video_v1/x\" = { USD = 0.1, per = 7 }\n"
                             "[daemon]\nstate_dir = \"/srv/a \\\"b\\\"\"\n";
    const std::string shown = show_config(config_of(toml));

    const std::string again = show_config(config_of(shown));

    CHECK(again == shown);
    CHECK(shown.find("sk-key") == std::string::npos);
    CHECK(shown.find("api_key_env = \"KEY\"") != std::string::npos);
}

TEST_CASE("TCP beyond loopback wants TLS, and TLS a certificate with the key that fits it") {
    tests::TokenFile tokens;
    const tests::ThrowawayCertificates certificates("spool.example");
    const tests::ThrowawayCertificates others("spool.example");
    const std::string head = "[http]\ntoken_file = \"" + tokens.path() + "\"\nlisten = ";
    const auto tls = [](const std::string& cert, const std::string& key) {
        return "tls_cert = \"" + cert + "\"\ntls_key = \"" + key + "\"\n";
    };
    const auto key_of = [](const std::vector<ConfigError>& errors) {
        return errors.empty() ? std::string("fine") : errors.front().key;
    };
    const std::string good = tls(certificates.cert_file(), certificates.key_file());
    const std::string everywhere = head + "\"0.0.0.0:7788\"\n";
    CHECK(key_of(errors_of(head + "\"127.0.0.1:7788\"\n")) == "fine");
    CHECK(key_of(errors_of(everywhere)) == "http.listen");
    CHECK(key_of(errors_of(everywhere + good)) == "fine");
    CHECK(key_of(errors_of(everywhere + tls("/nowhere", certificates.key_file()))) ==
          "http.tls_cert");
    CHECK(key_of(errors_of(everywhere + tls(certificates.cert_file(), others.key_file()))) ==
          "http.tls_cert");
    CHECK(key_of(errors_of(everywhere + "tls_key = \"/x\"\n")) == "http.tls_key");
    const std::string shown =
        show_config(config_of(everywhere + good + "hosts = [\"a.example\", \"b\"]\n"));
    CHECK(show_config(config_of(shown)) == shown);
    CHECK(config_of(shown).http.hosts == std::vector<std::string>{"a.example", "b"});

    ::chmod(certificates.key_file().c_str(), 0644);
    CHECK(errors_of(everywhere + good).front().message.find("chmod") != std::string::npos);
}

TEST_CASE("callbacks have a place to listen at and an address from outside") {
    const Config config = config_of(
        "[callbacks]\nlisten = \"127.0.0.1:7789\"\nurl = \"https://spool.example/hooks/\"\n");
    CHECK(config.callbacks.listen == "127.0.0.1:7789");
    CHECK(config.callbacks.url == "https://spool.example/hooks");
    const std::string shown = show_config(config);
    CHECK(show_config(config_of(shown)) == shown);
    CHECK(config_of(shown).callbacks.url == config.callbacks.url);
    CHECK(config_of("").callbacks.listen.empty());
}

TEST_CASE("without any configuration the paths are the user's own") {
    ConfigSources from = sources();
    const Config plain = std::get<Config>(default_config(from));
    from.environment["XDG_STATE_HOME"] = "/x/state";
    from.environment["XDG_RUNTIME_DIR"] = "/run/user/7";
    const Config user = std::get<Config>(default_config(from));
    from.environment["STATE_DIRECTORY"] = "/var/lib/genspool:/other";
    from.environment["RUNTIME_DIRECTORY"] = "/run/genspool";
    const Config service = std::get<Config>(default_config(from));

    CHECK(plain.daemon.state_dir == "/home/ann/.local/state/genspool");
    CHECK(plain.daemon.socket == "/home/ann/.local/state/genspool/genspool.sock");
    CHECK(user.daemon.state_dir == "/x/state/genspool");
    CHECK(user.daemon.socket == "/run/user/7/genspool.sock");
    CHECK(service.daemon.state_dir == "/var/lib/genspool");
    CHECK(service.daemon.socket == "/run/genspool/genspool.sock");
    CHECK(plain.accounts.empty());
}

TEST_CASE("a key file must be closed to others") {
    const tests::TemporaryDirectory directory;
    const std::string toml =
        "[[account]]\nname = \"a\"\nprovider = \"minimax\"\napi_key_file = \"" +
        key_file(directory, 0600) + "\"\n";

    CHECK(config_of(toml).accounts.front().api_key.reveal() == "sk-key-in-a-file");
    for (const mode_t mode : {0640, 0604, 0620, 0644}) {
        key_file(directory, mode);
        const auto errors = errors_of(toml);
        REQUIRE(errors.size() == 1);
        CHECK(errors.front().message.find("chmod 600") != std::string::npos);
        CHECK(errors.front().text().find("sk-key") == std::string::npos);
    }
}

TEST_CASE("all that is wrong with an account is told, even where its provider is unknown") {
    const auto errors = errors_of(
        "[[account]]\nname = \"a b\"\nprovider = \"minmax\"\napi_key_env = \"NONE\"\n"
        "base_url = \"nowhere\"\nslots = { film = 1 }\nkinds = [\"movie\"]\nwieght = 2\n");
    std::vector<std::string> keys;
    for (const ConfigError& error : errors)
        keys.push_back(error.key);
    std::ranges::sort(keys);
    CHECK(keys == std::vector<std::string>{"account[1].api_key_env", "account[1].base_url",
                                           "account[1].name", "account[1].provider",
                                           "account[1].wieght"});
}

TEST_CASE("what clients may make the daemon hold grows with the longest line by itself") {
    CHECK(config_of("").limits.held_bytes_max == 128U << 20U);
    CHECK(config_of("[limits]\nline_bytes_max = \"32M\"\n").limits.held_bytes_max == 256U << 20U);
}

TEST_CASE("a key so short that it may stand in an answer by chance is refused, and not shown") {
    const std::string toml =
        "[[account]]\nname = \"spare\"\nprovider = \"minimax\"\napi_key_env = \"KEY\"\n";
    for (const std::string key : {"sk", "sk-1", "0123456789a"}) {
        ConfigSources from = sources();
        from.environment["KEY"] = key + "\n";
        const auto errors = errors_of(toml, from);
        REQUIRE(errors.size() == 1);
        CHECK(errors.front().text().starts_with("test.toml:4: account[1].api_key_env: KEY: "));
        CHECK(errors.front().message.find("account \"spare\" is too short") != std::string::npos);
        CHECK(errors.front().message.find(key + " ") == std::string::npos);
        from.environment["KEY"] = key + std::string(12 - key.size(), 'b');
        CHECK(config_of(toml, from).accounts.size() == 1);
    }
}

TEST_CASE("a key may come as a credential of systemd") {
    const tests::TemporaryDirectory directory;
    key_file(directory, 0440);
    ConfigSources from = sources();
    from.environment["CREDENTIALS_DIRECTORY"] = directory.path();

    const Config config = config_of(
        "[[account]]\nname = \"a\"\nprovider = \"minimax\"\napi_key_credential = \"main.key\"\n",
        from);

    CHECK(config.accounts.front().api_key.reveal() == "sk-key-in-a-file");
}

TEST_CASE("whoever does not want the keys reads a configuration without them") {
    const std::string toml =
        "[[account]]\nname = \"a\"\nprovider = \"minimax\"\napi_key_file = \"/nowhere/k\"\n"
        "[[account]]\nname = \"b\"\nprovider = \"minimax\"\napi_key_env = \"KEY\"\n"
        "[[account]]\nname = \"c\"\nprovider = \"minimax\"\napi_key_env = \"KEY\"\n";
    CHECK(errors_of(toml).size() == 1);
    ConfigSources keyless = sources();
    keyless.keys = false;
    const Config config = config_of(toml, keyless);
    REQUIRE(config.accounts.size() == 3);
    CHECK(config.accounts[1].api_key.reveal() != "sk-key-in-the-environment");
    CHECK(config.accounts[0].api_key.reveal() != config.accounts[1].api_key.reveal());
    CHECK(config.accounts[1].api_key.reveal() == config.accounts[2].api_key.reveal());
}
