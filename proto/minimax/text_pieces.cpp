#include "proto/minimax/text_pieces.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "proto/utf8.hpp"

namespace genspool::proto::minimax {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> brackets{
    {{"<#", "#>"}, {"(", ")"}, {"[", "]"}, {"（", "）"}}};
/// What is longer is no remark: the bracket was left open.
constexpr std::size_t remark_bytes_max = 200;

constexpr std::array<std::string_view, 6> blanks{" ", "\t", "\n", "\r", "\u00A0", "\u3000"};
constexpr std::array<std::string_view, 4> narrow_ends{".", "!", "?", "…"};
constexpr std::array<std::string_view, 3> wide_ends{"。", "！", "？"};  // no blank follows
constexpr std::array<std::string_view, 8> closers{"\"", "'", "”", "’", "»", "」", "』", "）"};

bool is_one_of(std::string_view unit, Words words) {
    return std::find(words.begin(), words.end(), unit) != words.end();
}

bool is_pause(std::string_view unit) {
    return unit.size() > 2 && unit.starts_with("<#");
}

/// The first thing of a text that must stay whole.
std::string_view first_unit(std::string_view text) {
    for (const auto& [open, close] : brackets) {
        if (!text.starts_with(open)) continue;
        const std::size_t end = text.substr(0, remark_bytes_max).find(close, open.size());
        if (end != std::string_view::npos) return text.substr(0, end + close.size());
    }
    return text.substr(0, std::max<std::size_t>(character_length(text), 1));
}

enum Rank : std::size_t { sentence, word, anywhere };
using Cuts = std::array<std::size_t, 3>;  ///< by rank, the last place; 0: none

/// Looks for places to cut, from one thing of a text to the next.
class Search {
public:
    /// Whether `next` may begin a piece decides what becomes of the places before it.
    void arrive(std::string_view next) {
        if (is_one_of(next, blanks)) return;  // a pause may still come after them
        const bool closes = is_one_of(next, closers) && !blank_;
        if (!is_pause(next) && !closes) {
            for (std::size_t rank = 0; rank < sure_.size(); ++rank)
                sure_[rank] = std::max(sure_[rank], open_[rank]);
        }
        open_ = {};
    }

    /// `unit` ends at `end`.
    void pass(std::string_view unit, std::size_t end) {
        blank_ = is_one_of(unit, blanks);
        paused_ = is_pause(unit) || (paused_ && blank_);
        if (is_one_of(unit, wide_ends)) {
            ended_ = wide_ = true;
        } else if (is_one_of(unit, narrow_ends)) {
            ended_ = true;
            wide_ = false;
        } else if (!blank_ && !is_one_of(unit, closers)) {
            ended_ = false;
        }
        if (paused_) return;
        if ((ended_ && (blank_ || wide_)) || unit == "\n") {
            open_[sentence] = end;
        } else {
            open_[blank_ ? word : anywhere] = end;
        }
    }

    /// The best place; 0: there is none.
    std::size_t best() const {
        const auto* found =
            std::find_if(sure_.begin(), sure_.end(), [](std::size_t at) { return at > 0; });
        return found != sure_.end() ? *found : 0;
    }

private:
    Cuts sure_{};
    Cuts open_{};  ///< in front of what was not looked at yet
    bool blank_ = false;
    bool paused_ = false;
    bool ended_ = false;
    bool wide_ = false;
};

std::string_view after_blanks(std::string_view text) {
    while (!text.empty() && is_one_of(first_unit(text), blanks))
        text.remove_prefix(first_unit(text).size());
    return text;
}

std::size_t piece_length(std::string_view text, std::size_t characters_max) {
    Search search;
    std::size_t end = 0;
    std::size_t characters = 0;
    while (end < text.size()) {
        const std::string_view unit = first_unit(text.substr(end));
        characters += code_points(unit);
        if (characters > characters_max) {
            search.arrive(first_unit(after_blanks(text.substr(end))));
            const std::size_t best = search.best();
            return best > 0 ? best : std::max(end, unit.size());
        }
        search.arrive(unit);
        end += unit.size();
        search.pass(unit, end);
    }
    return end;
}

}  // namespace

std::vector<std::string> cut_text(std::string_view text, std::size_t characters_max) {
    std::vector<std::string> pieces;
    while (!text.empty()) {
        const std::string_view piece = text.substr(0, piece_length(text, characters_max));
        if (!after_blanks(piece).empty()) pieces.emplace_back(piece);
        text.remove_prefix(piece.size());
    }
    return pieces;
}

}  // namespace genspool::proto::minimax
