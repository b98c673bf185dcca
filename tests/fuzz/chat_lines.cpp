// cli/folding and proto/minimax/batch_file: files of many chats, before and after they are folded.

#include "cli/folding.hpp"
#include "proto/minimax/batch_file.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace genspool::fuzz {

void fuzz_one(std::string_view input) {
    const std::string as_it_is = proto::minimax::batch_file_fault(input);
    must(as_it_is.size() < 4 * input.size() + 1'000, "a fault is told in a few words");
    const cli::Folded folded = cli::fold_chat_lines(input);
    for (const std::string& fault : folded.faults)
        must(!fault.empty(), "a fault is told");
    if (!folded.faults.empty()) return;
    const std::string fault = proto::minimax::batch_file_fault(folded.text);
    must(fault.find("no JSON object") == std::string::npos, "what was folded can be read");
    must(fault.find("its custom_id") == std::string::npos, "each line has a name of its own");
    must(fault.find("$file") == std::string::npos, "no file is named in a line");
}

}  // namespace genspool::fuzz
