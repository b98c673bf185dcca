#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/completing.hpp"
#include "cli/program.hpp"

namespace genspool::cli {

void add_completion(Program& program) {
    auto shell = std::make_shared<std::string>();
    CLI::App* const verb = program.verb(
        "completion", "Print what a shell needs to complete verbs, options, ids and accounts",
        "  source <(genspool completion bash)\n"
        "  genspool completion zsh > ~/.zfunc/_genspool      # with ~/.zfunc on the $fpath\n"
        "  genspool completion fish > ~/.config/fish/completions/genspool.fish",
        [shell](Context& context) {
            context.console.out(completion_script(*shell));
            return Exit::done;
        });
    verb->add_option("SHELL", *shell, "bash, zsh or fish")
        ->required()
        ->type_name("")
        ->check([](const std::string& said) {
            return completion_script(said) != nullptr ? std::string()
                                                      : "SHELL must be bash, zsh or fish";
        });
}

}  // namespace genspool::cli
