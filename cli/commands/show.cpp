#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/job_text.hpp"
#include "cli/json_reading.hpp"
#include "cli/program.hpp"
#include "cli/urls.hpp"
#include "cli/words.hpp"

namespace genspool::cli {

void add_show(Program& program) {
    auto ids = std::make_shared<std::vector<std::string>>();
    CLI::App* const verb = program.verb(
        "show", "Show everything about a job", "  genspool show 01KAMZ3T", [ids](Context& context) {
            for (std::size_t i = 0; i < ids->size(); ++i) {
                const std::string body = context.daemon().get(job_path((*ids)[i]));
                if (context.json) {
                    context.print_json(body);
                    continue;
                }
                if (i > 0) context.console.out("\n");
                print_job(context.console, parse_reply(body), wall_now());
            }
            return Exit::done;
        });
    verb->add_option("ID", *ids, "The job")->required()->type_name("");
}

}  // namespace genspool::cli
