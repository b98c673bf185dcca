#include "daemon/origin_check.hpp"

#include <string_view>

#include "daemon/problem.hpp"

namespace genspool::daemon {

FromPage from_page(const Request& request) {
    const std::string& site = request.field(Field::sec_fetch_site);
    if (!site.empty())
        return site == "same-origin" || site == "none" ? FromPage::own : FromPage::elsewhere;
    const std::string_view origin = request.field(Field::origin);
    if (origin.empty()) return FromPage::unsaid;
    const std::size_t slashes = origin.find("://");
    const bool same =
        slashes != origin.npos && origin.substr(slashes + 3) == request.field(Field::host);
    return same ? FromPage::own : FromPage::elsewhere;
}

bool may_use_cookie(const Request& request) {
    const FromPage from = from_page(request);
    const bool looks = request.method == "GET" || request.method == "HEAD";
    return from == FromPage::own || (from == FromPage::unsaid && looks);
}

Reply cross_origin() {
    return to_reply(Problem("cross_origin",
                            "The request comes from a page of another origin, or does not say "
                            "where it comes from; with a token in Authorization it may."));
}

}  // namespace genspool::daemon
