#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/commands/pausing.hpp"
#include "cli/json_reading.hpp"
#include "cli/program.hpp"

namespace genspool::cli {
namespace {

struct Options {
    std::vector<std::string> accounts;
    std::string reason;
};

Exit pause(Context& context, const Options& options) {
    std::string body;
    if (!options.reason.empty()) {
        boost::json::object object;
        object["reason"] = options.reason;
        body = to_text(object);
    }
    return pause_or_resume(context, options.accounts, "pause", body);
}

}  // namespace

void add_pause(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* const verb =
        program.verb("pause", "Buy nothing new, everywhere or at some accounts",
                     "  genspool pause\n"
                     "  genspool pause main --reason \"waiting for the new plan\"",
                     [options](Context& context) { return pause(context, *options); });
    verb->add_option("ACCOUNT", options->accounts, "Only these accounts")->type_name("");
    verb->add_option("--reason", options->reason, "Shown to whoever asks why")->type_name("TEXT");
}

}  // namespace genspool::cli
