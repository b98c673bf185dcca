// An account's calls go to the host that its configuration names, whatever region that is.
#include <doctest/doctest.h>

#include <string>

#include "daemon/config.hpp"
#include "daemon/setup.hpp"
#include "proto/minimax/provider.hpp"
#include "proto/minimax/video_v1.hpp"
#include "workers/upstream_call.hpp"

using namespace genspool;

namespace {

/// The one account of a configuration with this host.
workers::Account account_at(const std::string& host) {
    const proto::Registry registry({&proto::minimax_provider()});
    daemon::ConfigSources sources;
    sources.registry = &registry;
    sources.environment = {{"HOME", "/home/ann"}, {"KEY", "sk-key-in-the-environment"}};
    const std::string toml =
        "[[account]]\nname = \"a\"\nprovider = \"minimax\"\n"
        "api_key_env = \"KEY\"\nbase_url = \"" +
        host + "\"\n";
    const daemon::ConfigResult result = daemon::parse_config(toml, "test.toml", sources);
    REQUIRE(std::holds_alternative<daemon::Config>(result));
    const auto accounts = daemon::accounts_of(std::get<daemon::Config>(result));
    const workers::Account* const account = accounts->find("a");
    REQUIRE(account != nullptr);
    return *account;
}

}  // namespace

TEST_CASE("an account in China, or near a faster host, works by its base_url alone") {
    const proto::Provider& minimax = proto::minimax_provider();
    for (const std::string host : {"https://api.minimaxi.com", "https://api.minimax.cn",
                                   "https://api-bj.minimaxi.com", "https://api-uw.minimax.io"}) {
        CAPTURE(host);
        const workers::Account account = account_at(host);
        const auto url = [&](proto::Call call) {
            return workers::upstream_call(minimax, account, std::move(call)).url;
        };
        for (const proto::Codec* codec : minimax.codecs()) {
            proto::JobSpec spec;
            spec.request = R"({"model":"m"})";
            proto::Call call = codec->submit(spec);
            const std::string target = call.target;
            CHECK(url(std::move(call)) == host + target);
        }
        proto::Source file;
        file.value = "7";
        const proto::Codec& video = proto::minimax::video_v1();
        CHECK(url(video.poll(proto::Task{})).starts_with(host + "/v1/"));
        CHECK(url(video.link(file)).starts_with(host + "/v1/"));
        CHECK(url(minimax.upload("voice_clone", {}, "bytes")) == host + "/v1/files/upload");
    }
}
