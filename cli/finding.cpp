#include "cli/finding.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "cli/json_reading.hpp"

namespace genspool::cli {
namespace {

constexpr std::size_t level_width = 9;
constexpr std::size_t check_width = 15;

std::string padded(const std::string& text, std::size_t wide) {
    return text + std::string(wide - std::min(wide, text.size()), ' ');
}

Paint paint_of(const Finding& finding) {
    if (finding.is_problem()) return Paint::bad;
    return finding.level == "ok" ? Paint::good : Paint::waiting;
}

std::uint64_t count(const Findings& findings, std::string_view level) {
    return static_cast<std::uint64_t>(std::ranges::count(findings, level, &Finding::level));
}

std::string counted(std::uint64_t n, const std::string& what) {
    return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

}  // namespace

Finding read_finding(const boost::json::value& value) {
    return {text_at(value, "check"), text_at(value, "level"), text_at(value, "text"),
            text_at(value, "cure"), text_at(value, "account")};
}

std::string findings_json(const Findings& findings) {
    boost::json::array list;
    for (const Finding& finding : findings) {
        boost::json::object one;
        one["check"] = finding.check;
        one["level"] = finding.level;
        one["text"] = finding.text;
        if (!finding.cure.empty()) one["cure"] = finding.cure;
        if (!finding.account.empty()) one["account"] = finding.account;
        list.push_back(std::move(one));
    }
    boost::json::object all;
    all["findings"] = std::move(list);
    all["problems"] = count(findings, "problem");
    all["warnings"] = count(findings, "warning");
    return boost::json::serialize(all);
}

void print_finding(const Console& console, const Finding& finding) {
    console.out_line(
        painted(padded(finding.level, level_width), paint_of(finding), console.colours) +
        padded(finding.check, check_width) + printable(finding.text));
    if (!finding.cure.empty())
        console.out_line(padded("", level_width) + padded("cure", check_width) +
                         painted(printable(finding.cure), Paint::bold, console.colours));
}

std::string verdict_of(const Findings& findings) {
    const std::uint64_t problems = count(findings, "problem");
    const std::uint64_t warnings = count(findings, "warning");
    if (problems + warnings == 0) return "nothing is wrong";
    std::string text;
    if (problems > 0) text = counted(problems, "problem");
    if (warnings > 0) text += (text.empty() ? "" : ", ") + counted(warnings, "warning");
    return text;
}

}  // namespace genspool::cli
