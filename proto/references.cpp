#include "proto/references.hpp"

#include <boost/json.hpp>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <utility>

#include "proto/canonical_json.hpp"
#include "proto/json_fields.hpp"

namespace genspool::proto {
namespace {

namespace json = boost::json;

constexpr std::size_t references_max = 20;
constexpr std::size_t name_bytes_max = 1'024;
constexpr std::string_view artifact_member = "$artifact";
constexpr std::string_view digest_word = "sha256:";
constexpr std::size_t digest_digits = 64;

bool names_file(const json::object& fields) {
    return fields.contains(artifact_member) || fields.contains(file_member);
}

/// Calls visit(reference, path) for each in the members of an object, until it answers false. As
/// deep as the parser allows, so the depth is bounded. `path` is as before on return.
template <class Object, class Visit>
bool walk(Object& fields, std::string& path, const Visit& visit);

template <class Value, class Visit>
bool walk_value(Value& value, std::string& path, const Visit& visit) {
    if (auto* fields = value.if_object())
        return names_file(*fields) ? visit(value, path) : walk(*fields, path, visit);
    auto* items = value.if_array();
    const std::size_t length = path.size();
    bool on = true;
    for (std::size_t i = 0; on && items != nullptr && i < items->size(); ++i) {
        path.append("[").append(std::to_string(i)).append("]");
        on = walk_value((*items)[i], path, visit);
        path.resize(length);
    }
    return on;
}

template <class Object, class Visit>
bool walk(Object& fields, std::string& path, const Visit& visit) {
    const std::size_t length = path.size();
    for (auto& member : fields) {
        if (!member.value().is_structured()) continue;
        path.append(".").append(member.key());
        const bool on = walk_value(member.value(), path, visit);
        path.resize(length);
        if (!on) return false;
    }
    return true;
}

Refused malformed(const std::string& path, const std::string& why) {
    return {"invalid", path, path + ": " + why};
}

Result<Reference> read_artifact(const json::value& named, const std::string& path) {
    const std::string_view text = named.is_string() ? std::string_view(named.get_string()) : "";
    const std::size_t slash = text.rfind('/');
    const std::string_view job = text.substr(0, slash);
    const std::string_view number =
        slash == std::string_view::npos ? std::string_view() : text.substr(slash + 1);
    std::uint32_t n = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), n);
    const bool counted = error == std::errc() && end == number.data() + number.size();
    if (job.empty() || job.size() > name_bytes_max || !counted) {
        return malformed(path, "$artifact is " + shown(named) +
                                   "; it must be \"JOB/N\": an id, or a custom_id of an earlier "
                                   "line, and the number of its artifact, from 0");
    }
    return Reference{path, std::string(job), n, {}};
}

Result<Reference> read_file(const json::value& named, const std::string& path) {
    const std::string_view text = named.is_string() ? std::string_view(named.get_string()) : "";
    auto sha256 = file_digest(text);
    if (!sha256) {
        return malformed(path, "$file is " + shown(named) +
                                   "; it must be \"sha256:…\", as PUT /v1/blobs answered");
    }
    return Reference{path, {}, 0, std::move(*sha256)};
}

Result<Reference> read_reference(const json::value& value, const std::string& path) {
    const json::object& fields = value.get_object();
    const bool file = fields.contains(file_member);
    const std::string_view member = file ? file_member : artifact_member;
    if (fields.size() != 1)
        return malformed(path, "{\"" + std::string(member) + "\"} holds nothing else");
    const json::value& named = fields.at(member);
    return file ? read_file(named, path) : read_artifact(named, path);
}

json::value value_of(const FileText& file) {
    if (!file.number) return json::string(file.text);
    std::int64_t number = 0;
    const char* const end = file.text.data() + file.text.size();
    const auto [stop, error] = std::from_chars(file.text.data(), end, number);
    if (error != std::errc() || stop != end) throw std::logic_error("a file id that is no number");
    return number;
}

}  // namespace

bool is_reference(const json::value& value) {
    const json::object* fields = value.if_object();
    return fields != nullptr && names_file(*fields);
}

Result<std::vector<Reference>> find_references(const json::object& request) {
    std::string path = "request";
    if (names_file(request)) return malformed(path, "a file does not make a whole request");
    std::vector<Reference> found;
    std::optional<Refused> fault;
    walk(request, path, [&](const json::value& value, const std::string& where) {
        auto reference = read_reference(value, where);
        if (!reference) {
            fault = reference.error();
        } else if (found.size() == references_max) {
            fault = Refused{"too_long", where, "request may hold at most 20 references"};
        } else {
            found.push_back(std::move(*reference));
        }
        return !fault;
    });
    if (fault) return *fault;
    return found;
}

void walk_references(json::object& request, std::string path,
                     const std::function<void(json::value&, const std::string&)>& visit) {
    walk(request, path, [&](json::value& value, const std::string& where) {
        visit(value, where);
        return true;
    });
}

std::string fill_references(json::object request, std::vector<FileText> texts) {
    std::size_t filled = 0;
    std::string path;
    walk(request, path, [&](json::value& value, const std::string&) {
        if (filled < texts.size()) {
            value = value_of(texts[filled]);
            std::string().swap(texts[filled].text);  // so that there are two copies of it at most
        }
        return ++filled <= texts.size();
    });
    if (filled != texts.size()) throw std::logic_error("not as many files as references");
    return compact_json(request);
}

std::string file_name_of(std::string_view sha256) {
    return std::string(digest_word) + std::string(sha256);
}

std::optional<std::string> file_digest(std::string_view name) {
    if (!name.starts_with(digest_word)) return std::nullopt;
    std::string digits(name.substr(digest_word.size()));
    if (digits.size() != digest_digits) return std::nullopt;
    for (char& digit : digits) {
        if (digit >= 'A' && digit <= 'F') digit = static_cast<char>(digit - 'A' + 'a');
        const bool hex = (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
        if (!hex) return std::nullopt;
    }
    return digits;
}

}  // namespace genspool::proto
