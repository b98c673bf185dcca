#pragma once

#include <string>

#include "cli/context.hpp"
#include "cli/failure.hpp"
#include "cli/targets.hpp"

namespace genspool::cli {

/// POSTs `body` to /v1/jobs/ID/`action` for each id, or, with a selection, to /v1/jobs:`action`.
/// `harmless`: doing it twice changes nothing. An id that fails is told and the others go on; the
/// exit is that of the first failure.
Exit act(Context& context, const Targets& targets, const std::string& action,
         const std::string& body, bool harmless);

/// What buying them could come to, of all jobs that are selected now: nobody wants to guess.
struct Stakes {
    std::string jobs;  ///< "12 jobs"; empty: there are none
    std::string cost;  ///< ", for about 5.88 USD"; empty: no price is known
};
Stakes stakes(Context& context, const Selection& selection);

}  // namespace genspool::cli
