#include "daemon/inbox.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "daemon/batch_notes.hpp"
#include "tests/daemon/inbox_world.hpp"
#include "workers/digest.hpp"

using namespace genspool;
using namespace std::chrono_literals;
using tests::InboxWorld;
using tests::job_line;
using tests::job_lines;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> custom_ids(InboxWorld& world, proto::BatchSeq batch) {
    std::vector<std::string> ids;
    for (const auto& job : world.jobs(batch))
        ids.push_back(job.spec.custom_id);
    return ids;
}

std::vector<queue::RefusedLine> refused(InboxWorld& world, proto::BatchSeq batch) {
    std::vector<queue::RefusedLine> lines;
    world.queue.read(
        [&](const queue::Reader& reader) { lines = reader.refused_lines(batch, 0, 100); });
    return lines;
}

}  // namespace

TEST_CASE("a file that is renamed in is taken at once") {
    InboxWorld world;
    world.start_inbox();

    world.drop("films.jsonl", job_lines(3));
    world.quiesce();

    const auto batch = world.only_batch();
    CHECK(batch.sealed);
    CHECK(batch.name == "films.jsonl");
    CHECK(batch.principal == "inbox");
    CHECK(batch.content_hash == workers::sha256_hex(job_lines(3)));
    CHECK(custom_ids(world, batch.seq) == std::vector<std::string>{"job-1", "job-2", "job-3"});
    CHECK(world.jobs(batch.seq).front().spec.principal == "inbox");
    CHECK(world.read("accepted/films.jsonl") == job_lines(3));
    CHECK(world.names("inbox").empty());
    CHECK(daemon::note_of(batch, daemon::note_file) == "accepted/films.jsonl");
    CHECK(daemon::note_of(batch, daemon::note_stem) == "films");
    CHECK(world.errors.empty());
}

TEST_CASE("what lies there at the start is taken when it is old enough, in the order of names") {
    InboxWorld world;
    world.write("inbox/b.jsonl", job_lines(1));
    world.write("inbox/a.jsonl", job_lines(1));
    world.age("inbox/a.jsonl", 1h);
    world.age("inbox/b.jsonl", 1h);

    world.start_inbox();

    const auto batches = world.batches(true);
    REQUIRE(batches.size() == 2);
    CHECK(batches[1].name == "a.jsonl");
    CHECK(batches[0].name == "b.jsonl");
}

