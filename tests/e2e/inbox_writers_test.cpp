// Files that come into the watch folder as people's programs write them: each is taken once, whole.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "tests/e2e/workplace.hpp"
#include "tests/support/await.hpp"
#include "tests/support/process.hpp"

using namespace genspool::tests;

namespace {

namespace fs = std::filesystem;

constexpr int lines = 20;

struct Place {
    Place() {
        REQUIRE(work.daemon.start());
        std::ofstream file(source());
        for (int n = 0; n < lines; ++n)
            file << R"({"custom_id":")" << n << R"(",)"
                 << job_text("image", "picture " + std::to_string(n)).substr(1) << "\n";
    }

    std::string source() const { return work.directory.path("shots.jsonl"); }
    std::string inbox(const std::string& name) const { return work.daemon.state("inbox/" + name); }
    bool accepted(const std::string& name) const {
        return fs::exists(work.daemon.state("accepted/" + name));
    }

    /// The exit code of a shell's command, which knows $SOURCE and $INBOX.
    int shell(const std::string& command) const {
        ProcessOptions options;
        options.command = {"/bin/sh", "-c", command};
        options.environment = {"SOURCE=" + source(), "INBOX=" + inbox("")};
        return Process(options).wait();
    }

    /// Every line of every file was bought once, and nothing else lies about.
    void check(std::size_t files) const {
        work.daemon.await_quiet();
        CHECK(work.daemon.api().all("/v1/batches", "batches").size() == files);
        CHECK(work.simulator.purchases().size() == files * lines);
        CHECK(fs::is_empty(work.daemon.state("rejected")));
        CHECK(fs::is_empty(inbox("")));
    }

    Workplace work{{"--latency", "0"}};
};

}  // namespace

TEST_CASE("what is copied, moved, piped or installed there is taken once and whole") {
    const Place place;
    for (const auto& [name, command] : std::vector<std::pair<std::string, std::string>>{
             {"copied.jsonl", "cp \"$SOURCE\" \"$INBOX/copied.jsonl\""},
             {"moved.jsonl",
              "cp \"$SOURCE\" \"$SOURCE.2\" && mv \"$SOURCE.2\" \"$INBOX/moved.jsonl\""},
             {"piped.jsonl", "cat \"$SOURCE\" | tee \"$INBOX/piped.jsonl\" > /dev/null"},
             {"pieces.jsonl", "dd if=\"$SOURCE\" of=\"$INBOX/pieces.jsonl\" bs=7 2> /dev/null"},
             {"installed.jsonl", "install -m 600 \"$SOURCE\" \"$INBOX/installed.jsonl\""},
             {"linked.jsonl", "ln \"$SOURCE\" \"$INBOX/linked.jsonl\""}}) {
        CAPTURE(command);
        REQUIRE(place.shell(command) == 0);
        await(name, [&] { return place.accepted(name); });
    }
    place.check(6);
}

TEST_CASE("what an editor saves by a copy beside it and a change of names is taken once") {
    const Place place;
    // As vim does: a swap file, a file to see whether it may write there, the old one set aside.
    REQUIRE(place.shell(
                "cd \"$INBOX\" && : > .edited.jsonl.swp && : > 4913 && rm 4913 && "
                "cp \"$SOURCE\" edited.jsonl~ && cp \"$SOURCE\" .edited.jsonl.new && "
                "mv .edited.jsonl.new edited.jsonl && rm edited.jsonl~ .edited.jsonl.swp") == 0);
    await("the file", [&] { return place.accepted("edited.jsonl"); });
    place.check(1);
}

TEST_CASE("what rsync brings is taken when it is all there") {
    const Place place;
    REQUIRE(place.shell("rsync -a \"$SOURCE\" \"$INBOX\"") == 0);
    await("the file", [&] { return place.accepted("shots.jsonl"); });
    place.check(1);
}

TEST_CASE("what somebody still writes is left alone until he is done") {
    const Place place;
    REQUIRE(place.shell("mkfifo \"$SOURCE.go\"") == 0);
    ProcessOptions options;
    options.command = {"/bin/sh", "-c",
                       "exec 3> \"$INBOX/slow.jsonl\"; head -n 1 \"$SOURCE\" >&3; "
                       "read -r word < \"$SOURCE.go\"; tail -n +2 \"$SOURCE\" >&3"};
    options.environment = {"SOURCE=" + place.source(), "INBOX=" + place.inbox("")};
    Process writer(options);
    await("the first line", [&] {
        std::error_code error;
        return fs::file_size(place.inbox("slow.jsonl"), error) > 0 && !error;
    });
    REQUIRE(place.shell("cp \"$SOURCE\" \"$INBOX/later.jsonl\"") == 0);
    await("the file that came later", [&] { return place.accepted("later.jsonl"); });
    CHECK_FALSE(place.accepted("slow.jsonl"));
    CHECK(fs::exists(place.inbox("slow.jsonl")));
    REQUIRE(place.shell("echo go > \"$SOURCE.go\"") == 0);
    CHECK(writer.wait() == 0);
    await("the slow one", [&] { return place.accepted("slow.jsonl"); });
    place.check(2);
}
