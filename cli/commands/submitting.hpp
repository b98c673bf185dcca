#pragma once

#include <string>
#include <vector>

#include "cli/context.hpp"
#include "cli/failure.hpp"
#include "cli/submission.hpp"
#include "cli/waiting.hpp"

namespace CLI {
class App;
}

namespace genspool::cli {

/// What `submit` and `run` have in common.
struct SubmitOptions {
    Submission job;
    std::string request_file;            ///< "-": standard input; empty: none
    std::vector<std::string> after;      ///< ids, which may be shortened
    std::vector<std::string> artifacts;  ///< "FIELD=JOB/N", likewise
    std::string fold_file;               ///< likewise: lines that become the file of a chat_batch
    std::string idempotency_key;
    std::string timeout;
    bool dry_run = false;
};

void add_submit_options(CLI::App& verb, SubmitOptions& options);

/// Hands the job in; what the daemon answered. Sent under an idempotency key (a random one unless
/// one is given), so a lost answer is asked for again and nothing is bought twice.
std::string submit_job(Context& context, const SubmitOptions& options);

/// Waits for the job that `body` shows. Where JSON alone is printed, and at the end, its id is told
/// on standard error before: whoever stops the program still knows it.
Waited wait_for_submitted(Context& context, const std::string& body, const Patience& patience);

/// Tells what a dry run has found: the op, the price, and what it would wait for.
Exit tell_estimate(Context& context, const std::string& body);

}  // namespace genspool::cli
