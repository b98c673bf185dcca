#include "tests/simulator/call.hpp"

#include <boost/url/params_view.hpp>

namespace genspool::simulator {

std::string_view Call::path() const {
    const auto path = url.encoded_path();
    return {path.data(), path.size()};
}

std::string Call::param(std::string_view name) const {
    const auto params = url.params();
    const auto found = params.find(boost::urls::string_view(name.data(), name.size()));
    if (found == params.end()) return {};
    const auto param = *found;
    return std::string(param.value.data(), param.value.size());
}

std::vector<std::string> Call::params(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto param : url.params()) {
        if (std::string_view(param.key.data(), param.key.size()) == name)
            values.emplace_back(param.value.data(), param.value.size());
    }
    return values;
}

bool speaks_v2(const Call& call) {
    return call.path().starts_with("/v2/");
}

std::string_view bearer_key(std::string_view authorization) {
    constexpr std::string_view scheme = "Bearer ";
    if (!authorization.starts_with(scheme)) return {};
    return authorization.substr(scheme.size());
}

}  // namespace genspool::simulator
