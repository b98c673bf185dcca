#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/daemon.hpp"
#include "cli/urls.hpp"

namespace CLI {
class App;
}

namespace genspool::cli {

/// Jobs by what they have in common: the filters of the API.
struct Selection {
    std::string state;
    std::string kind;
    std::string op;
    std::string batch;
    std::string account;
    std::vector<std::string> labels;  ///< "name=value"
    bool doubtful = false;
    bool unanswered = false;

    bool empty() const;
    void add_to(Target& target) const;
};

void add_selection(CLI::App& verb, Selection& selection);

/// Reads the pages of a list one after the other. `each` says whether to go on after this page.
void for_each_page(Daemon& daemon, const Target& target,
                   const std::function<bool(const std::string& body)>& each);

/// The page's "next"; empty at the end.
std::string next_cursor(const std::string& body);

}  // namespace genspool::cli
