#include "manual/roff.hpp"

#include <algorithm>
#include <cctype>

namespace genspool::manual {
namespace {

constexpr std::size_t columns = 78;

/// So that troff prints it and does nothing else.
std::string plain(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '\\':
                out += "\\e";
                break;
            case '-':
                out += "\\-";
                break;
            case '~':
                out += "\\(ti";
                break;
            case '^':
                out += "\\(ha";
                break;
            case '`':
                out += "\\(ga";
                break;
            case '"':
                out += "\\(dq";
                break;
            case '\'':
                out += "\\(aq";
                break;
            default:
                out += c;
        }
    }
    return out;
}

/// A line must not begin like a request.
std::string guarded(const std::string& line) {
    return line.starts_with('.') || line.starts_with('\'') ? "\\&" + line : line;
}

/// Reads marked text into troff's fonts.
class Marks {
public:
    explicit Marks(std::string_view text, std::string_view font = "R") : text_(text), font_(font) {}

    std::string read() {
        while (at_ < text_.size())
            step();
        return out_;
    }

private:
    void step() {
        const bool taken = within("`", "B", true) || within("**", "B", false) || link() ||
                           (word_begins() && within("*", "I", false));
        if (taken) return;
        out_ += plain(text_.substr(at_, 1));
        ++at_;
    }

    bool word_begins() const {
        return at_ + 1 < text_.size() &&
               std::isspace(static_cast<unsigned char>(text_[at_ + 1])) == 0;
    }

    bool within(std::string_view mark, std::string_view font, bool verbatim) {
        if (!text_.substr(at_).starts_with(mark)) return false;
        const std::size_t begin = at_ + mark.size();
        const std::size_t end = text_.find(mark, begin);
        if (end == text_.npos || end == begin) return false;
        const std::string_view inner = text_.substr(begin, end - begin);
        out_ += "\\f" + std::string(font);
        out_ += verbatim ? plain(inner) : Marks(inner, font).read();
        out_ += "\\f" + std::string(font_);
        at_ = end + mark.size();
        return true;
    }

    /// A link within the documentation is its text; another one shows where it leads.
    bool link() {
        if (text_[at_] != '[') return false;
        const std::size_t middle = text_.find("](", at_);
        const std::size_t end = text_.find(')', at_);
        if (middle == text_.npos || end == text_.npos || end < middle) return false;
        const std::string_view words = text_.substr(at_ + 1, middle - at_ - 1);
        const std::string_view target = text_.substr(middle + 2, end - middle - 2);
        out_ += Marks(words).read();
        if (target.starts_with("http")) out_ += " (" + plain(target) + ")";
        at_ = end + 1;
        return true;
    }

    std::string_view text_;
    std::string_view font_;  ///< around the text
    std::size_t at_ = 0;
    std::string out_;
};

}  // namespace

Roff::Roff(std::string_view name, std::string_view section, std::string_view date) {
    text_ =
        ".TH " + plain(name) + " " + std::string(section) + " " + std::string(date) + " genspool\n";
}

void Roff::macro(std::string_view name, std::string_view argument) {
    below_heading_ = name == "SH" || name == "SS";
    text_ += "." + std::string(name);
    if (!argument.empty()) text_ += " \"" + plain(argument) + "\"";
    text_ += "\n";
}

void Roff::heading(std::string_view text) {
    std::string upper(text);
    std::ranges::transform(upper, upper.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    macro("SH", upper);
}

void Roff::subheading(std::string_view text) {
    macro("SS", text);
}

/// Filled anew, so that no line of the page is longer than a terminal's.
void Roff::marked(std::string_view text) {
    const std::string troff = Marks(text).read();
    std::string line;
    std::size_t at = 0;
    while (at < troff.size()) {
        const std::size_t begin = troff.find_first_not_of(" \n", at);
        if (begin == troff.npos) break;
        const std::size_t end = std::min(troff.find_first_of(" \n", begin), troff.size());
        const std::string word = troff.substr(begin, end - begin);
        if (!line.empty() && line.size() + 1 + word.size() > columns) {
            text_ += guarded(line) + "\n";
            line.clear();
        }
        line += (line.empty() ? "" : " ") + word;
        at = end;
    }
    if (!line.empty()) text_ += guarded(line) + "\n";
}

void Roff::new_paragraph() {
    if (!below_heading_) macro("PP");
    below_heading_ = false;
}

void Roff::paragraph(std::string_view text) {
    new_paragraph();
    marked(text);
}

void Roff::item(std::string_view term, std::string_view meaning) {
    macro("TP");
    text_ += guarded(Marks(term).read()) + "\n";
    if (meaning.find_first_not_of(" \n") == meaning.npos) {
        text_ += "\\&\n";
    } else {
        marked(meaning);
    }
}

void Roff::literal(std::string_view lines) {
    new_paragraph();
    text_ += ".RS 4\n.nf\n";
    while (!lines.empty()) {
        const std::size_t end = std::min(lines.find('\n'), lines.size());
        text_ += guarded(plain(lines.substr(0, end))) + "\n";
        lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    text_ += ".fi\n.RE\n";
}

}  // namespace genspool::manual
