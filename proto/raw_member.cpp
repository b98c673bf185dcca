#include "proto/raw_member.hpp"

#include <algorithm>

namespace genspool::proto {
namespace {

constexpr std::string_view white_space = " \t\r\n";

/// Steps over the tokens of valid JSON. On anything else it stops early, within the text.
class Stepper {
public:
    explicit Stepper(std::string_view text) : text_(text) {}

    std::size_t at() const { return at_; }
    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    void step() { at_ = std::min(at_ + 1, text_.size()); }

    void white() {
        while (at_ < text_.size() && white_space.find(text_[at_]) != std::string_view::npos)
            ++at_;
    }

    /// From the opening quote to behind the closing one; what stood between them.
    std::string_view string() {
        step();
        const std::size_t begin = at_;
        while (at_ < text_.size() && text_[at_] != '"') {
            if (text_[at_] == '\\') step();
            step();
        }
        const std::string_view inner = text_.substr(begin, at_ - begin);
        step();
        return inner;
    }

    std::string_view value() {
        const std::size_t begin = at_;
        std::size_t depth = 0;
        do {
            const char c = peek();
            if (c == '"') {
                string();
                continue;
            }
            if (c == '{' || c == '[') ++depth;
            if (c == '}' || c == ']') --depth;
            if (is_scalar(c)) {
                while (at_ < text_.size() && is_scalar(text_[at_]))
                    ++at_;
            } else {
                step();
            }
        } while (depth > 0 && at_ < text_.size());
        return text_.substr(begin, at_ - begin);
    }

private:
    static bool is_scalar(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' ||
               c == '.' || c == 'E';
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

std::optional<std::string_view> raw_member(std::string_view object, std::string_view key) {
    Stepper stepper(object);
    stepper.white();
    if (stepper.peek() != '{') return std::nullopt;
    std::optional<std::string_view> found;
    do {
        stepper.step();  // over the brace or the comma
        stepper.white();
        if (stepper.peek() != '"') return found;  // an empty object
        const std::string_view name = stepper.string();
        if (name.find('\\') != std::string_view::npos) return std::nullopt;
        stepper.white();
        stepper.step();  // over the colon
        stepper.white();
        const std::string_view value = stepper.value();
        if (name == key) found = value;
        stepper.white();
    } while (stepper.peek() == ',');
    return found;
}

}  // namespace genspool::proto
