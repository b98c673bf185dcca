#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace genspool::daemon {

/// What a name in the watch folder says of its file.
enum class NameKind : std::uint8_t {
    ignored,  ///< ".hidden", "x.part", "x.tmp", "x~": somebody is not done with it
    jsonl,    ///< a job or batch line on each line
    json,     ///< one job, or an array of jobs
    csv,      ///< a table, a job in each of its rows
    txt,      ///< a text to be spoken
    other,    ///< an ending nobody knows
};

NameKind name_kind(std::string_view name);

/// Why this name cannot be used at all (too long for what is named after it, control characters,
/// not UTF-8); nullopt if it can.
std::optional<std::string> name_problem(std::string_view name);

/// "films" of "films.jsonl": what the batch's files are named after.
std::string_view stem_of(std::string_view name);

/// ".jsonl" of "films.jsonl"; empty where there is none.
std::string_view ending_of(std::string_view name);

/// The n-th name to try: "films.jsonl" for 1, "films~2.jsonl" for 2.
std::string numbered_name(std::string_view name, unsigned n);

}  // namespace genspool::daemon
