#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "proto/batch_line.hpp"
#include "proto/catalog/catalog.hpp"

using namespace genspool::proto;

namespace {

std::string provider_of(std::string_view url, std::string_view more = "") {
    const auto job =
        job_of_openai_line(boost::json::parse(R"({"method":"POST","body":{},"url":")" +
                                              std::string(url) + "\"" + std::string(more) + "}")
                               .get_object(),
                           catalog());
    REQUIRE(job.has_value());
    const auto* const provider = job->if_contains("provider");
    return provider == nullptr ? "" : std::string(provider->as_string());
}

}  // namespace

TEST_CASE("a line's path names the provider that sells there, unless the line names one") {
    for (const Provider* provider : catalog().providers()) {
        for (const PaidPath& each : provider->paid_paths()) {
            CAPTURE(each.path);
            CHECK(provider_of(each.path) == provider->name());
            CHECK(provider_of(std::string(provider->default_base_url()) + std::string(each.path)) ==
                  provider->name());
        }
    }
    CHECK(provider_of("/videos/create", R"(,"provider":"minimax")") == "minimax");
}
