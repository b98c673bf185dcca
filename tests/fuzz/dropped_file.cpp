// daemon/import_pieces, import_table: a dropped file cut into its jobs, as lines, as a JSON array
// as a table and as one text.

#include "daemon/import_pieces.hpp"
#include "daemon/import_table.hpp"

#include <boost/json.hpp>
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
std::string cut(Splitter splitter, std::string_view bytes, std::size_t block) {
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

template <class Splitter>
void judge(const Splitter& fresh, std::string_view bytes, std::size_t block) {
    must(cut(fresh, bytes, block) == cut(fresh, bytes, SIZE_MAX), "blocks make no difference");
}

}  // namespace

void fuzz_one(std::string_view input) {
    Choices choices(input);
    const std::size_t block = 1 + choices.below(64);
    judge(daemon::LineSplitter(piece_bytes_max), input, block);
    judge(daemon::ArraySplitter(piece_bytes_max), input, block);
    judge(daemon::TableSplitter(piece_bytes_max), input, block);
    const boost::json::object speech{{"kind", "tts"}, {"request", boost::json::object()}};
    // In JSON each of its bytes may take six.
    judge(daemon::TextSplitter(piece_bytes_max / 8, speech), input, block);
}

}  // namespace genspool::fuzz
