#include "daemon/results_note.hpp"

#include <array>
#include <charconv>

#include "daemon/batch_notes.hpp"

namespace genspool::daemon {

namespace {

constexpr std::array<std::string_view, 3> phase_words{"open", "renaming", "done"};

/// Takes what stands before the next colon.
std::string_view take_part(std::string_view& text) {
    const std::size_t colon = text.find(':');
    const std::string_view part = text.substr(0, colon);
    text.remove_prefix(colon == std::string_view::npos ? text.size() : colon + 1);
    return part;
}

bool read_number(std::string_view text, std::uint64_t& number) {
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    return error == std::errc{} && stop == end;
}

}  // namespace

std::string show_results_note(const ResultsNote& note) {
    std::string text = std::to_string(note.results) + ":" + std::to_string(note.errors) + ":";
    text += phase_words.at(static_cast<std::size_t>(note.phase));
    if (note.again) text += ":again";
    return text;
}

std::optional<ResultsNote> parse_results_note(std::string_view text) {
    ResultsNote note;
    if (!read_number(take_part(text), note.results)) return std::nullopt;
    if (!read_number(take_part(text), note.errors)) return std::nullopt;
    const std::string_view phase = take_part(text);
    std::size_t n = 0;
    while (n < phase_words.size() && phase_words.at(n) != phase)
        ++n;
    if (n == phase_words.size()) return std::nullopt;
    note.phase = static_cast<ResultsNote::Phase>(n);
    note.again = text == "again";
    return note;
}

std::optional<ResultsNote> results_note(const queue::BatchView& batch) {
    return parse_results_note(note_of(batch, note_results));
}

std::string results_name(const queue::BatchView& batch) {
    const std::string_view stem = note_of(batch, note_stem);
    return stem.empty() ? batch.id.text() : std::string(stem);
}

}  // namespace genspool::daemon
