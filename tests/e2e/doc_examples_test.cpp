// The pages' command lines are run, with the programs as they are installed.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/e2e/workplace.hpp"
#include "tests/support/await.hpp"
#include "tests/support/doc_blocks.hpp"
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"

using namespace genspool::tests;

namespace {

/// A line that cannot be run here, by how it begins, and why.
struct Unrun {
    std::string page;
    std::string line;
    std::string why;
};

const std::vector<Unrun>& unrun() {
    static const std::vector<Unrun> list = {
        {"README.md", "./run ", "builds the program, or is this suite"},
        {"README.md", "sudo ", "installs"},
        {"README.md", "genspool events -f", "has no end"},
        {"README.md", "genspool top", "the same"},
        {"docs/api.md", "alias api", "the test's own stands for it"},
        {"docs/api.md", "curl -sS https://spool", "no such host"},
        {"docs/api.md", "curl -sS -X POST https://spool", "no such host"},
        {"docs/api.md", "api http://genspool/v1/remote/main/files/17", "a file that is not there"},
        {"docs/api.md", "api -X DELETE 'http://genspool/v1/remote/main/files/17", "the same"},
        {"docs/api.md", "api http://genspool/v1/remote/linked", "an account of useapi.net's"},
        {"docs/api.md", "api -X POST http://genspool/v1/hooks/ops/retry -d",
         "an event of long ago"},
        {"docs/cli.md", "sudo ", "needs sudo"},
        {"docs/cli.md", "genspool explain --state queued", "nothing is queued"},
        {"docs/cli.md", "source <(genspool completion", "for a shell at a terminal"},
        {"docs/cli.md", "genspool completion", "writes into the home directory"},
        {"docs/cli.md", "genspool verify", "while the daemon works, it is not to be had"},
        {"docs/cli.md", "genspool ledger --dir", "the same"},
        {"docs/cli.md", "genspool doctor", "finds fault with the test's own settings"},
        {"docs/gateway.md", "export MINIMAX", "is another program's"},
        {"docs/gateway.md", "npx ", "is another program; `./run mcp` runs it"},
        {"docs/gateway.md", "alias ", "the test's own stands for it"},
        {"docs/gateway.md", "mm 'http://x/minimax/v1/", "a number of long ago"},
        {"docs/gateway.md", "ua ", "an account of useapi.net's"},
        {"docs/guides/first-video.md", "sudo ", "is for the machine's own daemon"},
        {"docs/guides/upgrade.md", "dpkg-deb ", "a package that is not there"},
        {"docs/guides/upgrade.md", "sudo new/", "the same"},
        {"docs/install.md", "./run ", "builds a package"},
        {"docs/install.md", "sudo ", "installs"},
        {"docs/mcp.md", "claude ", "is another program"},
        {"docs/mcp.md", "npx ", "is another program; `./run mcp` runs it"},
        {"docs/hooks.md", "genspool hooks ops --event", "an event of long ago"},
    };
    return list;
}

/// Without the lines that cannot be run; a line's continuation goes with it.
std::string runnable(const DocBlock& block, std::set<std::string>& used) {
    std::istringstream lines(block.text);
    std::string out;
    bool continued = false;
    for (std::string line; std::getline(lines, line);) {
        const auto found = std::ranges::find_if(unrun(), [&](const Unrun& each) {
            return each.page == block.page && line.starts_with(each.line);
        });
        // An account of another provider's has no place here.
        const bool linked =
            line.starts_with("genspool remote ") && line.find(" linked") != std::string::npos;
        const bool left_out = continued || linked || found != unrun().end();
        if (found != unrun().end()) used.insert(found->page + found->line);
        continued = left_out && line.ends_with("\\");
        if (!left_out) out += line + "\n";
    }
    return out;
}

/// What the pages' lines find: a daemon with an account, a batch that has ended, files to send.
struct Demo {
    Demo() : work({"--latency", "20ms"}, settings()) {
        make_directories();
        REQUIRE(work.daemon.start());
        const std::string line =
            R"({"kind":"image","request":{"model":"image-01","prompt":"a kite"},)"
            R"("custom_id":"shot-)";
        for (const char* const name : {"shots.jsonl", "reel-3.jsonl"})
            write(name, line + "1\"}\n" + line + "2\"}\n");
        const ApiAnswer taken =
            work.daemon.api().post("/v1/jobs", "[" + line + "1\"}," + line + "2\"}]");
        batch = text_of(taken.body, "batch");
        await("the batch", [&] { return work.daemon.is_quiet(); });
        write("kite.png", "\x89PNG\r\n\x1a\n and so on");
        write("sailor.mp3", "ID3 and so on");
    }

