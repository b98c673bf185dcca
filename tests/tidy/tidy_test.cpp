// Polices the house rules that a compiler does not.
#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <regex>

#include "tests/tidy/await_rules.hpp"
#include "tests/tidy/source_tree.hpp"

using namespace genspool::tests::tidy;

namespace {

constexpr std::size_t columns_max = 100;
constexpr std::size_t file_lines_max = 400;
constexpr std::size_t test_lines_max = 600;
constexpr std::size_t function_lines_max = 70;

const std::vector<SourceFile>& tree() {
    static const auto files = source_tree();
    return files;
}

void complain(const SourceFile& file, std::size_t line, const std::string& what) {
    FAIL_CHECK(file.path, ":", line, ": ", what);
}

std::size_t columns_of(std::string_view line) {
    const auto is_continuation = [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
    };
    return line.size() - static_cast<std::size_t>(std::ranges::count_if(line, is_continuation));
}

bool is_of_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// Complains of each place where these words stand for themselves.
void refuse(const SourceFile& file, const std::string& text, const std::string& words,
            const std::string& why) {
    for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) {
        const auto end = at + words.size();
        const bool inside =
            (at > 0 && is_of_word(text[at - 1])) || (end < text.size() && is_of_word(text[end]));
        if (!inside) complain(file, line_at(text, at), why);
    }
}

/// The folder of the tree a path belongs to, as far as the include direction goes.
std::string folder_of(std::string_view path) {
    for (const std::string_view folder :
         {"tests/simulator", "proto/minimax", "proto/useapi", "proto/catalog", "daemon/gateway"}) {
        if (path.starts_with(std::string(folder) + "/")) {
            return std::string(folder);
        }
    }
    return std::string(path.substr(0, path.find('/')));
}

/// Who may include whom. The simulator stands for the upstream and must not share its reading of
/// the wire with the code under test, hence no proto/minimax there. What works with all providers
/// knows none; only the gateway, which speaks as one of them, knows that one's words.
const std::map<std::string, std::vector<std::string>>& allowed_folders() {
    static const std::map<std::string, std::vector<std::string>> table{
        {"proto", {"proto"}},
        {"proto/minimax", {"proto", "proto/minimax"}},
        {"proto/useapi", {"proto", "proto/useapi"}},
        {"proto/catalog", {"proto", "proto/minimax", "proto/useapi", "proto/catalog"}},
        {"queue", {"proto", "queue"}},
        {"workers", {"proto", "queue", "workers"}},
        {"daemon", {"proto", "queue", "workers", "proto/catalog", "daemon", "daemon/gateway"}},
        {"daemon/gateway",
         {"proto", "queue", "workers", "proto/minimax", "proto/useapi", "daemon",
          "daemon/gateway"}},
        {"cli", {"proto", "proto/catalog", "cli"}},
        {"tests/simulator", {"proto", "tests/simulator"}},
    };
    return table;
}

/// A third party's headers and the paths that may include them.
struct Confined {
    std::string headers;
    std::string users;
    std::string rule;
};

const std::vector<Confined>& confined_libraries() {
    static const std::vector<Confined> table{
        {"rocksdb/.*", "queue/rocksdb_.*|tests/support/.*|tests/queue/.*|tests/bench/.*",
         "RocksDB only in queue/rocksdb_* and in the tests of the queue"},
        {"boost/beast.*", "(.*/)?http_[^/]*|tests/.*|workers/asio/.*",
         "Beast only in files named http_*"},
        {"boost/asio.*", "(workers|daemon|cli|tests)/.*", "no Asio in proto and queue"},
        {"openssl/.*", "(workers|daemon|cli|tests)/.*", "no OpenSSL in proto and queue"},
        {"toml\\+\\+/.*|spdlog/.*|systemd/.*", "daemon/.*|tests/.*",
         "only the daemon is a service"},
        {"CLI/.*", "(cli|daemon|manual|tests/manual)/.*|.*/main\\.cpp|.*/arguments\\.cpp",
         "options are parsed at the edge"},
        {"doctest/.*|benchmark/.*", "tests/.*", "test libraries only in tests"},
    };
    return table;
}

}  // namespace

TEST_CASE("no line is longer than 100 columns") {
    for (const auto& file : tree()) {
        std::size_t number = 0;
        bool formatted = true;  // tables that the formatter may not touch are free
        for (const auto line : lines_of(file.text)) {
            ++number;
            formatted = (formatted && line.find("// clang-format off") == line.npos) ||
                        line.find("// clang-format on") != line.npos;
            if (formatted && columns_of(line) > columns_max) {
                complain(file, number, "longer than 100 columns");
            }
        }
    }
}

