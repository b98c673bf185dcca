#include "cli/remote_text.hpp"

#include "cli/json_reading.hpp"
#include "cli/table.hpp"
#include "cli/words.hpp"

namespace genspool::cli {

namespace json = boost::json;

namespace {

/// An upstream's moment: seconds since 1970.
std::string seconds_ago(const json::value& root, std::string_view path) {
    const std::uint64_t seconds = count_at(root, path);
    if (seconds == 0) return {};
    const proto::Instant moment{std::chrono::seconds(seconds)};
    return age(proto::format_rfc3339(moment), wall_now());
}

Table files(const json::value& answer) {
    Table table({{"ID"}, {"SIZE", Table::Align::right}, {"AGE"}, {"PURPOSE"}, {"NAME"}});
    for (const json::value& file : list_at(answer, "files")) {
        const std::uint64_t bytes = count_at(file, "bytes");
        table.add({text_at(file, "file_id"), bytes == 0 ? std::string() : file_size(bytes),
                   seconds_ago(file, "created_at"), text_at(file, "purpose"),
                   text_at(file, "filename")});
    }
    return table;
}

Table voices(const json::value& answer) {
    Table table({{"ID"}, {"TYPE"}, {"CREATED"}, {"NAME"}});
    for (const char* const type : {"system_voice", "voice_cloning", "voice_generation"}) {
        for (const json::value& voice : list_at(answer, type))
            table.add({text_at(voice, "voice_id"), type, text_at(voice, "created_time"),
                       text_at(voice, "voice_name")});
    }
    return table;
}

Table tasks(const json::value& answer) {
    Table table({{"ID"}, {"STATUS"}, {"AGE"}, {"TYPE"}, {"MODEL"}});
    for (const json::value& task : list_at(answer, "items"))
        table.add({text_at(task, "id"), text_at(task, "status"), seconds_ago(task, "created_at"),
                   text_at(task, "task_type"), text_at(task, "model")});
    return table;
}

Table batches(const json::value& answer) {
    using Align = Table::Align;
    Table table({{"ID"},
                 {"STATUS"},
                 {"AGE"},
                 {"REQUESTS", Align::right},
                 {"DONE", Align::right},
                 {"FAILED", Align::right},
                 {"OUTPUT"}});
    for (const json::value& batch : list_at(answer, "data"))
        table.add({text_at(batch, "id"), text_at(batch, "status"), seconds_ago(batch, "created_at"),
                   text_at(batch, "request_counts.total"),
                   text_at(batch, "request_counts.completed"),
                   text_at(batch, "request_counts.failed"), text_at(batch, "output_file_id")});
    return table;
}

/// The upstream's own names: what it counts by them has changed before.
Table plan(const json::value& answer) {
    Table table({{"MODEL"},
                 {"TOTAL COUNT", Table::Align::right},
                 {"USAGE COUNT", Table::Align::right},
                 {"WINDOW ENDS"}});
    for (const json::value& model : list_at(answer, "model_remains")) {
        const std::uint64_t end_ms = count_at(model, "end_time");
        const proto::Instant end{std::chrono::milliseconds(end_ms)};
        table.add({text_at(model, "model_name"), text_at(model, "current_interval_total_count"),
                   text_at(model, "current_interval_usage_count"),
                   end_ms == 0 ? std::string() : ahead(proto::format_rfc3339(end), wall_now())});
    }
    return table;
}

Table models(const json::value& answer) {
    Table table({{"ID"}, {"OWNED BY"}});
    for (const json::value& model : list_at(answer, "data"))
        table.add({text_at(model, "id"), text_at(model, "owned_by")});
    return table;
}

Table table_of(std::string_view resource, const json::value& answer) {
    if (resource == "files") return files(answer);
    if (resource == "voices") return voices(answer);
    if (resource == "tasks") return tasks(answer);
    if (resource == "batches") return batches(answer);
    return resource == "plan" ? plan(answer) : models(answer);
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
    const Table table = table_of(resource, answer);
    if (table.empty()) {
        console.err_line("there are no such " + std::string(resource));
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
