#include "tests/simulation/run_file.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>
#include <boost/json/value_to.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "proto/build.hpp"

namespace genspool::simulation {
namespace {

namespace json = boost::json;

/// One line of the file.
std::string line_of(std::string_view name, const json::value& value) {
    return json::serialize(json::string(name)) + ": " + json::serialize(value);
}

json::array columns() {
    json::array names{"all"};
    for (const std::string_view fault : fault_names)
        names.emplace_back(fault);
    names.emplace_back("quiet");
    return names;
}

LongRun run_of(const json::object& file) {
    const auto number = [&](std::string_view name) {
        return json::value_to<std::uint64_t>(file.at(name));
    };
    LongRun run;
    run.broken = number("broken");
    run.next_seed = number("next_seed");
    run.seconds = static_cast<double>(number("seconds"));
    run.coverage.crashes = number("crashes");
    run.coverage.worlds = number("worlds");
    run.coverage.steps = number("steps");
    for (std::size_t row = 0; row < proto::transitions.size(); ++row) {
        run.coverage.set_counts(row, json::value_to<std::vector<std::uint64_t>>(
                                         file.at("rows").at(Coverage::row_name(row))));
    }
    return run;
}

}  // namespace

LongRun read_long_run(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return {};
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    json::object object;
    try {
        object = json::parse(text).as_object();
        if (object.at("commit").as_string() == proto::build().commit) return run_of(object);
    } catch (const std::exception& error) {
        throw std::runtime_error(path + " is no long run: " + error.what());
    }
    throw std::runtime_error(path + " is a run of commit " +
                             std::string(object.at("commit").as_string()) + ", and this is " +
                             std::string(proto::build().commit));
}

void write_long_run(const std::string& path, const LongRun& run) {
    const std::string part = path + ".part";
    std::ofstream file(part, std::ios::binary);
    file << "{\n"
         << line_of("commit", json::string(proto::build().commit)) << ",\n"
         << line_of("next_seed", run.next_seed) << ",\n"
         << line_of("seconds", static_cast<std::uint64_t>(run.seconds)) << ",\n"
         << line_of("broken", run.broken) << ",\n"
         << line_of("worlds", run.coverage.worlds) << ",\n"
         << line_of("steps", run.coverage.steps) << ",\n"
         << line_of("crashes", run.coverage.crashes) << ",\n"
         << line_of("columns", columns()) << ",\n"
         << "\"rows\": {\n";
    for (std::size_t row = 0; row < proto::transitions.size(); ++row) {
        file << (row == 0 ? "" : ",\n")
             << line_of(Coverage::row_name(row), json::value_from(run.coverage.counts(row)));
    }
    file << "\n}}\n";
    file.close();
    if (!file) throw std::runtime_error(part + " cannot be written");
    std::filesystem::rename(part, path);
}

}  // namespace genspool::simulation
