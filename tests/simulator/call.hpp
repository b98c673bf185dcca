#pragma once

#include <boost/url/url_view.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulator/exchange.hpp"

namespace genspool::simulator {

/// A request taken apart far enough to be routed.
struct Call {
    const ModelRequest& request;
    boost::urls::url_view url;
    std::string account;  ///< the bearer key; empty when there is none
    Instant now;

    std::string_view path() const;

    /// A query parameter, decoded; empty when absent.
    std::string param(std::string_view name) const;
    /// All of that name.
    std::vector<std::string> params(std::string_view name) const;
};

/// Whether it is one of the calls that answer errors by HTTP code.
bool speaks_v2(const Call& call);

/// The bearer key of an Authorization header; empty when it is not one.
std::string_view bearer_key(std::string_view authorization);

}  // namespace genspool::simulator
