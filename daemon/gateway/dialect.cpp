#include "daemon/gateway/dialect.hpp"

#include <algorithm>
#include <array>

#include "daemon/gateway/minimax/envelope.hpp"
#include "daemon/gateway/useapi/envelope.hpp"

namespace genspool::daemon::gateway {
namespace {

/// One upstream's way of telling what is wrong. A further provider adds a line here, its calls to
/// routes.cpp, and a folder.
struct Dialect {
    std::string_view prefix;
    Reply (*refusal)(const Problem& problem, std::string_view path);
};

constexpr std::array dialects{Dialect{minimax::prefix, minimax::refusal},
                              Dialect{useapi::prefix, useapi::refusal}};

}  // namespace

bool is_link(std::string_view target) {
    return std::ranges::any_of(dialects, [target](const Dialect& each) {
        return target.starts_with(each.prefix) &&
               target.substr(each.prefix.size()).starts_with("/download/");
    });
}

Reply told(const Problem& problem, std::string_view target) {
    if (is_link(target)) return to_reply(problem);
    for (const Dialect& each : dialects) {
        if (!target.starts_with(each.prefix)) continue;
        const std::string_view path = target.substr(each.prefix.size());
        if (path.starts_with('/')) return each.refusal(problem, path.substr(0, path.find('?')));
    }
    return to_reply(problem);
}

}  // namespace genspool::daemon::gateway
