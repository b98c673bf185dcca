#include "cli/job_text.hpp"

#include <cmath>

#include "cli/bar.hpp"
#include "cli/json_reading.hpp"
#include "cli/table.hpp"
#include "cli/words.hpp"

namespace genspool::cli {

namespace json = boost::json;

namespace {

std::string model_or_op(const json::value& job) {
    const std::string model = text_at(job, "model");
    return model.empty() ? text_at(job, "op") : model;
}

std::string labels_text(const json::value& job) {
    const json::value* labels = value_at(job, "labels");
    if (labels == nullptr || !labels->is_object()) return {};
    std::string out;
    for (const auto& label : labels->get_object()) {
        if (!out.empty()) out += ' ';
        out += std::string(label.key()) + "=" + text_at(label.value(), "");
    }
    return out;
}

std::string state_text(const json::value& job) {
    std::string out = text_at(job, "state");
    if (flag_at(job, "partial")) out += ", partial";
    if (flag_at(job, "late")) out += ", late";
    if (flag_at(job, "overdue")) out += ", overdue";
    if (flag_at(job, "cancel_waits")) out += ", to be canceled";
    return out;
}

std::string failure_text(const json::value& failure) {
    std::string out = text_at(failure, "message");
    const std::string code = text_at(failure, "code");
    const std::string kind = text_at(failure, "class");
    if (code.empty() || kind.empty()) return out;
    if (!out.empty()) out += ' ';
    return out + "(" + (kind == code ? kind : kind + " " + code) + ")";
}

void add_artifacts(Details& details, const json::value& job) {
    for (const json::value& artifact : list_at(job, "artifacts")) {
        const std::string path = text_at(artifact, "path");
        std::string text = path.empty() ? text_at(artifact, "name") : path;
        const std::string state = text_at(artifact, "state");
        if (value_at(artifact, "bytes") != nullptr)
            text += "  " + file_size(count_at(artifact, "bytes"));
        if (state != "home") text += (text.empty() ? "" : "  ") + state;
        if (const auto* failure = value_at(artifact, "failure"))
            text += ": " + failure_text(*failure);
        details.add("artifact " + text_at(artifact, "n"),
                    Cell(text, state == "lost" ? Paint::bad : Paint::plain));
    }
}

void add_costs(Details& details, const json::value& job) {
    const json::value* cost = value_at(job, "cost");
    if (cost == nullptr) return;
    std::string text;
    for (const char* name : {"spent", "reserved", "uncertain"}) {
        const std::string part = amount(*cost, name, std::string_view(name) == "spent");
        if (part.empty()) continue;
        text += (text.empty() ? "" : ", ") + part + " " + name;
    }
    const std::string estimated = amount(*cost, "estimated", true);
    text += estimated.empty() ? ", price unknown" : ", " + estimated + " estimated an attempt";
    details.add("cost", text);
}

void add_gates(Details& details, const json::value& job, proto::Instant now) {
    for (const json::value& gate : list_at(job, "gates")) {
        std::string text = text_at(gate, "gate");
        const std::string detail = text_at(gate, "detail");
        const std::string opens = ahead(text_at(gate, "opens_at"), now);
        if (!detail.empty()) text += ": " + detail;
        if (!opens.empty()) text += " (opens " + opens + ")";
        details.add("gate", Cell(text, Paint::waiting));
    }
}

void add_tasks(Details& details, const json::value& job) {
    for (const json::value& task : list_at(job, "tasks")) {
        details.add("task", text_at(task, "id") + " at " + text_at(task, "account") + ", " +
                                text_at(task, "state"));
    }
}

/// What it comes after, and the files that it takes of those.
void add_earlier(Details& details, const json::value& job) {
    for (const json::value& id : list_at(job, "after"))
        if (id.is_string()) details.add("after", std::string(id.get_string()));
    for (const json::value& input : list_at(job, "inputs")) {
        const std::string file = text_at(input, "file");
        const std::string name = text_at(input, "name");
        if (!file.empty()) details.add("takes", file + ", " + text_at(input, "media_type"));
        if (file.empty())
            details.add("takes", "artifact " + text_at(input, "n") + " of " +
                                     text_at(input, "job") + (name.empty() ? "" : ", " + name));
    }
}

/// "41 %, to be done in 35s"
std::string progress_text(const json::value& job, proto::Instant now) {
    std::string text = percent_done(job);
    const std::string eta = text_at(job, "eta");
    if (eta.empty()) return text;
    if (!text.empty()) text += ", ";
    return text + "to be done " + ahead(eta, now);
}

std::string moment(const json::value& job, std::string_view name, proto::Instant now) {
    const std::string at = text_at(job, name);
    return at.empty() ? at : at + " (" + age(at, now) + " ago)";
}

std::string paths_of(const json::value& job) {
    std::string out;
    for (const json::value& artifact : list_at(job, "artifacts")) {
        if (text_at(artifact, "state") != "home") continue;
        const std::string path = text_at(artifact, "path");
        out += printable(path.empty() ? text_at(artifact, "name") : path) + "\n";
    }
    return out;
}

}  // namespace

std::string percent_done(const json::value& job) {
    const auto share = share_done(job);
    return share ? std::to_string(std::lround(*share * 100)) + " %" : std::string();
}

std::string remark(const json::value& job) {
    const std::string state = text_at(job, "state");
    if (const json::value* failure = value_at(job, "failure");
        failure != nullptr && state != "succeeded" && state != "blocked") {
        const std::string text = failure_text(*failure);
        if (!text.empty()) return text;
    }
    std::string reason = text_at(job, "reason");
    const bool waits = state == "blocked" || (state == "queued" && reason.empty());
    if (!waits) return reason;
    for (const json::value& gate : list_at(job, "gates")) {
        const std::string detail = text_at(gate, "detail");
        return detail.empty() ? text_at(gate, "gate") : detail;
    }
    return {};
}

void print_jobs(const Console& console, const std::vector<json::value>& jobs, proto::Instant now) {
    std::vector<std::string> ids;
    for (const json::value& job : jobs)
        ids.push_back(text_at(job, "id"));
    const std::size_t length = short_id_length(ids);
    using Align = Table::Align;
    Table table({{"ID"},
                 {"STATE"},
                 {"KIND"},
                 {"MODEL"},
                 {"TRY", Align::right},
                 {"AGE", Align::right},
                 {"CUSTOM ID"},
                 {"REMARK"}});
    for (const json::value& job : jobs) {
        const std::string state = text_at(job, "state");
        table.add({text_at(job, "id").substr(0, length), Cell(state, paint_of_state(state)),
                   text_at(job, "kind"), model_or_op(job), text_at(job, "attempt"),
                   age(text_at(job, "created_at"), now), text_at(job, "custom_id"),
                   Cell(remark(job), Paint::faint)});
    }
    table.print(console);
}

void print_job(const Console& console, const json::value& job, proto::Instant now) {
    Details details;
    const std::string state = text_at(job, "state");
    details.add("id", Cell(text_at(job, "id"), Paint::bold));
    details.add("state", Cell(state_text(job), paint_of_state(state)));
    details.add("reason", text_at(job, "reason"));
    if (const json::value* failure = value_at(job, "failure"))
        details.add("failure", Cell(failure_text(*failure), Paint::bad));
    add_gates(details, job, now);
    details.add("kind", text_at(job, "kind"));
    details.add("op", text_at(job, "op"));
    details.add("model", text_at(job, "model"));
    details.add("custom id", text_at(job, "custom_id"));
    details.add("batch", text_at(job, "batch"));
    details.add("labels", labels_text(job));
    details.add("priority", text_at(job, "priority"));
    details.add("account", text_at(job, "account"));
    details.add("attempt", text_at(job, "attempt") + " of " + text_at(job, "max_attempts"));
    add_earlier(details, job);
    add_tasks(details, job);
    details.add("progress", progress_text(job, now));
    details.add("upstream says", text_at(job, "upstream_state"));
    details.add("not before", text_at(job, "not_before"));
    details.add("deadline", text_at(job, "deadline"));
    details.add("created", moment(job, "created_at", now));
    details.add("updated", moment(job, "updated_at", now));
    details.add("finished", moment(job, "finished_at", now));
    add_costs(details, job);
    add_artifacts(details, job);
    if (const json::value* result = value_at(job, "result"))
        details.add("result", to_text(*result));
    if (const json::value* request = value_at(job, "request"))
        details.add("request", to_text(*request));
    details.print(console);
}

bool is_settled(const json::value& job) {
    const std::string state = text_at(job, "state");
    return state == "succeeded" || state == "failed" || state == "canceled" || state == "held";
}

Exit exit_of(const json::value& job) {
    const std::string state = text_at(job, "state");
    if (state == "held") return Exit::held;
    return state == "succeeded" ? Exit::done : Exit::failed;
}

std::string outcome_text(const json::value& job) {
    std::string paths = paths_of(job);
    if (!paths.empty()) return paths;
    const json::value* result = value_at(job, "result");
    return result == nullptr ? std::string() : to_text(*result) + "\n";
}

}  // namespace genspool::cli
