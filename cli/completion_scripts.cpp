#include <array>
#include <string>
#include <utility>

#include "cli/completing.hpp"

namespace genspool::cli {
namespace {

constexpr const char* bash =
    R"sh(# genspool for bash: source this file, or put it where bash-completion looks, as in
#   genspool completion bash > ~/.local/share/bash-completion/completions/genspool
_genspool() {
    local line current=${COMP_WORDS[COMP_CWORD]}
    [[ $current == '=' ]] && current=
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ $line == ':files' ]]; then
            compopt -o filenames 2>/dev/null
            while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current")
        else
            COMPREPLY+=("${line%%$'\t'*}")
        fi
    done < <("${COMP_WORDS[0]}" complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _genspool genspool
)sh";

constexpr const char* zsh = R"sh(#compdef genspool
# genspool for zsh: put this file on the $fpath as _genspool, before compinit, or `source` it after.
_genspool() {
    local line
    local -a words_found
    for line in "${(@f)$("${words[1]}" complete "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
        if [[ $line == ':files' ]]; then
            _files
        elif [[ -n $line ]]; then
            words_found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
        fi
    done
    (( $#words_found == 0 )) || _describe -V 'genspool' words_found
}
if [[ $funcstack[1] == _genspool ]]; then
    _genspool "$@"
else
    (( $+functions[compdef] )) && compdef _genspool genspool
fi
)sh";

constexpr const char* fish =
    R"sh(# genspool for fish: put this file at ~/.config/fish/completions/genspool.fish
function __genspool_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in (command $words[1] complete $words[2..-1] 2>/dev/null)
        if test "$line" = ':files'
            __fish_complete_path (commandline -ct)
        else
            echo $line
        end
    end
end
complete -c genspool -f -a '(__genspool_complete)'
)sh";

}  // namespace

const char* completion_script(const std::string& shell) {
    static constexpr std::array<std::pair<const char*, const char*>, 3> scripts = {
        {{"bash", bash}, {"zsh", zsh}, {"fish", fish}}};
    for (const auto& [name, script] : scripts) {
        if (shell == name) return script;
    }
    return nullptr;
}

}  // namespace genspool::cli
