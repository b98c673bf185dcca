#include "workers/output_name.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

namespace genspool::workers {

namespace {

constexpr std::array<std::string_view, 7> fields{"id", "batch", "custom_id", "kind",
                                                 "n",  "-n",    "ext"};
/// Of the 255 bytes a file system gives a name; the rest is for "~2" and the extension.
constexpr std::size_t component_bytes_max = 200;
constexpr std::size_t template_bytes_max = 1000;

bool plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

std::string encode(std::string_view value) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        // A dot in front could make a hidden file or a way upwards.
        if (plain(c) && !(c == '.' && i == 0)) {
            text += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        text += '%';
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

std::string value_of(std::string_view field, const OutputFacts& facts) {
    if (field == "id") return facts.id;
    if (field == "batch") return facts.batch.empty() ? "none" : encode(facts.batch);
    if (field == "custom_id") return facts.custom_id.empty() ? facts.id : encode(facts.custom_id);
    if (field == "kind") return facts.kind;
    if (field == "n") return std::to_string(facts.n);
    if (field == "-n") return facts.several ? "-" + std::to_string(facts.n) : "";
    return facts.ext;
}

/// Fills in the names of one component; a value that is too long is cut.
std::string fill(std::string_view component, const OutputFacts& facts) {
    std::string text;
    while (!component.empty()) {
        const std::size_t open = component.find('{');
        text += component.substr(0, open);
        if (open == std::string_view::npos) break;
        const std::size_t close = component.find('}', open);
        std::string value = value_of(component.substr(open + 1, close - open - 1), facts);
        const std::size_t room = component_bytes_max - std::min(component_bytes_max, text.size());
        if (value.size() > room) value.resize(room);
        text += value;
        component.remove_prefix(close + 1);
    }
    return text;
}

std::optional<std::string> component_fault(std::string_view component) {
    if (component.empty()) return "output has an empty path component";
    if (component.front() == '.') return "output has a path component that begins with a dot";
    if (component.size() > component_bytes_max) return "output has too long a path component";
    while (true) {
        const std::size_t brace = component.find_first_of("{}");
        if (brace == std::string_view::npos) return std::nullopt;
        const std::size_t close = component.find('}', brace);
        if (component[brace] == '}' || close == std::string_view::npos) {
            return "output has an unmatched brace";
        }
        const std::string field(component.substr(brace + 1, close - brace - 1));
        if (std::find(fields.begin(), fields.end(), field) == fields.end()) {
            return "output has an unknown name {" + field + "}";
        }
        component.remove_prefix(close + 1);
    }
}

constexpr const char* pack_ending = ".pack.part";

std::string hidden_name(std::string_view name, std::string_view id, std::uint32_t n) {
    const std::size_t slash = name.rfind('/');
    std::string hidden;
    if (slash != std::string_view::npos) hidden = name.substr(0, slash + 1);
    return hidden + "." + std::string(id) + "-" + std::to_string(n);
}

}  // namespace

std::optional<std::string> output_template_fault(std::string_view output) {
    if (output.empty()) return "output is empty";
    if (output.size() > template_bytes_max) return "output is too long";
    const bool control = std::any_of(output.begin(), output.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20U || c == '\x7F' || c == '\\';
    });
    if (control) return "output holds a control character or a backslash";
    while (true) {
        const std::size_t slash = output.find('/');
        if (auto fault = component_fault(output.substr(0, slash))) return fault;
        if (slash == std::string_view::npos) return std::nullopt;
        output.remove_prefix(slash + 1);
    }
}

std::string output_name(std::string_view output, const OutputFacts& facts, std::uint32_t copy) {
    std::string name;
    // The directory does not depend on the media type, which may show only with the first bytes.
    OutputFacts place = facts;
    place.ext.clear();
    for (std::size_t slash = output.find('/'); slash != std::string_view::npos;
         slash = output.find('/')) {
        std::string component = fill(output.substr(0, slash), place);
        name += component.empty() ? "none" : component;
        name += '/';
        output.remove_prefix(slash + 1);
    }
    std::string base = fill(output, facts);
    if (base.empty() || base.front() == '.') base.insert(0, facts.id);
    if (copy > 1) {
        const bool typed = !facts.ext.empty() && base.ends_with(facts.ext);
        const std::size_t stem = base.size() - (typed ? facts.ext.size() : 0);
        base.insert(stem, "~" + std::to_string(copy));
    }
    return name + base;
}

std::string part_name(std::string_view name, std::string_view id, std::uint32_t n) {
    return hidden_name(name, id, n) + part_ending;
}

std::string pack_name(std::string_view name, std::string_view id, std::uint32_t n) {
    return hidden_name(name, id, n) + pack_ending;
}

std::optional<PartOf> part_of(std::string_view path) {
    constexpr std::size_t id_bytes = 26;
    const std::string_view name = path.substr(path.rfind('/') + 1);
    if (name.size() < id_bytes + 2 || name.front() != '.' || name[id_bytes + 1] != '-')
        return std::nullopt;
    const auto job = proto::JobId::parse(name.substr(1, id_bytes));
    PartOf part;
    const char* const end = name.data() + name.size();
    const auto [rest, ec] = std::from_chars(name.data() + id_bytes + 2, end, part.n);
    const std::string_view ending(rest, end);
    if (!job || ec != std::errc{} || (ending != part_ending && ending != pack_ending))
        return std::nullopt;
    part.job = *job;
    return part;
}

}  // namespace genspool::workers
