#include "cli/commands/commands.hpp"

#include <array>

namespace genspool::cli {

std::span<const AddVerb> all_verbs() {
    static constexpr std::array verbs = {
        add_submit,   add_run,     add_batch,    add_ls,         add_show,   add_explain,
        add_wait,     add_top,     add_events,   add_cancel,     add_retry,  add_resolve,
        add_get,      add_batches, add_accounts, add_hooks,      add_remote, add_pause,
        add_resume,   add_stats,   add_ledger,   add_backup,     add_verify, add_token,
        add_rehearse, add_mcp,     add_doctor,   add_completion,
    };
    return verbs;
}

}  // namespace genspool::cli
