// daemon/import_pieces, import_table: a dropped file cut into its jobs, as lines, as a JSON array
// and as a table.

#include "daemon/import_pieces.hpp"
#include "daemon/import_table.hpp"

#include <string>

#include "tests/fuzz/fuzz.hpp"

namespace genspool::fuzz {
namespace {

constexpr std::size_t piece_bytes_max = 256;

void tell(const daemon::Piece& piece, std::string& told) {
    must(piece.text.size() <= piece_bytes_max, "a piece within its limit");
    must(!piece.too_long || piece.text.empty(), "what is too long is not kept");
    must(piece.fault.empty() || piece.text.empty(), "what is no job has no text");
    must(piece.number > 0, "pieces count from 1");
    told += std::to_string(piece.number) + "|" + piece.text + piece.fault + "\n";
}

template <class Splitter>
std::string cut(std::string_view bytes, std::size_t block) {
    Splitter splitter(piece_bytes_max);
    std::string told;
    while (!bytes.empty()) {
        std::string_view part = bytes.substr(0, block);
        bytes.remove_prefix(part.size());
        while (const auto piece = splitter.feed(part))
            tell(*piece, told);
    }
    if (const auto piece = splitter.finish()) tell(*piece, told);
    return told + splitter.problem().value_or("");
}

}  // namespace

void fuzz_one(std::string_view input) {
    Choices choices(input);
    const std::size_t block = 1 + choices.below(64);
    must(cut<daemon::LineSplitter>(input, block) == cut<daemon::LineSplitter>(input, SIZE_MAX),
         "lines: blocks make no difference");
    must(cut<daemon::ArraySplitter>(input, block) == cut<daemon::ArraySplitter>(input, SIZE_MAX),
         "elements: blocks make no difference");
    must(cut<daemon::TableSplitter>(input, block) == cut<daemon::TableSplitter>(input, SIZE_MAX),
         "rows: blocks make no difference");
}

}  // namespace genspool::fuzz
