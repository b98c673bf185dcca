#include "proto/useapi/agent_request.hpp"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "proto/base64.hpp"
#include "proto/checker.hpp"
#include "proto/media_signature.hpp"
#include "proto/multipart.hpp"
#include "proto/upstream_request.hpp"
#include "proto/useapi/owned_fields.hpp"
#include "proto/useapi/purchases.hpp"
#include "proto/useapi/targets.hpp"

namespace genspool::proto::useapi {
namespace {

namespace json = boost::json;

constexpr std::string_view file_field = "file";
constexpr std::string_view models_field = "models";

constexpr std::array<std::string_view, 4> picture_types{"png", "jpeg", "jpg", "webp"};
constexpr FileRule shown_picture{"image", picture_types, 20U << 20U};

struct File {
    std::string media_type;
    std::string bytes;
};

/// nullopt: it is no data URI.
std::optional<File> file_in(std::string_view text) {
    constexpr std::string_view scheme = "data:";
    constexpr std::string_view marker = ";base64,";
    const std::size_t at = text.substr(0, 200).find(marker);
    if (!text.starts_with(scheme) || at == std::string_view::npos) return std::nullopt;
    std::optional<std::string> bytes = base64_decode(text.substr(at + marker.size()));
    if (!bytes || bytes->empty()) return std::nullopt;
    return File{header_text(text.substr(scheme.size(), at - scheme.size())), std::move(*bytes)};
}

/// One value, or each of a list.
std::vector<std::string_view> texts_of(const json::object& request, std::string_view name) {
    std::vector<std::string_view> texts;
    const json::value* const value = request.if_contains(name);
    if (value == nullptr) return texts;
    if (value->is_string()) texts.emplace_back(value->get_string());
    if (const json::array* const items = value->if_array())
        for (const json::value& item : *items)
            if (item.is_string()) texts.emplace_back(item.get_string());
    return texts;
}

bool is_list(const json::object& request, std::string_view name) {
    const json::value* const value = request.if_contains(name);
    return value != nullptr && value->is_array();
}

std::string models_of(const json::object& request) {
    std::string models;
    for (const std::string_view each : texts_of(request, models_field))
        models.append(models.empty() ? "" : ",").append(each);
    return models;
}

void check_file(Checker& request, const std::string& place, std::string_view text) {
    if (!text.empty() && !file_in(text))
        request.refuse("invalid", place,
                       request.path_of(place) + " must be a data:TYPE;base64,… URI, or a file");
}

void check_files(Checker& checker, const json::object& request) {
    if (!is_list(request, file_field)) {
        if (checker.takes_reference(file_field, shown_picture)) return;
        checker.check_text(file_field, {1});
        return check_file(checker, std::string(file_field), checker.text(file_field));
    }
    checker.check_texts(file_field, {0, 20});
    const std::vector<std::string_view> texts = checker.texts(file_field);
    for (std::size_t n = 0; n < texts.size(); ++n) {
        if (checker.takes_reference(file_field, n, shown_picture)) continue;
        check_file(checker, std::string(file_field) + "[" + std::to_string(n) + "]", texts[n]);
    }
}

/// As a part of a form: a text as it is, anything else as JSON.
std::string part_of(const json::value& value) {
    if (value.is_string()) return std::string(value.get_string());
    return json::serialize(value);
}

/// Something that stands in none of the parts.
std::string boundary_for(const std::string& request, const std::vector<File>& files) {
    const auto is_in = [&](const std::string& text) {
        if (request.find(text) != std::string::npos) return true;
        for (const File& file : files)
            if (file.bytes.find(text) != std::string::npos) return true;
        return false;
    };
    for (unsigned n = 0;; ++n) {
        std::string text = "agent-" + std::to_string(n);
        if (!is_in(text)) return text;
    }
}

}  // namespace

Result<Checked> check_agent_request(const json::object& request) {
    Findings findings;
    Checker checker{request, "request", findings};
    refuse_owned_fields(checker);
    checker.required("prompt");
    checker.check_text("prompt", {1});
    checker.required(models_field);
    if (is_list(request, models_field)) {
        checker.check_texts(models_field, {1, 20});
    } else {
        checker.check_text(models_field, {1, 400});
    }
    check_files(checker, request);
    if (findings.refused) return *findings.refused;
    Checked checked;
    checked.model = models_of(request);
    checked.price_key = "useapi.agent/" + checked.model;
    checked.files = std::move(findings.files);
    checked.listed_as = shown_as("useapi.agent", checker.text("prompt"));
    return checked;
}

Call agent_call(const std::string& request) {
    const json::object fields = parse_request(request);
    std::vector<File> files;
    for (const std::string_view text : texts_of(fields, file_field))
        if (std::optional<File> file = file_in(text)) files.push_back(std::move(*file));
    Multipart form(boundary_for(request, files));
    for (const auto& [name, value] : fields) {
        if (name == file_field || name == models_field || value.is_null()) continue;
        form.field(header_text(name), part_of(value));
    }
    form.field(models_field, models_of(fields));
    form.field("async", "true");
    for (std::size_t n = 0; n < files.size(); ++n)
        form.file(file_field,
                  "input-" + std::to_string(n) + std::string(extension_of(files[n].media_type)),
                  files[n].media_type, files[n].bytes);
    Call call = paid_call(std::string(agent_create), {}, std::chrono::seconds{180}, 1U << 20U);
    std::move(form).into(call);
    return call;
}

}  // namespace genspool::proto::useapi