TEST_CASE("no file is longer than its limit") {
    for (const auto& file : tree()) {
        const auto limit = file.lies_in("tests") ? test_lines_max : file_lines_max;
        const auto lines = lines_of(file.text).size();
        if (lines > limit) {
            complain(file, lines, "longer than " + std::to_string(limit) + " lines");
        }
    }
}

TEST_CASE("no function is longer than 70 lines") {
    // Relies on the formatter: functions at namespace scope begin and end in the first column.
    const std::regex head("(?!TEST_CASE|#|\\}).*\\(.*");
    for (const auto& file : tree()) {
        const auto lines = lines_of(file.code);
        std::size_t begin = 0;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const auto line = lines[i];
            if (line.starts_with("}") && begin > 0 && i + 2 - begin > function_lines_max) {
                complain(file, begin, "a function longer than 70 lines");
            }
            if (!line.empty() && line[0] != ' ') {
                begin = std::regex_match(line.begin(), line.end(), head) ? i + 1 : 0;
            }
        }
    }
}

TEST_CASE("no forbidden word is used") {
    // Pieced together, so that this file does not contain what it forbids.
    const std::vector<std::string> open_ends{
        "TO"
        "DO",
        "FIX"
        "ME",
        "XX"
        "X"};
    for (const auto& file : tree()) {
        for (const auto& word : open_ends)
            refuse(file, file.text, word, "finish it, or open an issue");
        refuse(file, file.code, "detached", "a spawned task has an owner that waits for it");
        refuse(file, file.code, "co_yield", "no generators");
        if (file.is_header())
            refuse(file, file.code, "using namespace", "no using namespace in headers");
    }
}

TEST_CASE("every header has its guard") {
    for (const auto& file : tree()) {
        if (file.is_header() && file.text.find("#pragma once") == std::string::npos) {
            complain(file, 1, "no #pragma once");
        }
    }
}

TEST_CASE("no folder is called util or common") {
    const std::regex catch_all("(^|/)(utils?|commons?|misc|helpers?)/");
    for (const auto& file : tree()) {
        if (std::regex_search(file.path, catch_all))
            complain(file, 1, "a helper lives with its concept");
    }
}

TEST_CASE("no await shares its statement with what the compiler gets wrong") {
    for (const auto& file : tree()) {
        for (const auto& finding : await_findings(file.code)) {
            complain(file, line_at(file.code, finding.position), finding.reason);
        }
    }
}

TEST_CASE("whoever makes a file last has kill points") {
    const std::regex durable(
        R"(::(fsync|fdatasync|rename|renameat|renameat2|unlink|unlinkat|posix_fallocate)\s*\()");
    // The first is about a socket, the others do it for callers that have their points.
    const std::vector<std::string> others{"daemon/listener.cpp", "workers/directory_sync.cpp",
                                          "workers/local_output.cpp"};
    for (const auto& file : tree()) {
        const bool of_daemon =
            file.lies_in("queue") || file.lies_in("workers") || file.lies_in("daemon");
        const bool exempt = std::ranges::find(others, file.path) != others.end();
        const bool durably = std::regex_search(file.code, durable);
        if (exempt && !durably) complain(file, 1, "it needs no exemption from kill points");
        if (!of_daemon || exempt || !durably) continue;
        if (file.code.find("GENSPOOL_KILL_POINT(") == std::string::npos)
            complain(file, 1, "it makes files last, but has no kill point");
    }
}

TEST_CASE("includes point one way") {
    for (const auto& file : tree()) {
        const auto rule = allowed_folders().find(folder_of(file.path));
        if (rule == allowed_folders().end()) {
            continue;  // tests may know everything
        }
        for (const auto& include : includes_of(file)) {
            const auto folder = folder_of(include.path);
            const bool ours = allowed_folders().contains(folder) || folder == "tests";
            const bool allowed = std::ranges::find(rule->second, folder) != rule->second.end();
            if (include.quoted && ours && !allowed) {
                complain(file, include.line, rule->first + " must not include " + include.path);
            }
        }
    }
}

TEST_CASE("third parties stay where they belong") {
    for (const auto& file : tree()) {
        for (const auto& include : includes_of(file)) {
            for (const auto& library : confined_libraries()) {
                if (std::regex_match(include.path, std::regex(library.headers)) &&
                    !std::regex_match(file.path, std::regex(library.users))) {
                    complain(file, include.line, library.rule);
                }
            }
        }
    }
}