    static DaemonSettings settings() {
        DaemonSettings settings;
        settings.tables = "[[hook]]\nname = \"ops\"\ncommand = [\"/bin/true\"]\n";
        return settings;
    }

    /// What the package makes in the state directory.
    void make_directories() const {
        std::ifstream rules(source_path("systemd/genspool.tmpfiles.conf"));
        const std::string base = "/var/lib/genspool/";
        for (std::string type, path, rest; rules >> type >> path && std::getline(rules, rest);)
            if (type == "d" && path.starts_with(base))
                std::filesystem::create_directories(work.daemon.state(path.substr(base.size())));
    }

    void write(const std::string& name, const std::string& text) const {
        std::ofstream(work.directory.path(name), std::ios::binary) << text;
    }

    /// What a page calls the demo's things: a job that has succeeded, the batch, the directory.
    std::string here(std::string text) const {
        const std::string job = work.submit("image", "a kite");
        work.await_state(job, "succeeded");
        const auto replace = [&text](const char* what, const std::string& with) {
            text = std::regex_replace(text, std::regex(what), with);
        };
        replace("/v1/batches/01JDPZ", "/v1/batches/" + batch);
        replace("01JDPZ", job);
        replace("01KAMX", batch);
        replace(R"(\bBATCH_ID\b)", batch);
        replace(R"(\bID\b)", job);
        replace("/var/lib/genspool/", work.daemon.state(""));
        return text;
    }

    /// What went wrong; empty: nothing. A job's state may forbid what a line asks for (409).
    std::string run(const std::string& script) const {
        const std::string place = work.directory.path("example.sh");
        std::ofstream(place)
            << "set -u -o pipefail\nrm -rf '" << work.daemon.state("backups") << "'/*\n"
            << "rm -rf desk && mkdir desk &&"
            << " cp shots.jsonl reel-3.jsonl kite.png sailor.mp3 desk && cd desk\n"
            << "trap 'echo \"failed ($?): $BASH_COMMAND\" >&2' ERR\n"
            << "api() { curl -sS --unix-socket \"$GENSPOOL_SOCKET\""
            << " -w '%{stderr}answered %{http_code}\\n' \"$@\"; }\nmm() { api \"$@\"; }\n"
            << "sudo() { [ \"$1\" != -u ] || shift 2; \"$@\"; }\n"
            // It reads the settings of the daemon of this machine, unless told otherwise.
            << "genspool() { local told=(); [ \"$1\" != rehearse ] || told=(--config '"
            << work.daemon.config() << "'); command genspool \"$@\" \"${told[@]}\"; }\n"
            << script;
        ProcessOptions options;
        options.command = {"/bin/bash", place};
        options.directory = work.directory.path();
        const std::string bin = std::filesystem::path(program("genspool")).parent_path().string();
        options.environment = {"GENSPOOL_SOCKET=" + work.daemon.socket(),
                               "PATH=" + bin + ":/usr/local/bin:/usr/bin:/bin"};
        options.output = work.directory.path("out");
        options.errors = work.directory.path("err");
        std::filesystem::remove(options.errors);
        const int code = Process(options).wait();
        std::string wrong = code == 0 ? "" : "exit code " + std::to_string(code) + "\n";
        std::ifstream errors(options.errors);
        for (std::string line; std::getline(errors, line);) {
            const bool refused = line.starts_with("answered 4") || line.starts_with("answered 5");
            if ((refused && line != "answered 409") || line.starts_with("failed "))
                wrong += line + "\n";
        }
        return wrong;
    }

    Workplace work;
    std::string batch;
};

}  // namespace

TEST_CASE("every command line in the pages can be run as it stands there, or says why not") {
    const Demo demo;
    const auto blocks = doc_blocks("sh");
    CHECK(blocks.size() >= 25);
    std::set<std::string> used;
    for (const DocBlock& block : blocks) {
        CAPTURE(block.place());
        const std::string script = runnable(block, used);
        if (!script.empty()) CHECK(demo.run(demo.here(script)) == "");
    }
    // Nothing is excepted that is not there any more.
    CHECK(used.size() == unrun().size());
}
