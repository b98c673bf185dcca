#include "tests/simulator/form.hpp"

#include <algorithm>
#include <string>

namespace genspool::simulator {
namespace {

/// What follows `opening`, up to `closing`; empty: it is not there.
std::string_view between(std::string_view text, std::string_view opening, char closing) {
    const std::size_t at = text.find(opening);
    if (at == text.npos) return {};
    const std::string_view rest = text.substr(at + opening.size());
    return rest.substr(0, rest.find(closing));
}

}  // namespace

std::vector<FormPart> read_form(std::string_view body) {
    std::vector<FormPart> form;
    const std::string edge = "\r\n" + std::string(body.substr(0, body.find("\r\n")));
    std::size_t at = edge.size();
    while (at < body.size()) {
        const std::size_t head = body.find("\r\n\r\n", at);
        const std::size_t end = head == body.npos ? body.npos : body.find(edge, head);
        if (end == body.npos) break;
        const std::string_view words = body.substr(at, head - at);
        FormPart part;
        part.name = between(words, " name=\"", '"');
        if (part.name.empty()) break;
        part.file_name = between(words, "filename=\"", '"');
        part.content_type = between(words, "Content-Type: ", '\r');
        part.bytes = body.substr(head + 4, end - head - 4);
        form.push_back(part);
        at = end + edge.size();
    }
    return form;
}

const FormPart* find_part(const std::vector<FormPart>& form, std::string_view name) {
    const auto found = std::ranges::find(form, name, &FormPart::name);
    return found == form.end() ? nullptr : &*found;
}

}  // namespace genspool::simulator
