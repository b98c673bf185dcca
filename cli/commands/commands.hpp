#pragma once

#include <span>

namespace genspool::cli {

class Program;

/// Adds one verb to the command line.
using AddVerb = void (*)(Program& program);

/// Every verb, in the order of the help (commands.cpp).
std::span<const AddVerb> all_verbs();

void add_submit(Program& program);
void add_run(Program& program);
void add_batch(Program& program);
void add_ls(Program& program);
void add_show(Program& program);
void add_explain(Program& program);
void add_wait(Program& program);
void add_top(Program& program);
void add_events(Program& program);
void add_cancel(Program& program);
void add_retry(Program& program);
void add_resolve(Program& program);
void add_get(Program& program);
void add_batches(Program& program);
void add_accounts(Program& program);
void add_hooks(Program& program);
void add_remote(Program& program);
void add_pause(Program& program);
void add_resume(Program& program);
void add_stats(Program& program);
void add_ledger(Program& program);
void add_backup(Program& program);
void add_token(Program& program);
void add_verify(Program& program);
void add_rehearse(Program& program);
void add_doctor(Program& program);
void add_completion(Program& program);
void add_mcp(Program& program);

}  // namespace genspool::cli
