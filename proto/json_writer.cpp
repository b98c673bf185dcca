#include "proto/json_writer.hpp"

#include <boost/json/parse.hpp>

#include "proto/json_text.hpp"

namespace genspool::proto {

void JsonWriter::begin_object() {
    comma();
    out_ += '{';
    comma_ = false;
}

void JsonWriter::begin_object(std::string_view name) {
    key(name);
    out_ += '{';
    comma_ = false;
}

void JsonWriter::begin_array(std::string_view name) {
    key(name);
    out_ += '[';
    comma_ = false;
}

void JsonWriter::end_object() {
    out_ += '}';
    comma_ = true;
}

void JsonWriter::end_array() {
    out_ += ']';
    comma_ = true;
}

void JsonWriter::text(std::string_view name, std::string_view value) {
    key(name);
    append_json_string(out_, value);
}

void JsonWriter::text_or_null(std::string_view name, std::string_view value) {
    if (value.empty()) return null(name);
    text(name, value);
}

void JsonWriter::integer(std::string_view name, std::int64_t value) {
    raw(name, std::to_string(value));
}

void JsonWriter::count(std::string_view name, std::uint64_t value) {
    raw(name, std::to_string(value));
}

void JsonWriter::flag(std::string_view name, bool value) {
    raw(name, value ? "true" : "false");
}

void JsonWriter::null(std::string_view name) {
    raw(name, "null");
}

void JsonWriter::money(std::string_view name, Micros value) {
    raw(name, format_micros(value));
}

void JsonWriter::money(std::string_view name, std::optional<Micros> value) {
    if (!value) return null(name);
    money(name, *value);
}

void JsonWriter::moment(std::string_view name, std::optional<Instant> value) {
    if (!value) return null(name);
    text(name, format_rfc3339(*value));
}

void JsonWriter::raw(std::string_view name, std::string_view json) {
    key(name);
    out_ += json;
}

void JsonWriter::embedded(std::string_view name, std::string_view value) {
    if (value.empty()) return null(name);
    boost::system::error_code ec;
    const auto parsed =
        boost::json::parse(boost::json::string_view(value.data(), value.size()), ec);
    if (ec) return text(name, value);
    raw(name, value);
}

void JsonWriter::element(std::string_view text) {
    comma();
    append_json_string(out_, text);
}

void JsonWriter::raw_element(std::string_view json) {
    comma();
    out_ += json;
}

void JsonWriter::comma() {
    if (comma_) out_ += ',';
    comma_ = true;
}

void JsonWriter::key(std::string_view name) {
    comma();
    append_json_string(out_, name);
    out_ += ':';
}

}  // namespace genspool::proto
