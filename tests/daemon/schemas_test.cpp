// The JSON Schemas of docs/schema, for editors, are held against what reads the real files.
#include <doctest/doctest.h>
#include <toml++/toml.h>

#include <boost/json.hpp>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "daemon/api_description.hpp"
#include "daemon/config_toml.hpp"
#include "proto/catalog/catalog.hpp"
#include "tests/support/json_schema.hpp"
#include "tests/support/places.hpp"

using namespace genspool;
using namespace genspool::tests;
namespace json = boost::json;

namespace {

std::string text_of(const std::string& path) {
    std::ifstream file(source_path(path), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

const json::value& config_schema() {
    static const json::value parsed = json::parse(text_of("docs/schema/genspool.schema.json"));
    return parsed;
}

json::value from_toml(const std::string& text) {
    std::ostringstream out;
    out << toml::json_formatter{toml::parse(text)};
    return json::parse(out.str());
}

daemon::ConfigSources sources() {
    daemon::ConfigSources result;
    result.registry = &proto::catalog();
    result.environment = {{"HOME", "/home/ann"}};
    result.keys = false;
    return result;
}

/// "account[].poll.min" for each key of the schema; "*" stands where any key may.
void list_keys(const json::value& schema, const std::string& path, std::set<std::string>& keys) {
    const json::object& object = schema.as_object();
    if (const json::value* const choices = object.if_contains("anyOf"))
        for (const json::value& choice : choices->as_array())
            list_keys(choice, path, keys);
    if (const json::value* const items = object.if_contains("items"))
        list_keys(*items, path + "[]", keys);
    const json::value* const others = object.if_contains("additionalProperties");
    if (others != nullptr && others->is_object()) list_keys(*others, path + ".*", keys);
    const json::value* const listed = object.if_contains("properties");
    if (listed == nullptr) return;
    for (const auto& [name, member] : listed->as_object()) {
        const std::string key = (path.empty() ? "" : path + ".") + std::string(name);
        keys.insert(key);
        list_keys(member, key, keys);
    }
}

/// Everything that the reader asks for where all tables are there.
std::set<std::string> asked_for() {
    constexpr std::string_view text = R"(
        [daemon]
        [http]
        [callbacks]
        [defaults]
        [retry]
        [budget]
        day = {}
        [inbox]
        [retention]
        [patience]
        [fetch]
        [hooks]
        [[hook]]
        [disk]
        [limits]
        [prices]
        "minimax.image/x" = { USD = 1 }
        [[account]]
        name = "one"
        provider = "minimax"
        slots = {}
        rpm = {}
        poll = {}
        budget = {}
        [[account]]
        name = "two"
        provider = "useapi"
        slots = {}
        rpm = {}
    )";
    const toml::table root = toml::parse(text);
    daemon::ConfigErrors errors{"test.toml", {}};
    daemon::Config config;
    daemon::TableReader reader(root, "", errors);
    daemon::read_sections(reader, sources(), config, errors);
    std::set<std::string> keys;
    for (const std::string& key : errors.known) {
        std::string name = std::regex_replace(key, std::regex(R"(\[\d\])"), "[]");
        keys.insert(std::regex_replace(name, std::regex("prices.minimax.image/x"), "prices.*"));
    }
    // Asked for in order to refuse it by name, and an example of what may stand there.
    keys.erase("account[].api_key");
    keys.erase("prices.*");
    return keys;
}

/// The schema's defaults, as TOML; a table without any is left out.
void write_defaults(const json::object& schema, const std::string& table, std::string& out) {
    const json::value* const listed = schema.if_contains("properties");
    if (listed == nullptr) return;
    std::string lines;
    for (const auto& [name, member] : listed->as_object()) {
        const json::value* const value = member.as_object().if_contains("default");
        if (value != nullptr) lines += std::string(name) + " = " + json::serialize(*value) + "\n";
    }
    if (!lines.empty()) out += (table.empty() ? "" : "[" + table + "]\n") + lines;
    if (!table.empty()) return;
    for (const auto& [name, member] : listed->as_object())
        write_defaults(member.as_object(), std::string(name), out);
}

std::string shown(const std::string& toml) {
    const daemon::ConfigResult read = daemon::parse_config(toml, "test.toml", sources());
    if (const auto* const errors = std::get_if<std::vector<daemon::ConfigError>>(&read))
        FAIL(errors->front().text());
    return daemon::show_config(std::get<daemon::Config>(read));
}

}  // namespace

TEST_CASE("the configuration's schema has each key that is read, and no other") {
    std::set<std::string> keys;
    list_keys(config_schema(), "", keys);
    CHECK(keys.size() > 100);
    CHECK(keys == asked_for());
}

TEST_CASE("the defaults in the configuration's schema are those that count") {
    std::string defaults;
    write_defaults(config_schema().as_object(), "", defaults);
    CHECK(defaults.find("max_attempts = 3") != std::string::npos);
    CHECK(shown(defaults) == shown(""));
    constexpr const char* account =
        "[[account]]\nname = \"a\"\nprovider = \"minimax\"\napi_key_env = \"KEY\"\n";
    std::string more;
    write_defaults(config_schema().at_pointer("/properties/account/items").as_object(), "", more);
    CHECK(more.find("weight = 1") != std::string::npos);
    CHECK(shown(account + more) == shown(account));
}

TEST_CASE("the default configuration is valid by its schema, with all that it comments out") {
    std::string text = text_of("systemd/genspool.toml");
    text = std::regex_replace(text, std::regex("\n#(?=[a-z\"\\[])"), "\n");
    const json::value value = from_toml(text);
    CHECK(value.as_object().contains("account"));
    CHECK(value.as_object().contains("http"));
    const JsonSchema schema(config_schema(), true);
    CHECK(schema.fault_at(value, "#") == "");
    for (const char* const wrong :
         {"[retry]\nbase = 2", "[retry]\nbase = \"soon\"", "[retry]\nbse = \"2s\"",
          "[limits]\nbody_bytes_max = \"64X\"", "[[account]]\nname = \"a\"",
          "[[hook]]\nevents = [\"lost\"]", "[prices]\n\"minimax.image\" = { EUR = 1 }"}) {
        CAPTURE(wrong);
        CHECK(schema.fault_at(from_toml(wrong), "#") != "");
    }
}

TEST_CASE("a job's schema is that of the API") {
    const json::value api = json::parse(daemon::api_description().bytes);
    const json::value job = json::parse(text_of("docs/schema/job.schema.json"));
    for (const auto& [name, schema] : job.at("$defs").as_object()) {
        CAPTURE(name);
        const std::string of_api =
            std::regex_replace(json::serialize(api.at("components").at("schemas").at(name)),
                               std::regex("#/components/schemas/"), "#/$$defs/");
        CHECK(json::serialize(schema) == of_api);
    }
    const JsonSchema schema(job, true);
    for (const char* const name : {"Job", "BatchLine"})
        for (const json::value& example : job.at("$defs").at(name).at("examples").as_array())
            CHECK(schema.fault_at(example, "#") == "");
    CHECK(schema.fault_at(json::parse(R"({"kind":"vidio","request":{}})"), "#") != "");
}
