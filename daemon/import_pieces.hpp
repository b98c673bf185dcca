#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// Cutting a file's bytes into the texts of its jobs, byte for byte as the producer wrote them.
/// Pure state machines: they are fed what was read, in blocks of any size.
namespace genspool::daemon {

/// One job's text.
struct Piece {
    std::uint64_t number = 0;  ///< its line, or its place in the array; from 1
    std::string text;
    bool too_long = false;  ///< it exceeds the limit; `text` is empty
    std::string fault{};    ///< why it is no job, where its form is to blame; `text` is empty
};

/// Lines, ended by LF, CRLF or the end of the file. Blank ones are counted and left out.
class LineSplitter {
public:
    explicit LineSplitter(std::size_t bytes_max) : bytes_max_(bytes_max) {}

    /// Takes bytes off the front of `bytes`, up to the end of the next piece. nullopt: all are
    /// taken and no piece is complete.
    std::optional<Piece> feed(std::string_view& bytes);
    /// The file is at its end: the last line, if it has no newline.
    std::optional<Piece> finish();
    /// There is none: each line is judged by itself.
    std::optional<std::string> problem() const { return std::nullopt; }
    /// The line of the file it has come to, from 1.
    std::uint64_t line() const { return lines_ + 1; }
    /// Memory that the incomplete line takes.
    std::size_t held() const { return line_.capacity(); }

private:
    std::optional<Piece> end_line();

    std::size_t bytes_max_;
    std::uint64_t lines_ = 0;
    std::string line_;
    bool too_long_ = false;
};

/// The elements of one JSON array, or one JSON object as the only piece. Knows only as much JSON as
/// is needed to find where an element ends; what is inside is judged by whoever takes the piece.
class ArraySplitter {
public:
    explicit ArraySplitter(std::size_t bytes_max) : bytes_max_(bytes_max) {}

    /// As LineSplitter::feed; where problem() has one, no more pieces come.
    std::optional<Piece> feed(std::string_view& bytes);
    /// The file is at its end; problem() says if that was too early. No piece is left.
    std::optional<Piece> finish();
    /// Why this is neither one array nor one object; nullopt so far.
    const std::optional<std::string>& problem() const { return problem_; }
    /// The line of the file it has come to, from 1.
    std::uint64_t line() const { return newlines_ + 1; }
    /// Memory that the incomplete element takes.
    std::size_t held() const { return piece_.text.capacity(); }

private:
    enum class At : std::uint8_t { start, first, element, inside, after, end };

    enum class Step : std::uint8_t {
        more,
        ended,         ///< the piece ends with this character
        ended_before,  ///< the piece ended in front of this character, which is still to be taken
    };

    Step step(char c);
    Step step_start(char c);
    Step step_inside(char c);
    Step begin_piece(char c);
    void keep(char c);
    Step fail(std::string why);

    std::size_t bytes_max_;
    At at_ = At::start;
    bool single_ = false;  ///< one object, no array around it
    bool in_string_ = false;
    bool escaped_ = false;
    std::size_t depth_ = 0;
    std::uint64_t newlines_ = 0;
    Piece piece_;
    std::optional<std::string> problem_;
};

/// A file that is one text, to be spoken.
class TextSplitter {
public:
    /// `job`: JSON of a job whose request lacks its `text`.
    TextSplitter(std::size_t bytes_max, boost::json::object job)
        : bytes_max_(bytes_max), job_(std::move(job)) {}

    /// Takes all there is.
    std::optional<Piece> feed(std::string_view& bytes);
    /// The only piece; none if there is nothing to speak.
    std::optional<Piece> finish();
    std::optional<std::string> problem() const { return std::nullopt; }
    std::uint64_t line() const { return 1; }

private:
    std::size_t bytes_max_;
    boost::json::object job_;
    std::string text_;
    bool too_long_ = false;
};

}  // namespace genspool::daemon
