// cli/folding and proto/minimax/batch_file: files of many chats, before and after they are folded.

#include <algorithm>
#include <boost/json/parse.hpp>
#include <set>
#include <string>

#include "cli/folding.hpp"
#include "proto/minimax/batch_file.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace genspool::fuzz {

namespace {

/// Words of a fault may be the input's own, so the lines themselves are looked at.
void must_be_lines(std::string_view text) {
    std::set<std::string> names;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        boost::system::error_code error;
        const boost::json::value value = boost::json::parse(line, error);
        must(!error && value.is_object(), "what was folded can be read");
        const boost::json::value* const name = value.get_object().if_contains("custom_id");
        must(name != nullptr && name->is_string(), "each line has a name");
        must(names.emplace(name->get_string()).second, "each line has a name of its own");
    }
}

}  // namespace

void fuzz_one(std::string_view input) {
    const std::string as_it_is = proto::minimax::batch_file_fault(input);
    must(as_it_is.size() < 4 * input.size() + 1'000, "a fault is told in a few words");
    const cli::Folded folded = cli::fold_chat_lines(input);
    for (const std::string& fault : folded.faults)
        must(!fault.empty(), "a fault is told");
    if (!folded.faults.empty()) return;
    must_be_lines(folded.text);
}

}  // namespace genspool::fuzz
