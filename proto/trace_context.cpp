#include "proto/trace_context.hpp"

#include <algorithm>

namespace genspool::proto {
namespace {

constexpr std::size_t version_end = 2;
constexpr std::size_t trace_end = 35;
constexpr std::size_t span_end = 52;
constexpr std::size_t flags_end = 55;

bool is_hex(std::string_view text) {
    return std::ranges::all_of(
        text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_id(std::string_view text) {
    return is_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

}  // namespace

std::string read_traceparent(std::string_view header) {
    if (header.size() < flags_end) return {};
    const std::string_view version = header.substr(0, version_end);
    const std::string_view trace = header.substr(version_end + 1, trace_end - version_end - 1);
    const std::string_view span = header.substr(trace_end + 1, span_end - trace_end - 1);
    const std::string_view flags = header.substr(span_end + 1, flags_end - span_end - 1);
    for (const std::size_t dash : {version_end, trace_end, span_end})
        if (header[dash] != '-') return {};
    if (!is_hex(version) || version == "ff") return {};
    const bool longer = header.size() > flags_end;
    if (longer && (version == "00" || header[flags_end] != '-')) return {};
    if (!is_id(trace) || !is_id(span) || !is_hex(flags)) return {};
    // Of the flags version 00 knows the last; it wants the others to be zero.
    const bool sampled = std::string_view("13579bdf").find(flags.back()) != std::string_view::npos;
    return "00" + std::string(header.substr(version_end, span_end - version_end)) +
           (sampled ? "-01" : "-00");
}

}  // namespace genspool::proto
