// genspool-manual NAME SECTION TITLE [DOCUMENT[#SECTION]...]: prints a manual page, made of what
// the program of that name, if there is one, says of its command line, and of these documents.
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "cli/console.hpp"
#include "cli/program.hpp"
#include "daemon/arguments.hpp"
#include "manual/commands.hpp"
#include "manual/markdown.hpp"
#include "proto/time.hpp"
#include "tests/simulator/arguments.hpp"

namespace {

using namespace genspool;

/// The day of $SOURCE_DATE_EPOCH, so that the same sources make the same page; else today.
std::string day() {
    const char* const given = std::getenv("SOURCE_DATE_EPOCH");
    const std::time_t at = given == nullptr ? std::time(nullptr) : std::stoll(given);
    const proto::Instant instant{std::chrono::seconds(at)};
    return proto::format_day(instant);
}

void put_document(manual::Roff& page, const std::string& argument) {
    const std::size_t mark = argument.find('#');
    const std::string path = argument.substr(0, mark);
    std::ifstream file(path);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file.is_open() || text.empty()) throw std::runtime_error(path + " cannot be read");
    manual::put_markdown(page, text, mark == argument.npos ? "" : argument.substr(mark + 1));
}

void put_program(manual::Roff& page, const std::string& name) {
    if (name == "genspool") {
        cli::Console console = cli::standard_console();
        cli::Context context(console, {});
        manual::put_commands(page, cli::Program(context).app());
    } else if (name == "genspoold") {
        CLI::App app(std::string(), name);
        daemon::Arguments arguments;
        daemon::describe(app, arguments);
        manual::put_commands(page, app);
    } else if (name == "genspool-sim") {
        CLI::App app(std::string(), name);
        simulator::Arguments arguments;
        simulator::describe(app, arguments);
        manual::put_commands(page, app);
    }
}

std::string page_of(const std::vector<std::string>& arguments) {
    if (arguments.size() < 3) throw std::runtime_error("NAME SECTION TITLE [DOCUMENT...]");
    manual::Roff page(arguments[0], arguments[1], day());
    page.heading("Name");
    page.paragraph(arguments[0] + " - " + arguments[2]);
    put_program(page, arguments[0]);
    for (std::size_t i = 3; i < arguments.size(); ++i)
        put_document(page, arguments[i]);
    page.heading("See also");
    page.paragraph(
        "`genspool`(1), `genspool-sim`(1), `genspoold`(8), `genspool.toml`(5), "
        "`genspool-batch`(5), and the documentation in /usr/share/doc/genspool");
    return page.text();
}

}  // namespace

int main(int count, char** arguments) {
    try {
        std::cout << page_of(std::vector<std::string>(arguments + 1, arguments + count));
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "genspool-manual: " << error.what() << "\n";
        return 1;
    }
}
