#include "proto/job_fields.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "proto/output_template.hpp"
#include "proto/utf8.hpp"
#include "proto/web_address.hpp"

namespace genspool::proto {
namespace {

namespace json = boost::json;

constexpr std::size_t labels_max = 32;
constexpr std::size_t label_name_max = 64;
constexpr std::size_t label_value_max = 256;
constexpr std::size_t custom_id_max = 256;
constexpr std::size_t output_max = 512;
constexpr std::size_t webhook_max = 2'048;
constexpr std::size_t after_max = 100;
constexpr std::int64_t priority_max = 9;
constexpr std::int64_t attempts_max = 100;

using Labels = std::vector<std::pair<std::string, std::string>>;

bool is_label_name(std::string_view name) {
    const auto allowed = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '.' || c == '-';
    };
    return !name.empty() && name.size() <= label_name_max &&
           std::all_of(name.begin(), name.end(), allowed);
}

void read_label(JsonFields& fields, std::string_view name, const json::value& value,
                Labels& labels) {
    if (!is_label_name(name)) {
        return fields.refuse("invalid", "labels",
                             "labels: the name " + shown(json::value(name)) +
                                 " must be 1 to 64 of A-Z a-z 0-9 _ . -");
    }
    const std::string field = "labels." + std::string(name);
    if (!value.is_string()) return fields.refuse_value(field, "a string", value);
    const std::string_view text = value.get_string();
    if (code_points(text) > label_value_max || !is_printable(text)) {
        return fields.refuse("invalid", field,
                             field +
                                 " must have at most 256 characters, none of them a control "
                                 "character");
    }
    labels.emplace_back(name, text);
}

void read_times(JsonFields& fields, Instant now, JobSpec& spec) {
    if (const auto not_before = fields.moment("not_before", now)) spec.not_before = *not_before;
    spec.deadline = fields.moment("deadline", now);
    if (!spec.deadline) return;
    const std::string deadline = "deadline " + format_rfc3339(*spec.deadline);
    if (*spec.deadline <= now) {
        fields.refuse("invalid", "deadline", deadline + " must lie in the future");
    } else if (*spec.deadline <= spec.not_before) {
        fields.refuse(
            "invalid", "deadline",
            deadline + " must be later than not_before " + format_rfc3339(spec.not_before));
    }
}

void read_on_unknown(JsonFields& fields, JobSpec& spec) {
    using Policy = OnUnknown::Policy;
    const json::value* value = fields.find("on_unknown");
    if (value == nullptr || *value == "hold") return;
    if (*value == "resubmit") {
        spec.on_unknown.policy = Policy::resubmit;
        return;
    }
    const json::object* object = value->if_object();
    const json::value* limit = object ? object->if_contains("resubmit_up_to") : nullptr;
    if (limit == nullptr || object->size() != 1) {
        return fields.refuse_value("on_unknown",
                                   R"("hold", "resubmit" or {"resubmit_up_to": AMOUNT})", *value);
    }
    const auto up_to = read_amount(*limit);
    if (!up_to) {
        return fields.refuse_value("on_unknown.resubmit_up_to",
                                   "a decimal from 0 to 999999999 with at most six decimals",
                                   *limit);
    }
    spec.on_unknown = {Policy::resubmit_up_to, *up_to};
}

void read_output(JsonFields& fields, JobSpec& spec) {
    const auto output = fields.text("output", 1, output_max);
    if (!output) return;
    if (auto fault = output_fault(*output)) {
        fields.refuse("invalid", "output", std::move(*fault));
    }
    spec.output = *output;
}

void read_webhook(JsonFields& fields, const AdmissionContext& context, JobSpec& spec) {
    const auto webhook = fields.text("webhook", 1, webhook_max);
    if (!webhook) return;
    if (!context.webhooks) {
        fields.refuse("not_available", "webhook",
                      "webhook is not available: the daemon has no secret to sign it with "
                      "([hooks] secret_file)");
    } else if (!is_web_address(*webhook)) {
        fields.refuse("invalid", "webhook",
                      "webhook must be an http or https address without user and fragment");
    }
    spec.webhook = *webhook;
}

}  // namespace

Labels read_labels(JsonFields& fields) {
    Labels labels;
    const json::object* written = fields.object("labels");
    if (written == nullptr) return labels;
    if (written->size() > labels_max) {
        fields.refuse(
            "too_long", "labels",
            "labels must have at most 32 members, not " + std::to_string(written->size()));
        return labels;
    }
    for (const auto& label : *written)
        read_label(fields, label.key(), label.value(), labels);
    std::sort(labels.begin(), labels.end());
    return labels;
}

void read_job_fields(JsonFields& fields, const AdmissionContext& context, JobSpec& spec) {
    spec.custom_id = fields.text("custom_id", 1, custom_id_max).value_or("");
    spec.labels = read_labels(fields);
    if (const auto priority = fields.integer("priority", 0, priority_max)) {
        spec.priority = static_cast<std::uint8_t>(*priority);
    }
    read_times(fields, context.now, spec);
    spec.max_attempts = context.max_attempts;
    if (const auto attempts = fields.integer("max_attempts", 1, attempts_max)) {
        spec.max_attempts = static_cast<std::uint32_t>(*attempts);
    }
    spec.max_cost = fields.amount("max_cost");
    read_on_unknown(fields, spec);
    read_output(fields, spec);
    read_webhook(fields, context, spec);
    spec.principal = context.principal;
}

std::vector<std::string> read_after(JsonFields& fields) {
    const json::value* value = fields.find("after");
    if (value == nullptr) return {};
    const json::array* list = value->if_array();
    if (list == nullptr) {
        fields.refuse_value("after", "an array of job ids", *value);
        return {};
    }
    if (list->size() > after_max) {
        fields.refuse("too_long", "after",
                      "after must name at most 100 jobs, not " + std::to_string(list->size()));
        return {};
    }
    std::vector<std::string> names;
    for (std::size_t n = 0; n < list->size(); ++n) {
        const json::value& name = (*list)[n];
        const bool good = name.is_string() && !name.get_string().empty() &&
                          code_points(name.get_string()) <= custom_id_max;
        if (!good) {
            fields.refuse_value("after[" + std::to_string(n) + "]",
                                "the id of a job, or a custom_id of an earlier line", name);
            return {};
        }
        names.emplace_back(name.get_string());
    }
    return names;
}

}  // namespace genspool::proto
