#include "cli/remote_text.hpp"

#include <array>
#include <span>

#include "cli/json_reading.hpp"
#include "cli/table.hpp"
#include "cli/words.hpp"

namespace genspool::cli {

namespace json = boost::json;

namespace {

/// How a value is told.
enum class As : std::uint8_t { text, number, size, seconds_ago, ms_ago, ms_ahead };

struct Column {
    const char* title;
    std::string_view path;  ///< in an entry; "@" is the name that it stands under
    As as = As::text;
};

/// What one resource answers: its entries are the elements of the list at `path`; of an object
/// there, its members, or the elements of each of them.
struct List {
    std::string_view resource;
    std::string_view path;  ///< "" is the whole answer
    std::span<const Column> columns;
};

// clang-format off
constexpr std::array files{
    Column{"ID", "file_id"}, Column{"SIZE", "bytes", As::size},
    Column{"AGE", "created_at", As::seconds_ago}, Column{"PURPOSE", "purpose"},
    Column{"NAME", "filename"}};
constexpr std::array voices{
    Column{"ID", "voice_id"}, Column{"TYPE", "@"}, Column{"CREATED", "created_time"},
    Column{"NAME", "voice_name"}};
constexpr std::array tasks{
    Column{"ID", "id"}, Column{"STATUS", "status"}, Column{"AGE", "created_at", As::seconds_ago},
    Column{"TYPE", "task_type"}, Column{"MODEL", "model"}};
constexpr std::array batches{
    Column{"ID", "id"}, Column{"STATUS", "status"}, Column{"AGE", "created_at", As::seconds_ago},
    Column{"REQUESTS", "request_counts.total", As::number},
    Column{"DONE", "request_counts.completed", As::number},
    Column{"FAILED", "request_counts.failed", As::number}, Column{"OUTPUT", "output_file_id"}};
// The upstream's own names: what it counts by them has changed before.
constexpr std::array plan{
    Column{"MODEL", "model_name"},
    Column{"TOTAL COUNT", "current_interval_total_count", As::number},
    Column{"USAGE COUNT", "current_interval_usage_count", As::number},
    Column{"WINDOW ENDS", "end_time", As::ms_ahead}};
constexpr std::array models{Column{"ID", "id"}, Column{"OWNED BY", "owned_by"}};

constexpr std::array linked{
    Column{"ID", "@"}, Column{"VIDEOS AT ONCE", "maxJobs", As::number},
    Column{"LOGGED IN UNTIL", "jwt.exp_Expire"}, Column{"VIDEO", "supportVideo"},
    Column{"SPEECH", "supportAudio"}, Column{"ERROR", "error"}};
constexpr std::array running{
    Column{"VIDEO", "videoId"}, Column{"IMAGE", "imageId"}, Column{"SPEECH", "audioId"},
    Column{"SONG", "musicId"}, Column{"FOR", "elapsed", As::number}, Column{"REF", "replyRef"}};
constexpr std::array room{
    Column{"ACCOUNT", "account"}, Column{"VIDEOS AT ONCE", "maxJobs", As::number},
    Column{"RUNNING", "executing", As::number}, Column{"FREE", "available", As::number},
    Column{"SPEECHES", "executingAudio", As::number}};
constexpr std::array agents{
    Column{"ID", "jobId"}, Column{"ACCOUNT", "@"}, Column{"FOR", "elapsed", As::number}};
constexpr std::array videos{
    Column{"ID", "videoId"}, Column{"STATUS", "statusLabel"},
    Column{"AGE", "createTime", As::ms_ago}, Column{"MODEL", "modelID"}, Column{"PROMPT", "desc"}};
constexpr std::array images{
    Column{"ID", "imageId"}, Column{"STATUS", "statusLabel"},
    Column{"AGE", "createTime", As::ms_ago}, Column{"MODEL", "modelID"}, Column{"PROMPT", "desc"}};
constexpr std::array speeches{
    Column{"ID", "audio_id"}, Column{"TITLE", "audio_title"}, Column{"URL", "audio_url"}};
constexpr std::array site_voices{Column{"ID", "voice_id"}, Column{"NAME", "voice_name"}};
constexpr std::array templates{Column{"ID", "id"}, Column{"AGE", "createTime", As::ms_ago}};

/// Of several for one resource the first counts whose path is there.
constexpr std::array lists{
    List{"files", "files", files},
    List{"voices", "voice_list", site_voices},
    List{"voices", "", voices},
    List{"tasks", "items", tasks},
    List{"batches", "data", batches},
    List{"plan", "model_remains", plan},
    List{"models", "data", models},
    List{"accounts", "", linked},
    List{"scheduler", "", running},
    List{"scheduler/available", "available", room},
    List{"agent/jobs", "executing", agents},
    List{"videos", "", videos},
    List{"images", "images", images},
    List{"speech", "audio_list", speeches},
    List{"templates", "videoList", templates},
};
// clang-format on

const json::value* entries_at(const json::value& answer, std::string_view path) {
    return path.empty() ? &answer : value_at(answer, path);
}

const List* list_of(std::string_view resource, const json::value& answer) {
    const auto found = std::ranges::find_if(lists, [&](const List& list) {
        return list.resource == resource && entries_at(answer, list.path) != nullptr;
    });
    return found == lists.end() ? nullptr : &*found;
}

template <typename Unit>
std::string moment(std::uint64_t since_1970,
                   std::string (*told)(std::string_view, proto::Instant)) {
    if (since_1970 == 0) return {};
    return told(proto::format_rfc3339(proto::Instant{Unit(since_1970)}), wall_now());
}

std::string told(const Column& column, std::string_view name, const json::value& entry) {
    if (column.path == "@") return std::string(name);
    const std::uint64_t count = count_at(entry, column.path);
    switch (column.as) {
        case As::size:
            return count == 0 ? std::string() : file_size(count);
        case As::seconds_ago:
            return moment<std::chrono::seconds>(count, age);
        case As::ms_ago:
            return moment<std::chrono::milliseconds>(count, age);
        case As::ms_ahead:
            return moment<std::chrono::milliseconds>(count, ahead);
        case As::text:
        case As::number:
            break;
    }
    return text_at(entry, column.path);
}

void add_entry(Table& table, const List& list, std::string_view name, const json::value& entry) {
    if (!entry.is_object()) return;
    std::vector<Cell> row;
    bool empty = true;  // what has none of these is something else, that stands beside the entries
    for (const Column& column : list.columns) {
        row.emplace_back(told(column, name, entry));
        empty = empty && (row.back().text.empty() || column.path == "@");
    }
    if (!empty) table.add(std::move(row));
}

void add_entries(Table& table, const List& list, std::string_view name, const json::value& from) {
    const json::array* const elements = from.if_array();
    if (elements == nullptr) return add_entry(table, list, name, from);
    for (const json::value& element : *elements)
        add_entry(table, list, name, element);
}

Table table_of(const List& list, const json::value& answer) {
    std::vector<Table::Column> columns;
    for (const Column& column : list.columns) {
        const bool right = column.as == As::number || column.as == As::size;
        columns.push_back({column.title, right ? Table::Align::right : Table::Align::left});
    }
    Table table(std::move(columns));
    const json::value& entries = *entries_at(answer, list.path);
    if (const json::object* const members = entries.if_object()) {
        for (const auto& member : *members)
            add_entries(table, list, member.key(), member.value());
    } else {
        add_entries(table, list, "", entries);
    }
    return table;
}

void add_values(Details& details, const std::string& name, const json::value& value) {
    if (const json::object* const members = value.if_object()) {
        const std::string before = name.empty() ? "" : name + ".";
        for (const auto& member : *members)
            add_values(details, before + std::string(member.key()), member.value());
    } else if (!value.is_null()) {
        details.add(name, value.is_string() ? std::string(value.get_string()) : to_text(value));
    }
}

}  // namespace

void print_remote_list(const Console& console, std::string_view resource,
                       const json::value& answer) {
    const List* const list = list_of(resource, answer);
    if (list == nullptr) return print_remote_thing(console, answer);
    const Table table = table_of(*list, answer);
    if (table.empty()) {
        console.err_line("there are none");
        return;
    }
    table.print(console);
    const std::string total = text_at(answer, "total");
    if (!total.empty()) console.err_line(total + " in all");
}

void print_remote_thing(const Console& console, const json::value& answer) {
    Details details;
    if (const json::object* const members = answer.if_object()) {
        for (const auto& member : *members) {
            if (member.key() == "base_resp") continue;
            const bool envelope = member.key() == "file" || member.key() == "task";
            add_values(details, envelope ? "" : std::string(member.key()), member.value());
        }
    }
    details.print(console);
}

}  // namespace genspool::cli
