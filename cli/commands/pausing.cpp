#include "cli/commands/pausing.hpp"

#include "cli/urls.hpp"

namespace genspool::cli {

Exit pause_or_resume(Context& context, const std::string& account, const std::string& action,
                     const std::string& body) {
    const std::string where = account.empty() ? "/v1/queue" : "/v1/accounts/" + encoded(account);
    const std::string reply = context.daemon().post_again(where + "/" + action, body);
    if (context.json) {
        context.print_json(reply);
        return Exit::done;
    }
    const std::string what = account.empty() ? "the queue" : "account " + account;
    context.console.out_line(what + (action == "pause"
                                         ? " is paused: nothing new is bought, what is bought is "
                                           "brought home"
                                         : " goes on"));
    return Exit::done;
}

}  // namespace genspool::cli
