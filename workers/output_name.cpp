#include "workers/output_name.hpp"

#include <charconv>
#include <system_error>

#include "proto/utf8.hpp"

namespace genspool::workers {

namespace {

/// Of the 255 bytes a file system gives a name; the rest is for "~2".
constexpr std::size_t component_bytes_max = 240;

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

/// Fills in the names of one component.
std::string fill(std::string_view component, const OutputFacts& facts) {
    std::string text;
    while (!component.empty()) {
        const std::size_t open = component.find('{');
        text += component.substr(0, open);
        if (open == std::string_view::npos) break;
        const std::size_t close = component.find('}', open);
        text += value_of(component.substr(open + 1, close - open - 1), facts);
        component.remove_prefix(close + 1);
    }
    return text;
}

constexpr const char* pack_ending = ".pack.part";

std::string hidden_name(std::string_view name, std::string_view id, std::uint32_t n) {
    const std::size_t slash = name.rfind('/');
    std::string hidden;
    if (slash != std::string_view::npos) hidden = name.substr(0, slash + 1);
    return hidden + "." + std::string(id) + "-" + std::to_string(n);
}

}  // namespace

std::string output_name(std::string_view output, const OutputFacts& facts, std::uint32_t copy) {
    std::string name;
    // The directory does not depend on the media type, which may show only with the first bytes.
    OutputFacts place = facts;
    place.ext.clear();
    for (std::size_t slash = output.find('/'); slash != std::string_view::npos;
         slash = output.find('/')) {
        const std::string component =
            proto::bounded_utf8(fill(output.substr(0, slash), place), component_bytes_max);
        name += component.empty() ? "none" : component;
        name += '/';
        output.remove_prefix(slash + 1);
    }
    std::string base = fill(output, facts);
    if (base.empty() || base.front() == '.') base.insert(0, facts.id);
    const bool typed = !facts.ext.empty() && base.ends_with(facts.ext);
    const std::string ext = typed ? facts.ext : std::string();
    base.resize(base.size() - ext.size());
    base = proto::bounded_utf8(base, component_bytes_max - ext.size());
    if (copy > 1) base += "~" + std::to_string(copy);
    return name + base + ext;
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
