#include "queue/completions.hpp"
#include "queue/keys.hpp"
#include "queue/verify_check.hpp"

namespace genspool::queue {

void check_completions(Check& check) {
    std::size_t sorts = 0;
    check.each(keys::completions_family, 2, Check::Ending::text,
               [&](std::string_view key, std::string_view value) {
                   const std::string name = "the times of " + std::string(key.substr(1));
                   const auto row = check.read<CompletionsRow>(value, name);
                   if (row && row->took_ms.size() > proto::CompletionTimes::kept_max)
                       check.broken(name + " are more than are kept");
                   ++sorts;
               });
    if (sorts > Completions::sorts_max)
        check.broken("the times of " + std::to_string(sorts) + " sorts of tasks are kept");
}

}  // namespace genspool::queue
