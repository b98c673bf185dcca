#include "tests/programs/upstream_logs.hpp"

#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "tests/programs/api.hpp"
#include "workers/digest.hpp"

namespace genspool::tests {

namespace json = boost::json;

std::vector<Purchase> read_purchases(const std::string& truth_log) {
    std::vector<Purchase> purchases;
    for (const std::string& line : read_lines(truth_log)) {
        const auto record = json::parse(line);
        Purchase purchase;
        purchase.prompt = text_of(record, "prompt");
        purchase.endpoint = text_of(record, "endpoint");
        purchase.failed = text_of(record, "outcome") != "taken";
        for (const auto& artifact : record.at("artifacts").as_array())
            purchase.sha256.push_back(text_of(artifact, "sha256"));
        if (const auto* files = record.as_object().if_contains("files")) {
            for (const auto& file : files->as_array())
                purchase.files.emplace_back(file.as_string());
        }
        purchases.push_back(std::move(purchase));
    }
    return purchases;
}

FaultCounts read_faults(const std::string& fault_log) {
    FaultCounts counts;
    for (const std::string& line : read_lines(fault_log)) {
        const auto record = json::parse(line).as_object();
        if (record.contains("violation")) counts.violations.push_back(line);
        const auto* ambiguous = record.if_contains("ambiguous");
        if (ambiguous != nullptr && ambiguous->as_bool()) ++counts.ambiguous;
    }
    return counts;
}

std::vector<std::string> read_lines(const std::string& path) {
    std::vector<std::string> lines;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);)
        lines.push_back(line);
    return lines;
}

std::string sha256_of_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return {};
    const std::string bytes((std::istreambuf_iterator<char>(file)),
                            std::istreambuf_iterator<char>());
    workers::Sha256 digest;
    digest.update(bytes);
    return digest.hex();
}

}  // namespace genspool::tests
