#include "cli/commands/pausing.hpp"

#include "cli/targets.hpp"
#include "cli/urls.hpp"

namespace genspool::cli {

namespace {

void tell_of(Context& context, const std::string& what, const std::string& where,
             const std::string& action, const std::string& body) {
    const std::string reply = context.daemon().post_again(where + "/" + action, body);
    if (context.json) {
        context.print_json(reply);
        return;
    }
    context.console.out_line(what + (action == "pause"
                                         ? " is paused: nothing new is bought, what is bought is "
                                           "brought home"
                                         : " goes on"));
}

}  // namespace

Exit pause_or_resume(Context& context, const std::vector<std::string>& accounts,
                     const std::string& action, const std::string& body) {
    if (accounts.empty()) {
        tell_of(context, "the queue", "/v1/queue", action, body);
        return Exit::done;
    }
    return on_each(context, accounts, [&](const std::string& account) {
        tell_of(context, "account " + account, "/v1/accounts/" + encoded(account), action, body);
        return Exit::done;
    });
}

}  // namespace genspool::cli
