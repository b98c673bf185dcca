// What an account has upstream, by the command line: the key stays with the daemon.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "tests/e2e/workplace.hpp"
#include "tests/programs/run_program.hpp"

using namespace genspool::tests;

namespace {

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a file goes up, is listed, comes back the same, and is taken away") {
    Workplace place;
    place.daemon.start();
    const std::string path = place.directory.path("sailor.mp3");
    const std::string bytes = "ID3" + std::string(400'000, 's');
    std::ofstream(path, std::ios::binary) << bytes;

    const auto up =
        run_client(place.daemon, {"remote", "upload", path, "--purpose", "voice_clone"});
    REQUIRE(up.code == 0);
    const std::string id = first_line(up.out);
    const auto list = run_client(place.daemon, {"remote", "files", "--purpose", "voice_clone"});
    CHECK(contains(list.out, id));
    CHECK(contains(list.out, "sailor.mp3"));
    CHECK(contains(run_client(place.daemon, {"remote", "file", id}).out, "400003"));
    const std::string back = place.directory.path("back.mp3");
    CHECK(run_client(place.daemon, {"remote", "get", id, "-o", back}).out == back + "\n");
    CHECK(read_file(back) == bytes);

    CHECK(run_client(place.daemon, {"remote", "rm", id, "--purpose", "voice_clone"}).code == 0);
    CHECK(run_client(place.daemon, {"remote", "file", id}).code == 3);
    CHECK(place.simulator.purchases().empty());
}

TEST_CASE("a job whose file was deleted upstream uploads it anew instead of being refused") {
    Workplace place;
    place.daemon.start();
    const std::string path = place.directory.path("sailor.mp3");
    std::ofstream(path, std::ios::binary) << "ID3 an old sailor speaks";
    const auto clone = [&](const std::string& voice) {
        return run_client(place.daemon, {"submit", "voice_clone", "--set", "voice_id=" + voice,
                                         "--file", "file_id=" + path, "--wait"});
    };
    REQUIRE(clone("old-sailor").code == 0);
    const std::vector<std::string> list = {"remote", "files", "--purpose", "voice_clone"};
    const std::string listed = run_client(place.daemon, list).out;
    const std::string row = listed.substr(listed.find('\n') + 1);
    const std::string id = row.substr(0, row.find(' '));
    REQUIRE(run_client(place.daemon, {"remote", "rm", id, "--purpose", "voice_clone"}).code == 0);

    CHECK(clone("young-sailor").code == 0);
    CHECK_FALSE(contains(run_client(place.daemon, list).out, id));
    CHECK(contains(run_client(place.daemon, {"remote", "voices"}).out, "young-sailor"));
    CHECK(
        run_client(place.daemon, {"remote", "rm-voice", "young-sailor", "--type", "voice_cloning"})
            .code == 0);
    CHECK_FALSE(contains(run_client(place.daemon, {"remote", "voices"}).out, "young-sailor"));
}

TEST_CASE("tasks, plan and models are told, and what is not there is") {
    Workplace place;
    place.daemon.start();
    CHECK(contains(run_client(place.daemon, {"remote", "models"}).out, "MiniMax-M3"));
    CHECK(contains(run_client(place.daemon, {"remote", "plan"}).out, "general"));
    CHECK(run_client(place.daemon, {"remote", "tasks"}).code == 0);
    const auto task = run_client(place.daemon, {"remote", "task", "424010985738629"});
    CHECK(task.code == 3);
    CHECK(contains(task.err, "invalid task_id"));
    const auto account = run_client(place.daemon, {"remote", "models", "nobody"});
    CHECK(account.code == 3);
    CHECK(contains(account.err, "there are main"));
    CHECK(place.simulator.purchases().empty());
}

TEST_CASE("what a linked account has is told, and it is linked by a file") {
    DaemonSettings settings;
    settings.provider = "useapi";
    settings.key = "user:1-of-this-test";
    settings.account += "upstream_account = \"301\"\n";
    Workplace place({"--latency", "50ms"}, settings);
    place.daemon.start();
    const auto out = [&](const std::vector<std::string>& words) {
        std::vector<std::string> all{"remote"};
        all.insert(all.end(), words.begin(), words.end());
        return run_client(place.daemon, all).out;
    };
    const std::string account = place.directory.path("account.json");
    std::ofstream(account) << R"({"url":"https://example.com/cursor","maxJobs":2,)"
                              R"("token":"e30.eyJ1c2VyIjp7ImlkIjoiMzAxIn19.a-login-of-this-test"})";
    const auto linked = run_client(place.daemon, {"remote", "link", account});
    CAPTURE(linked.err);
    CHECK(contains(linked.out, "maxJobs"));
    CHECK(contains(out({"accounts"}), "LOGGED IN UNTIL"));
    CHECK(contains(out({"account", "301"}), "jwt.exp_Expire"));
    CHECK(contains(out({"features"}), "queueLength"));
    CHECK(contains(out({"room"}), "301"));
    CHECK(contains(out({"voices"}), "NAME"));
    CHECK(contains(out({"templates"}), "ID"));
    CHECK(contains(out({"characters"}), "characters"));
    const std::string picture = place.directory.path("kite.png");
    std::ofstream(picture, std::ios::binary) << "\x89PNG\r\n\x1a\n a kite";
    const std::string file = first_line(out({"upload", picture}));
    CHECK(contains(file, "-file:"));
    CHECK(run_client(place.daemon, {"remote", "rm", file}).code == 0);

    REQUIRE(run_client(place.daemon, {"run", "image", "--prompt", "a kite"}).code == 0);
    const std::string images = out({"images"});
    CHECK(contains(images, "completed"));
    const std::string row = images.substr(images.find('\n') + 1);
    const std::string id = row.substr(0, row.find(' '));
    CHECK(contains(out({"image", id}), "downloadURL"));
    CHECK(run_client(place.daemon, {"remote", "rm-image", id}).code == 0);
    CHECK(run_client(place.daemon, {"remote", "song", "none"}).code == 3);
    CHECK_FALSE(contains(place.daemon.log(), "a-login-of-this-test"));
}
