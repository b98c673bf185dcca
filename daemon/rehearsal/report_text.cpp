#include "daemon/rehearsal/report_text.hpp"

#include <algorithm>

#include "proto/json_writer.hpp"

namespace genspool::daemon {
namespace {

/// Whole seconds, begun ones included.
std::int64_t seconds(proto::Duration span) {
    return std::chrono::ceil<std::chrono::seconds>(span).count();
}

void write_jobs(proto::JsonWriter& json, std::string_view key, const std::vector<InFile>& jobs) {
    json.begin_array(key);
    for (const InFile& job : jobs) {
        json.begin_object();
        json.count("line", job.line);
        json.text_or_null("custom_id", job.custom_id);
        json.end_object();
    }
    json.end_array();
}

void write_cost(proto::JsonWriter& json, const RehearsalReport& report) {
    json.begin_array("cost");
    for (const auto& [unit, amount] : report.spent) {
        json.begin_object();
        json.text("unit", proto::to_string(unit));
        json.money("spent", amount);
        json.end_object();
    }
    json.end_array();
    json.count("price_unknown", report.unpriced);
}

void write_accounts(proto::JsonWriter& json, const RehearsalReport& report) {
    const proto::Duration whole =
        report.ends_at ? *report.ends_at - report.starts_at : proto::Duration(0);
    json.begin_array("accounts");
    for (const SlotUse& use : report.uses) {
        if (use.jobs == 0) continue;
        const std::int64_t room = std::max<std::int64_t>((whole * use.slots).count(), 1);
        json.begin_object();
        json.text("account", use.account);
        json.text("class", use.slot_class);
        json.count("jobs", use.jobs);
        json.count("slots", use.slots);
        json.count("rpm", use.rpm);
        json.integer("busy_percent", (use.busy.count() * 100 + room / 2) / room);
        json.end_object();
    }
    json.end_array();
}

void write_bottleneck(proto::JsonWriter& json, const Bottleneck& bottleneck) {
    json.begin_object("bottleneck");
    json.text_or_null("gate", bottleneck.gate);
    json.text_or_null("account", bottleneck.account);
    json.text_or_null("class", bottleneck.slot_class);
    json.text_or_null("detail", bottleneck.detail);
    json.integer("waited_seconds", seconds(bottleneck.waited));
    write_jobs(json, "last_jobs", bottleneck.last_jobs);
    json.end_object();
}

void write_stopped(proto::JsonWriter& json, const RehearsalReport& report) {
    json.begin_array("stopped");
    for (const Stopped& all : report.stopped) {
        json.begin_object();
        json.text("as", all.failed ? "failed" : "waiting");
        json.text("reason", all.reason);
        json.text("detail", all.detail);
        json.count("jobs", all.jobs);
        write_jobs(json, "first", all.first);
        json.end_object();
    }
    json.end_array();
}

void write_refused(proto::JsonWriter& json, const RehearsalReport& report) {
    json.begin_array("errors");
    for (const queue::RefusedLine& line : report.refused) {
        json.begin_object();
        json.count("line", line.line);
        json.text_or_null("custom_id", line.custom_id);
        json.text("code", line.code);
        json.text_or_null("field", line.field);
        json.text("message", line.message);
        json.end_object();
    }
    json.end_array();
}

void write_times(proto::JsonWriter& json, const RehearsalReport& report) {
    json.begin_array("times");
    for (const auto& [op, used] : report.times) {
        json.begin_object();
        json.text("op", op);
        json.count("jobs", used.jobs);
        json.text("quick", proto::format_duration(used.time.quick));
        json.text("median", proto::format_duration(used.time.median));
        json.text("slow", proto::format_duration(used.time.slow));
        json.text("source", used.source);
        json.end_object();
    }
    json.end_array();
}

}  // namespace

std::string report_text(const std::string& file, const RehearsalReport& report) {
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.text("file", file);
    json.count("jobs", report.jobs);
    json.count("succeeded", report.succeeded);
    json.count("refused", report.refused.size());
    json.moment("starts_at", report.starts_at);
    json.moment("ends_at", report.ends_at);
    if (report.ends_at) {
        json.integer("seconds", seconds(*report.ends_at - report.starts_at));
    } else {
        json.null("seconds");
    }
    write_cost(json, report);
    write_bottleneck(json, report.bottleneck);
    write_accounts(json, report);
    write_stopped(json, report);
    write_times(json, report);
    write_refused(json, report);
    json.end_object();
    return out;
}

}  // namespace genspool::daemon
