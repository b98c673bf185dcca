#include "proto/resources.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "proto/json_text.hpp"
#include "proto/nearest_name.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::proto {
namespace {

constexpr std::size_t value_bytes_max = 256;
constexpr std::size_t secret_bytes_max = 16'384;
constexpr std::size_t secret_bytes_min = 8;

/// Below what a client waits for the next byte of its answer.
constexpr Duration answer_patience = std::chrono::seconds{45};
constexpr std::uint64_t json_bytes_max = 4U << 20U;
constexpr std::uint64_t file_bytes_max = std::uint64_t{4} << 30U;

bool is_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() && number > 0 &&
           text.front() != '0';
}

bool is_name(std::string_view text, std::string_view also) {
    return std::ranges::all_of(text, [also](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               also.find(c) != also.npos;
    });
}

/// Empty: it is as it should be.
std::string wrong_with(const ResourceParameter& parameter, std::string_view text) {
    const std::string name{parameter.name};
    const std::size_t bytes_max =
        parameter.rule == ValueRule::secret ? secret_bytes_max : value_bytes_max;
    if (text.empty() || text.size() > bytes_max)
        return name + " must have 1 to " + std::to_string(bytes_max) + " bytes";
    if (parameter.rule == ValueRule::number && !is_number(text))
        return name + " must be a whole number above 0, not " + std::string{text};
    if (parameter.rule == ValueRule::name && !is_name(text, "-_"))
        return name + " may hold letters, digits, - and _ only";
    if (parameter.rule == ValueRule::handle && !is_name(text, "-_:"))
        return name + " may hold letters, digits, -, _ and : only";
    return {};
}

/// Of a value that is given twice the last one counts, as everywhere in the API.
const std::string* find(std::span<const std::pair<std::string, std::string>> query,
                        std::string_view name) {
    const std::string* found = nullptr;
    for (const auto& [key, value] : query) {
        if (key == name) found = &value;
    }
    return found;
}

/// nullopt: every name is known.
std::optional<Refused> unknown_name(const Resource& resource,
                                    std::span<const std::pair<std::string, std::string>> query) {
    std::vector<std::string_view> known;
    for (const ResourceParameter& each : resource.parameters)
        known.push_back(each.name);
    for (const auto& [name, value] : query) {
        if (std::ranges::find(known, name) != known.end()) continue;
        return Refused{"invalid", name,
                       "there is no parameter " + name + " here" + did_you_mean(name, known)};
    }
    return std::nullopt;
}

void append_query(std::string& target, const ResourceValues& values) {
    for (const ResourceValue& value : values) {
        if (value.parameter->upstream.empty()) continue;
        target += target.find('?') == std::string::npos ? '?' : '&';
        target.append(value.parameter->upstream).append("=").append(encoded_id(value.text));
    }
}

std::string as_object(const ResourceValues& values) {
    std::string object = "{";
    for (const ResourceValue& value : values) {
        if (object.size() > 1) object += ',';
        append_json_string(object, value.parameter->upstream);
        object += ':';
        if (value.parameter->rule == ValueRule::number) {
            object += value.text;
        } else {
            append_json_string(object, value.text);
        }
    }
    return object + '}';
}

}  // namespace

std::string_view value_of(const ResourceValues& values, std::string_view name) {
    for (const ResourceValue& value : values) {
        if (value.parameter->name == name) return value.text;
    }
    return {};
}

std::vector<std::string> secrets_in(const ResourceValues& values) {
    std::vector<std::string> secrets;
    for (const ResourceValue& value : values) {
        // A shorter one would blot out half of the answer, and is no secret.
        if (value.parameter->rule == ValueRule::secret && value.text.size() >= secret_bytes_min)
            secrets.push_back(value.text);
    }
    return secrets;
}

Result<ResourceValues> read_values(const Resource& resource, std::string id,
                                   std::span<const std::pair<std::string, std::string>> query) {
    if (auto refused = unknown_name(resource, query)) return std::move(*refused);
    ResourceValues values;
    if (!resource.id.name.empty()) values.push_back({&resource.id, std::move(id)});
    for (const ResourceParameter& each : resource.parameters) {
        const std::string* const given = find(query, each.name);
        if (given == nullptr && each.required)
            return Refused{
                "missing", std::string{each.name},
                std::string{each.name} + " is required here: " + std::string{each.words}};
        std::string text(given != nullptr ? std::string_view{*given} : each.otherwise);
        if (given != nullptr || !text.empty()) values.push_back({&each, std::move(text)});
    }
    for (const ResourceValue& value : values) {
        std::string wrong = wrong_with(*value.parameter, value.text);
        if (!wrong.empty())
            return Refused{"invalid", std::string{value.parameter->name}, std::move(wrong)};
    }
    return values;
}

Result<ResourceValues> read_object_values(const Resource& resource,
                                          const boost::json::object& object) {
    std::vector<std::pair<std::string, std::string>> members;
    for (const auto& [name, value] : object) {
        if (value.is_null()) continue;
        // What is neither a text nor a whole number is empty, and refused as such.
        members.emplace_back(name, text_or_number(object, name));
    }
    return read_values(resource, {}, members);
}

Call resource_call(const Resource& resource, const ResourceValues& values) {
    const std::size_t blank = resource.endpoint.find(' ');
    Call call;
    call.method = resource.endpoint.substr(0, blank);
    call.target = resource.endpoint.substr(blank + 1);
    if (const std::size_t place = call.target.find("{}"); place != std::string::npos)
        call.target.replace(place, 2, encoded_id(values.front().text));
    if (resource.form == ResourceForm::object || resource.form == ResourceForm::given) {
        call.content_type = "application/json";
        call.body = as_object(values);
    } else {
        append_query(call.target, values);
    }
    call.first_byte = answer_patience;
    call.reply_bytes_max = resource.bytes ? file_bytes_max : json_bytes_max;
    return call;
}

}  // namespace genspool::proto
