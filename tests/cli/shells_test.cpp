// The shells themselves complete with the scripts that genspool prints.
#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/cli/stub_daemon.hpp"
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"

using namespace genspool::tests;

namespace {

namespace fs = std::filesystem;

StubReply live(const StubRequest&) {
    return {200, R"({"jobs":[{"id":"01KAAA","state":"held","kind":"tts","custom_id":"a:b"},)"
                 R"({"id":"01KBBB","state":"held","kind":"video"}],"next":null})"};
}

/// A shell, and the directory in which it completes.
class Shell {
public:
    explicit Shell(const std::string& name)
        : name_(name), path_(fs::exists("/usr/bin/" + name) ? "/usr/bin/" + name : "/bin/" + name) {
        std::ofstream(directory_.path("script")) << run_cli("/nowhere", {"completion", name}).out;
        std::ofstream(directory_.path("reel.jsonl"));
    }

    /// False: it is not installed, and that was said.
    bool is_here() const {
        const bool here = ::access(path_.c_str(), X_OK) == 0;
        if (!here) MESSAGE("left out: there is no ", name_, " here to complete with");
        return here;
    }

    /// Runs these lines after the script was read; what they print.
    std::string run(const std::string& lines) const {
        const std::string said = directory_.path("said");
        ProcessOptions options;
        options.command = {path_, "-c", "source " + directory_.path("script") + "\n" + lines};
        const fs::path own = fs::path(program("genspool")).parent_path();
        options.environment = {"PATH=" + own.string() + ":/usr/bin:/bin",
                               "HOME=" + directory_.path(), "GENSPOOL_SOCKET=" + daemon_.socket()};
        options.directory = directory_.path();
        options.output = said;
        Process process(options);
        const int code = process.wait();
        std::ifstream file(said);
        std::string text{std::istreambuf_iterator<char>(file), {}};
        fs::remove(said);
        CHECK_MESSAGE(code == 0, text);
        return text;
    }

private:
    std::string name_;
    std::string path_;
    TemporaryDirectory directory_;
    StubDaemon daemon_{live};
};

}  // namespace

TEST_CASE("bash completes verbs, values, ids and files") {
    const Shell bash("bash");
    REQUIRE(bash.is_here());
    const auto completed = [&bash](const std::string& words) {
        return bash.run("COMP_WORDS=(" + words +
                        "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _genspool\n"
                        "printf '%s\\n' \"${COMPREPLY[@]}\"");
    };
    CHECK(completed("genspool re") == "retry\nresolve\nremote\nresume\nrehearse\n");
    CHECK(completed("genspool resolve ''") == "01KAAA\n01KBBB\n");
    CHECK(completed("genspool ls --state = he") == "held\n");
    CHECK(completed("genspool batch re") == "reel.jsonl\n");
    CHECK(bash.run("complete -p genspool") == "complete -F _genspool genspool\n");
}

TEST_CASE("zsh completes verbs, values, ids and files") {
    const Shell zsh("zsh");
    if (!zsh.is_here()) return;
    // Its own completion wants a terminal and its users' set-up: what it would be told is looked
    // at.
    const auto completed = [&zsh](const std::string& words) {
        return zsh.run(
            "_describe() { print -rl -- ${(P)argv[-1]} }\n_files() { print files }\n"
            "words=(" +
            words + "); CURRENT=$#words; _genspool");
    };
    CHECK(completed("genspool resol").starts_with("resolve:Say what became of a purchase"));
    CHECK(completed("genspool resolve ''") == "01KAAA:held tts a:b\n01KBBB:held video\n");
    CHECK(completed("genspool ls --state=he") == "--state=held:--state=held\n");
    CHECK(completed("genspool batch re") == "files\n");
}

TEST_CASE("fish completes verbs, values, ids and files") {
    const Shell fish("fish");
    if (!fish.is_here()) return;
    CHECK(fish.run("complete -C 'genspool resol'").starts_with("resolve\tSay what became"));
    CHECK(fish.run("complete -C 'genspool resolve '") ==
          "01KAAA\theld tts a:b\n01KBBB\theld video\n");
    CHECK(fish.run("complete -C 'genspool ls --state he'") == "held\n");
    CHECK(fish.run("complete -C 'genspool batch re'").starts_with("reel.jsonl"));
}