TEST_CASE("a file that somebody still writes is left alone until it has settled") {
    InboxWorld world;
    world.start_inbox();
    const int writer =
        ::open(world.state.path("inbox/slow.jsonl").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    REQUIRE(writer >= 0);
    const std::string text = job_lines(2);
    REQUIRE(::write(writer, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    world.advance(1s);
    CHECK(world.batches(true).empty());

    ::close(writer);
    world.quiesce();
    CHECK(world.batches(true).empty());
    world.advance(3s);

    CHECK(world.only_batch().accepted == 2);
    CHECK(world.exists("accepted/slow.jsonl"));
}

TEST_CASE("names in the making and directories are left where they are") {
    InboxWorld world;
    for (const char* name : {"inbox/.a.jsonl", "inbox/b.part", "inbox/c.tmp", "inbox/d.jsonl~"}) {
        world.write(name, job_lines(1));
        world.age(name, 1h);
    }
    fs::create_directory(world.state.path("inbox/films.jsonl"));
    world.start_inbox();
    world.advance(60s);

    CHECK(world.names("inbox").size() == 5);
    CHECK(world.batches(true).empty());
    CHECK(world.names("rejected").empty());
}

TEST_CASE("bad lines are refused by number, the others go on") {
    InboxWorld world;
    world.inbox_options.limits.piece_bytes_max = 200;
    world.start_inbox();
    world.drop("mixed.jsonl", job_line("one") + "\r\n\n{broken\n" + R"({"kind":"video"})" + "\n" +
                                  std::string(300, ' ') + "x\n" + job_line("one") + "\n" +
                                  job_line("two"));
    world.quiesce();

    const auto batch = world.only_batch();
    CHECK(custom_ids(world, batch.seq) == std::vector<std::string>{"one", "two"});
    const auto lines = refused(world, batch.seq);
    REQUIRE(lines.size() == 4);
    CHECK(lines[0].line == 3);
    CHECK(lines[1].line == 4);
    CHECK(lines[1].field == "request");
    CHECK(lines[2].line == 5);
    CHECK(lines[2].code == "too_long");
    CHECK(lines[3].line == 6);
    CHECK(lines[3].custom_id == "one");
    CHECK(world.exists("accepted/mixed.jsonl"));
}

TEST_CASE("what cannot be read at all is rejected with its line and reason") {
    InboxWorld world;
    world.start_inbox();
    world.drop("a.jsonl", "");
    world.drop("b.jsonl", "prompt,model\na kite,x\n");
    world.drop("c.json", "[" + job_line("one") + ",\n{\"kind\":}]");
    world.drop("d.jsonl", "\x1f\x8b\x08\xff\n");
    world.drop("e.csv", "kind,prompt\n");
    world.drop("f.txt", "Hello\n");
    world.drop("g.zip", "x");
    world.drop("j.csv", "kind,\nvideo,a kite\n");
    fs::create_symlink("/etc/passwd", world.state.path("inbox/h.jsonl"));
    world.drop("i.json", "[" + job_line("one") + "\n");
    world.advance(31s);

    CHECK(world.batches(true).empty());
    CHECK(world.names("inbox").empty());
    CHECK(world.read("rejected/a.jsonl.error.txt") == "unreadable: it is empty\n");
    CHECK(world.read("rejected/b.jsonl.error.txt").starts_with("unreadable: line 1: "));
    CHECK(world.read("rejected/c.json.error.txt").starts_with("unreadable: element 2: "));
    CHECK(world.read("rejected/d.jsonl.error.txt") == "unreadable: line 1: it is not UTF-8 text\n");
    CHECK(world.read("rejected/e.csv.error.txt") == "unreadable: it is empty\n");
    CHECK(world.read("rejected/f.txt.error.txt").starts_with("not_configured: "));
    CHECK(world.read("rejected/j.csv.error.txt") == "unreadable: line 2: column 2 has no name\n");
    CHECK(world.read("rejected/g.zip.error.txt").starts_with("invalid: only *.jsonl"));
    CHECK(world.read("rejected/h.jsonl.error.txt") == "unreadable: it is no regular file\n");
    CHECK(fs::is_symlink(world.state.path("rejected/h.jsonl")));
    CHECK(world.read("rejected/i.json.error.txt").starts_with("unreadable: line 2: "));
}

TEST_CASE("a table holds a job in each row, a text is spoken as the configuration says") {
    InboxWorld world;
    world.inbox_options.speech = {{"model", "speech-2.8-hd"},
                                  {"voice_setting", {{"voice_id", "old-sailor"}}}};
    world.start_inbox();
    world.drop("shots.csv",
               "kind,custom_id,label.film,model,prompt\n"
               "video,one,reel-3,MiniMax-Hailuo-02,\"a kite,\nand a boat\"\n"
               "video,two,reel-3,MiniMax-Hailuo-02,a boat,too many\n"
               "video,,,MiniMax-Hailuo-02,a whale\n");
    world.quiesce();
    auto batch = world.only_batch();
    CHECK(batch.accepted == 2);
    const auto lines = refused(world, batch.seq);
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].line == 4);
    CHECK(lines[0].message == "it has 6 values for 5 columns");
    const auto shots = world.jobs(batch.seq);
    CHECK(shots[0].spec.custom_id == "one");
    CHECK(shots[0].spec.request.find("and a boat") != std::string::npos);

    world.drop("tale.txt", "\xEF\xBB\xBFOnce upon\na time.\n");
    world.drop("void.txt", " \n");
    world.quiesce();
    CHECK(world.read("rejected/void.txt.error.txt") == "unreadable: it is empty\n");
    const auto all = world.batches(false);
    const auto of_text = std::ranges::find(all, "tale.txt", &queue::BatchView::name);
    REQUIRE(of_text != all.end());
    const auto tales = world.jobs(of_text->seq);
    REQUIRE(tales.size() == 1);
    CHECK(tales[0].spec.kind == proto::Kind::tts);
    CHECK(tales[0].spec.custom_id == "tale");
    CHECK(tales[0].spec.request ==
          R"({"model":"speech-2.8-hd","voice_setting":{"voice_id":"old-sailor"},)"
          R"("text":"Once upon\na time."})");
}

TEST_CASE("a JSON file holds one job or an array of jobs") {
    InboxWorld world;
    world.start_inbox();
    world.drop("one.json", "\n" + job_line("only"));
    world.drop("two.json", "[" + job_line("first") + ",\n " + job_line("second") + "]\n");
    world.quiesce();

    const auto batches = world.batches(true);
    REQUIRE(batches.size() == 2);
    CHECK(custom_ids(world, batches[1].seq) == std::vector<std::string>{"only"});
    CHECK(custom_ids(world, batches[0].seq) == std::vector<std::string>{"first", "second"});
}

TEST_CASE("the same name or content again is a new batch under a numbered name") {
    InboxWorld world;
    world.start_inbox();
    world.drop("films.jsonl", job_lines(2));
    world.quiesce();
    world.drop("films.jsonl", job_lines(2));
    world.quiesce();
    world.drop("films.json", "[" + job_line("x") + "]");
    world.quiesce();

    const auto batches = world.batches(false);
    REQUIRE(batches.size() == 3);
    CHECK(daemon::note_of(batches[1], daemon::note_file) == "accepted/films~2.jsonl");
    CHECK(daemon::note_of(batches[0], daemon::note_file) == "accepted/films~3.json");
    CHECK(world.names("accepted").size() == 3);
}

TEST_CASE("a file moved back from accepted is a drop of its own") {
    InboxWorld world;
    world.start_inbox();
    world.drop("films.jsonl", job_lines(2));
    world.quiesce();
    fs::rename(world.state.path("accepted/films.jsonl"), world.state.path("inbox/films.jsonl"));
    world.quiesce();

    CHECK(world.batches(false).size() == 2);
    CHECK(world.exists("accepted/films~2.jsonl"));
}

TEST_CASE("content that was taken before is only moved where the configuration says so") {
    InboxWorld world;
    world.inbox_options.dedupe_content = true;
    world.start_inbox();
    world.drop("films.jsonl", job_lines(2));
    world.quiesce();
    world.stop();
    world.start_inbox();
    world.drop("again.jsonl", job_lines(2));
    world.drop("other.jsonl", job_lines(3));
    world.quiesce();

    CHECK(world.batches(true).size() == 2);
    CHECK(world.names("accepted") ==
          std::vector<std::string>{"again.jsonl", "films.jsonl", "other.jsonl"});
}

TEST_CASE("a file that changes during its import is dropped and taken anew when it has settled") {
    InboxWorld world;
    world.inbox_options.limits.chunk_pieces_max = 2;
    world.queue.cut_after(3);
    world.start_inbox();
    world.drop("films.jsonl", job_lines(10));
    world.quiesce();
    REQUIRE(world.batches(true).size() == 1);
    world.write("inbox/films.jsonl", job_lines(7));
    world.queue.cut_after(std::nullopt);
    world.advance(60s);

    std::size_t sealed = 0;
    for (const auto& batch : world.batches(false)) {
        ++sealed;
        CHECK(batch.accepted == 7);
    }
    CHECK(sealed == 1);
    CHECK(world.read("accepted/films.jsonl") == job_lines(7));
}

TEST_CASE("a full queue leaves the file where it is and the half import as it stands") {
    InboxWorld world;
    world.inbox_options.limits.chunk_pieces_max = 2;
    queue::SetDiskGate gate;
    gate.gate = queue::DiskGate::no_intake;
    world.ask(gate);
    world.start_inbox();
    world.drop("films.jsonl", job_lines(5));
    world.advance(30s);
    CHECK(world.exists("inbox/films.jsonl"));
    CHECK(world.batches(false).empty());

    gate.gate = queue::DiskGate::open;
    world.ask(gate);
    world.advance(30s);
    CHECK(world.only_batch().accepted == 5);
}

TEST_CASE("a file that waits and is written to meanwhile is taken whole, when its writer is done") {
    InboxWorld world;
    queue::SetDiskGate gate;
    gate.gate = queue::DiskGate::no_intake;
    world.ask(gate);
    world.start_inbox();
    world.drop("films.jsonl", job_lines(2));
    world.advance(15s);
    REQUIRE(world.exists("inbox/films.jsonl"));
    const int writer =
        ::open(world.state.path("inbox/films.jsonl").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    REQUIRE(writer >= 0);
    const auto more = [&](const std::string& text) {
        REQUIRE(::write(writer, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    };
    more(job_line("third") + "\n");
    gate.gate = queue::DiskGate::open;
    world.ask(gate);
    world.advance(60s);
    CHECK(world.batches(false).empty());
    more(job_line("fourth") + "\n");
    ::close(writer);
    world.advance(60s);
    CHECK(world.only_batch().accepted == 4);
}

TEST_CASE("a file with more jobs than the queue may hold is rejected, and others are taken") {
    InboxWorld world(3);
    world.inbox_options.limits.chunk_pieces_max = 2;
    world.start_inbox();
    world.drop("a.jsonl", job_lines(5));
    world.drop("b.jsonl", job_lines(2));
    world.advance(30s);
    CHECK(world.read("rejected/a.jsonl.error.txt").find("queue_jobs_max") != std::string::npos);
    CHECK(world.only_batch().name == "b.jsonl");
}

TEST_CASE("lines whose keys a waiting import has wait with it, and are taken when it is gone") {
    InboxWorld world;
    world.start_inbox();
    const auto keyed = [](const std::string& request) {
        return R"({"kind":"video","idempotency_key":"k","request":)" + request + "}\n";
    };
    // It never comes, as somebody writes it for ever.
    fs::create_directory(world.state.path("inbox/a"));
    const int writer =
        ::open(world.state.path("inbox/a/a.png").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    REQUIRE(writer >= 0);
    world.inbox_options.limits.chunk_pieces_max = 1;
    world.stop();
    world.start_inbox();
    const std::string plain = R"({"model":"MiniMax-Hailuo-02","prompt":"p"})";
    const std::string waits = R"({"kind":"video","request":{"model":"I2V-01","prompt":"p",)"
                              R"("first_frame_image":{"$file":"a/a.png"}}})";
    world.drop("a.jsonl", keyed(plain) + waits + "\n");
    world.advance(5s);
    REQUIRE(world.exists("inbox/a.jsonl"));
    world.drop("b.jsonl", keyed(plain));
    world.drop("c.jsonl", job_lines(1));
    world.advance(60s);
    REQUIRE(world.batches(false).size() == 1);
    CHECK(world.batches(false)[0].name == "c.jsonl");
    fs::remove(world.state.path("inbox/a.jsonl"));
    world.advance(60s);
    ::close(writer);
    const auto batches = world.batches(false);
    REQUIRE(batches.size() == 2);
    for (const auto& batch : batches)
        CHECK(batch.accepted == 1);
    CHECK(world.exists("accepted/b.jsonl"));
}

TEST_CASE("stopping twice, or without a start, is harmless") {
    InboxWorld world;
    world.start_inbox();
    world.stop();
    world.start_inbox();
    CHECK(world.inbox != nullptr);
}
