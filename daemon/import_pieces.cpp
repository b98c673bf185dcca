#include "daemon/import_pieces.hpp"

#include <boost/json/serialize.hpp>
#include <utility>

namespace genspool::daemon {

namespace {

constexpr std::string_view blanks = " \t\r\n";

bool is_blank(char c) {
    return blanks.find(c) != std::string_view::npos;
}

}  // namespace

std::optional<Piece> LineSplitter::feed(std::string_view& bytes) {
    while (!bytes.empty()) {
        const std::size_t newline = bytes.find('\n');
        const std::string_view part = bytes.substr(0, newline);
        if (line_.size() + part.size() > bytes_max_) {
            too_long_ = true;
            line_.clear();
        }
        if (!too_long_) line_ += part;
        if (newline == std::string_view::npos) {
            bytes = {};
            return std::nullopt;
        }
        bytes.remove_prefix(newline + 1);
        if (auto piece = end_line()) return piece;
    }
    return std::nullopt;
}

std::optional<Piece> LineSplitter::finish() {
    if (line_.empty() && !too_long_) return std::nullopt;
    return end_line();
}

std::optional<Piece> LineSplitter::end_line() {
    Piece piece{++lines_, std::exchange(line_, {}), std::exchange(too_long_, false)};
    if (piece.text.ends_with('\r')) piece.text.pop_back();
    if (piece.text.find_first_not_of(blanks) == std::string::npos && !piece.too_long) {
        return std::nullopt;
    }
    return piece;
}

std::optional<Piece> ArraySplitter::feed(std::string_view& bytes) {
    while (!bytes.empty() && !problem_) {
        const char c = bytes.front();
        const Step done = step(c);
        if (done != Step::ended_before) {
            bytes.remove_prefix(1);
            if (c == '\n') ++newlines_;
        }
        if (done == Step::more) continue;
        const std::uint64_t number = piece_.number;
        return std::exchange(piece_, Piece{number, {}, false});
    }
    return std::nullopt;
}

std::optional<Piece> ArraySplitter::finish() {
    if (!problem_ && at_ != At::end)
        fail(at_ == At::start ? "there is no JSON in it" : "it ends in the middle of the JSON");
    return std::nullopt;
}

ArraySplitter::Step ArraySplitter::step(char c) {
    if (at_ == At::inside) return step_inside(c);
    if (is_blank(c)) return Step::more;
    if (at_ == At::start) return step_start(c);
    if (at_ == At::first && c == ']') {
        at_ = At::end;
        return Step::more;
    }
    if (at_ == At::first || at_ == At::element) return begin_piece(c);
    if (at_ == At::end) return fail("something follows after the end of the JSON");
    if (c != ',' && c != ']') return fail("a comma or the end of the array is missing");
    at_ = c == ',' ? At::element : At::end;
    return Step::more;
}

ArraySplitter::Step ArraySplitter::step_start(char c) {
    if (c == '[') {
        at_ = At::first;
        return Step::more;
    }
    if (c != '{') return fail("it is neither a JSON object nor a JSON array");
    single_ = true;
    return begin_piece(c);
}

ArraySplitter::Step ArraySplitter::begin_piece(char c) {
    if (c == ',' || c == ']' || c == '}') return fail("an element is missing");
    at_ = At::inside;
    ++piece_.number;
    return step_inside(c);
}

ArraySplitter::Step ArraySplitter::step_inside(char c) {
    if (in_string_) {
        keep(c);
        if (!escaped_ && c == '"') in_string_ = false;
        escaped_ = !escaped_ && c == '\\';
        return Step::more;
    }
    if (depth_ == 0 && (c == ',' || c == ']' || is_blank(c))) {
        at_ = At::after;
        return Step::ended_before;
    }
    keep(c);
    if (c == '"') in_string_ = true;
    if (c == '{' || c == '[') ++depth_;
    if (c != '}' && c != ']') return Step::more;
    if (depth_ == 0) return fail("a bracket is closed that was never opened");
    if (--depth_ > 0) return Step::more;
    at_ = single_ ? At::end : At::after;
    return Step::ended;
}

void ArraySplitter::keep(char c) {
    if (piece_.too_long) return;
    piece_.text += c;
    if (piece_.text.size() <= bytes_max_) return;
    piece_.too_long = true;
    piece_.text.clear();
}

ArraySplitter::Step ArraySplitter::fail(std::string why) {
    problem_ = std::move(why);
    return Step::more;
}

std::optional<Piece> TextSplitter::feed(std::string_view& bytes) {
    if (text_.size() + bytes.size() > bytes_max_) {
        too_long_ = true;
        text_.clear();
    }
    if (!too_long_) text_ += bytes;
    bytes = {};
    return std::nullopt;
}

std::optional<Piece> TextSplitter::finish() {
    while (!text_.empty() && is_blank(text_.back()))
        text_.pop_back();
    if (text_.empty() && !too_long_) return std::nullopt;
    Piece piece;
    piece.number = 1;
    piece.too_long = too_long_;
    if (!too_long_) {
        job_["request"].get_object()["text"] = std::exchange(text_, {});
        piece.text = boost::json::serialize(job_);
    }
    return piece;
}

}  // namespace genspool::daemon
