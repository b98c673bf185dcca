#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "tests/cli/stub_daemon.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace genspool::tests;

namespace {

using Lines = std::vector<std::string>;

const std::string file =
    R"({"file_id":"1152921504606846977","bytes":3000000,"created_at":0,"filename":"reel.mp4",)"
    R"("purpose":"video_generation"})";

/// A daemon with these accounts, whose upstream answers everything else with `answer`.
StubDaemon::Handler with(const std::string& accounts, const std::string& answer) {
    return [=](const StubRequest& request) {
        if (request.target == "/v1/accounts")
            return StubReply{200, R"({"accounts":[)" + accounts + "]}"};
        if (request.target.ends_with("/content")) return StubReply{200, "the bytes", "video/mp4"};
        return StubReply{200, answer};
    };
}

const std::string one = R"({"name":"main"})";
const std::string two = R"({"name":"main"},{"name":"spare"})";

std::string read_file(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return std::string((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
}

}  // namespace

TEST_CASE("files, voices, tasks and the like are tables for people") {
    const auto out = [](const std::string& action, const std::string& answer) {
        const StubDaemon daemon(with(one, answer));
        return run_cli(daemon, {"remote", action, "main"}).out;
    };
    CHECK(out("files", R"({"files":[)" + file + "]}") ==
          "ID                     SIZE  PURPOSE           NAME\n"
          "1152921504606846977  3.0 MB  video_generation  reel.mp4\n");
    CHECK(out("voices", R"({"system_voice":null,"voice_cloning":[{"voice_id":"old-sailor",)"
                        R"("voice_name":"Sailor","created_time":"2026-08-01"}]})") ==
          "ID          TYPE           CREATED     NAME\n"
          "old-sailor  voice_cloning  2026-08-01  Sailor\n");
    CHECK(out("tasks", R"({"items":[{"id":"42","status":"Reviewing","model":"MiniMax-H3",)"
                       R"("task_type":"generation"}],"total":476})") ==
          "ID  STATUS     TYPE        MODEL\n"
          "42  Reviewing  generation  MiniMax-H3\n");
    CHECK(out("batches", R"({"data":[{"id":"batch_1","status":"completed","request_counts":)"
                         R"({"total":3,"completed":2,"failed":1},"output_file_id":"7"}]})") ==
          "ID       STATUS     REQUESTS  DONE  FAILED  OUTPUT\n"
          "batch_1  completed         3     2       1  7\n");
    CHECK(out("plan",
              R"({"model_remains":[{"model_name":"general",)"
              R"("current_interval_total_count":1500,"current_interval_usage_count":12}]})") ==
          "MODEL    TOTAL COUNT  USAGE COUNT\n"
          "general         1500           12\n");
    CHECK(out("models", R"({"data":[{"id":"MiniMax-M3","owned_by":"minimax"}]})") ==
          "ID          OWNED BY\n"
          "MiniMax-M3  minimax\n");
    CHECK(out("files", R"({"files":[]})").empty());
}

TEST_CASE("what useapi.net has is told in tables too") {
    const auto out = [](const std::string& action, const std::string& answer) {
        const StubDaemon daemon(with(one, answer));
        return run_cli(daemon, {"remote", action, "main"}).out;
    };
    CHECK(out("accounts",
              R"({"301":{"account":"301","maxJobs":3,"jwt":{"exp_Expire":"2027-01-15"},)"
              R"("supportVideo":true},"302":{"maxJobs":2,"error":"logged out"}})") ==
          "ID   VIDEOS AT ONCE  LOGGED IN UNTIL  VIDEO  ERROR\n"
          "301               3  2027-01-15       true\n"
          "302               2                          logged out\n");
    CHECK(out("running", R"([{"videoId":"v:9","elapsed":"03:57","replyRef":"01K#1"},)"
                         R"({"audioId":"a:7","elapsed":"00:02"}])") ==
          "VIDEO  SPEECH    FOR  REF\n"
          "v:9            03:57  01K#1\n"
          "       a:7     00:02\n");
    CHECK(out("room", R"({"executing":[],"available":[{"account":"301","maxJobs":3,)"
                      R"("executing":1,"available":2}]})") ==
          "ACCOUNT  VIDEOS AT ONCE  RUNNING  FREE\n"
          "301                   3        1     2\n");
    CHECK(out("agents", R"({"accounts":["301"],"summary":{"301":{"executing":1}},"executing":)"
                        R"({"301":[{"jobId":"p12:minimax","elapsed":"02:15"}]}})") ==
          "ID           ACCOUNT    FOR\n"
          "p12:minimax  301      02:15\n");
    CHECK(out("videos", R"([{"videoId":"v:4","statusLabel":"completed","desc":"a fox"}])") ==
          "ID   STATUS     PROMPT\n"
          "v:4  completed  a fox\n");
    CHECK(out("voices", R"({"voice_list":[{"voice_id":"7","voice_name":"Sailor"}],"total":600})") ==
          "ID  NAME\n"
          "7   Sailor\n");
    CHECK(out("characters", R"({"characters":[]})") == "characters  []\n");
    CHECK(out("videos", "[]").empty());
}

TEST_CASE("of useapi.net one thing is shown, taken away, or linked by what lies in a file") {
    const TemporaryDirectory directory;
    const std::string account = directory.path("account.json");
    std::ofstream(account) << R"({"url":"https://x/cursor","token":"secret","maxJobs":3})";
    const StubDaemon daemon(with(one, R"({"account":"301","jwt":{"token":"***"}})"));
    CHECK(run_cli(daemon, {"remote", "link", "main", account}).out ==
          "account    301\n"
          "jwt.token  ***\n");
    CHECK(run_cli(daemon, {"remote", "unlink", "main", "301"}).err == "genspool: 301 is gone\n");
    run_cli(daemon, {"remote", "agent", "main", "p12:minimax"});
    run_cli(daemon, {"remote", "templates", "main", "--template", "7"});
    CHECK(daemon.lines() == Lines{"POST /v1/remote/main/accounts",
                                  "DELETE /v1/remote/main/accounts/301",
                                  "GET /v1/remote/main/agent/jobs/p12%3Aminimax",
                                  "GET /v1/remote/main/templates?template=7"});
    CHECK(daemon.requests().front().body ==
          R"({"url":"https://x/cursor","token":"secret","maxJobs":3})");
    CHECK(run_cli(daemon, {"remote", "link", "main", directory.path("none")}).exit == 2);
}

TEST_CASE("one thing is told value by value, and --json prints what came") {
    const StubDaemon daemon(with(one, R"({"file":)" + file + R"(,"base_resp":{"status_code":0}})"));
    CHECK(run_cli(daemon, {"remote", "file", "main", "7"}).out ==
          "file_id     1152921504606846977\n"
          "bytes       3000000\n"
          "created_at  0\n"
          "filename    reel.mp4\n"
          "purpose     video_generation\n");
    CHECK(run_cli(daemon, {"remote", "file", "main", "7", "--json"}).out ==
          R"({"file":)" + file + R"(,"base_resp":{"status_code":0}})" + "\n");
    run_cli(daemon, {"remote", "task", "main", "a/b"});
    run_cli(daemon, {"remote", "batch", "main", "batch_1"});
    CHECK(daemon.lines() == Lines{"GET /v1/remote/main/files/7", "GET /v1/remote/main/files/7",
                                  "GET /v1/remote/main/tasks/a%2Fb",
                                  "GET /v1/remote/main/batches/batch_1"});
}

TEST_CASE("what is said of a list goes to the daemon") {
    const StubDaemon daemon(with(one, "{}"));
    run_cli(daemon, {"remote", "files", "main", "--purpose", "voice_clone"});
    run_cli(daemon, {"remote", "voices", "main", "--type", "all"});
    run_cli(daemon,
            {"remote", "tasks", "main", "--status", "failed", "--page", "2", "--model", "M"});
    run_cli(daemon, {"remote", "batches", "main", "--limit", "5", "--after", "b"});
    run_cli(daemon, {"remote", "rm", "main", "7", "--purpose", "voice_clone"});
    run_cli(daemon, {"remote", "rm-voice", "main", "old-sailor", "--type", "voice_cloning"});
    Lines lines = daemon.lines();
    REQUIRE(lines.size() == 6);
    CHECK(lines[0] == "GET /v1/remote/main/files?purpose=voice_clone");
    CHECK(lines[1] == "GET /v1/remote/main/voices?type=all");
    for (const std::string part : {"status=failed", "page=2", "model=M"})
        CHECK(lines[2].find(part) != std::string::npos);
    CHECK(lines[3].find("limit=5") != std::string::npos);
    CHECK(lines[4] == "DELETE /v1/remote/main/files/7?purpose=voice_clone");
    CHECK(lines[5] == "DELETE /v1/remote/main/voices/old-sailor?type=voice_cloning");
}

TEST_CASE("the only account need not be named; of several one must be") {
    const StubDaemon single(with(one, R"({"data":[]})"));
    CHECK(run_cli(single, {"remote", "models"}).exit == 0);
    CHECK(run_cli(single, {"remote", "task", "7"}).exit == 0);
    CHECK(single.lines() == Lines{"GET /v1/accounts", "GET /v1/remote/main/models",
                                  "GET /v1/accounts", "GET /v1/remote/main/tasks/7"});
    const StubDaemon several(with(two, "{}"));
    const Ran ran = run_cli(several, {"remote", "models"});
    CHECK(ran.exit == 2);
    CHECK(ran.err == "genspool: name the account, one of main, spare\n");
    const StubDaemon none(with("", "{}"));
    CHECK(run_cli(none, {"remote", "models"}).err == "genspool: no account is configured\n");
    CHECK(run_cli(none, {"remote", "file"}).exit == 2);
    CHECK(run_cli(none, {"remote", "models", "main", "7"}).exit == 2);
    CHECK(run_cli(none, {"remote", "create", "main"}).exit == 2);
}

TEST_CASE("a file comes under its own name, into a directory, or to standard output") {
    const TemporaryDirectory directory;
    const StubDaemon daemon(with(one, R"({"file":)" + file + "}"));
    const Ran into = run_cli(daemon, {"remote", "get", "main", "7", "-o", directory.path()});
    CHECK(into.out == directory.path("reel.mp4") + "\n");
    CHECK(read_file(directory.path("reel.mp4")) == "the bytes");
    const std::string named = directory.path("x.mp4");
    CHECK(run_cli(daemon, {"remote", "get", "main", "7", "-o", named}).out == named + "\n");
    CHECK(run_cli(daemon, {"remote", "get", "main", "7", "-o", named}).exit == 2);
    CHECK(run_cli(daemon, {"remote", "get", "main", "7", "-o", named, "--force"}).exit == 0);
    CHECK(run_cli(daemon, {"remote", "get", "main", "7", "-o", "-"}).out == "the bytes");
}

TEST_CASE("a name that would lead elsewhere is not taken from an upstream") {
    const TemporaryDirectory directory;
    const StubDaemon daemon(with(one, R"({"file":{"filename":".."}})"));
    const Ran ran = run_cli(daemon, {"remote", "get", "main", "7", "-o", directory.path()});
    CHECK(ran.out == directory.path("7") + "\n");
}

TEST_CASE("an upload sends the file with its name and type, and prints its id") {
    const TemporaryDirectory directory;
    const std::string path = directory.path("sailor.mp3");
    std::ofstream(path) << "ID3 speech";
    const StubDaemon daemon(with(one, R"({"file":)" + file + "}"));
    const Ran ran = run_cli(daemon, {"remote", "upload", "main", path, "--purpose", "voice_clone"});
    CHECK(ran.out == "1152921504606846977\n");
    const auto requests = daemon.requests();
    REQUIRE(requests.size() == 1);
    CHECK(requests[0].line() ==
          "POST /v1/remote/main/files?purpose=voice_clone&filename=sailor.mp3");
    CHECK(requests[0].body == "ID3 speech");
    CHECK(requests[0].headers.at("content-type") == "audio/mpeg");
    CHECK(run_cli(daemon, {"remote", "upload", "main", directory.path()}).exit == 2);
}

TEST_CASE("what an upstream refuses is told with its words") {
    const StubDaemon daemon([](const StubRequest&) {
        return StubReply{502,
                         R"({"title":"The upstream does not serve this account","status":502,)"
                         R"("code":"upstream_account","detail":"The upstream says: no (1004)."})"};
    });
    const Ran ran = run_cli(daemon, {"remote", "models", "main"});
    CHECK(ran.exit == 5);
    CHECK(ran.err ==
          "genspool: The upstream does not serve this account: The upstream says: no "
          "(1004)\n");
}
