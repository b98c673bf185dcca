// Jobs whose files are uploaded before they are bought.
#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "tests/workers/engine_world.hpp"

using namespace genspool;
using namespace std::chrono_literals;
using proto::Kind;
using proto::State;
using tests::EngineWorld;
using tests::EngineWorldOptions;
using tests::FakeAnswer;

namespace {

const std::string recording = "ID3 an old sailor speaks";

EngineWorldOptions with_voices() {
    EngineWorldOptions options;
    options.slots["voice"] = 3;
    return options;
}

proto::JobSeq admit_clone(EngineWorld& world, const std::string& voice) {
    return world.admit(Kind::voice_clone, R"({"model":"speech-2.8-hd","text":"ahoy [[ref:)" +
                                              voice + R"(]]","voice_id":")" + voice +
                                              R"(","file_id":{"$file":")" +
                                              world.hand_in(recording) + R"("}})");
}

bool is_upload(const workers::HttpCall& call) {
    return call.url.ends_with("/v1/files/upload");
}

std::size_t uploads(const EngineWorld& world) {
    const auto& calls = world.http().calls();
    return static_cast<std::size_t>(std::count_if(calls.begin(), calls.end(), is_upload));
}

std::vector<std::string> files_sent(const EngineWorld& world, const std::string& ref) {
    for (const auto& truth : world.upstream().records().truths())
        if (truth.ref == ref) return truth.files;
    return {};
}

std::string sha256_of_recording(EngineWorld& world) {
    return world.hand_in(recording).substr(std::string("sha256:").size());
}

FakeAnswer coded(int code) {
    FakeAnswer answer;
    answer.body =
        R"({"base_resp":{"status_code":)" + std::to_string(code) + R"(,"status_msg":"as told"}})";
    return answer;
}

/// Of the calls that `which` picks the first so many are answered so.
void answer_first(EngineWorld& world, bool (*which)(const workers::HttpCall&), int times,
                  const FakeAnswer& answer) {
    world.upstream().set_stranger(
        [which, times, answer](const workers::HttpCall& call) mutable -> std::optional<FakeAnswer> {
            if (times == 0 || !which(call)) return std::nullopt;
            --times;
            return answer;
        });
}

}  // namespace

TEST_CASE("a voice is cloned after a file that is uploaded first, once for all who take it") {
    EngineWorld world(with_voices());
    const auto first = admit_clone(world, "old-sailor-1");
    CHECK(world.run_until_state(first, State::succeeded, 10min));
    CHECK(files_sent(world, "old-sailor-1") == std::vector{sha256_of_recording(world)});
    CHECK(world.job(first).result == R"({"voice_id":"old-sailor-1","input_sensitive":false})");
    CHECK(world.artifact_fault(world.job(first), "old-sailor-1").empty());
    CHECK(uploads(world) == 1);
    world.crash(true, 3);
    const auto second = admit_clone(world, "old-sailor-2");
    CHECK(world.run_until_state(second, State::succeeded, 10min));
    CHECK(files_sent(world, "old-sailor-2") == std::vector{sha256_of_recording(world)});
    CHECK(uploads(world) == 1);
    // The upstream may let it go: a day is as long as it is named.
    world.run_for(24h);
    const auto third = admit_clone(world, "old-sailor-3");
    CHECK(world.run_until_state(third, State::succeeded, 10min));
    CHECK(uploads(world) == 2);
    CHECK(world.log().empty());
}

TEST_CASE("a clip, a chat about one and a song name what was uploaded in their own ways") {
    EngineWorldOptions options;
    options.slots["video_v2"] = 1;
    options.slots["chat"] = 1;
    EngineWorld world(options);
    const std::string film =
        world.hand_in(std::string("\0\0\0\x18"
                                  "ftypmp42 a kite",
                                  19));
    const std::string sound = world.hand_in(recording);
    const auto clip = world.admit(
        Kind::video, R"({"model":"MiniMax-H3","resolution":"768P","duration":4,"content":[)"
                     R"({"type":"text","text":"it flies [[ref:clip]]"},)"
                     R"({"type":"audio_url","audio_url":{"url":{"$file":")" +
                         sound + R"("}}},{"type":"video_url","video_url":{"url":{"$file":")" +
                         film + R"("}}}]})");
    const auto chat = world.admit(
        Kind::chat, R"({"model":"MiniMax-M3","messages":[{"role":"user","content":[)"
                    R"({"type":"video_url","video_url":{"url":{"$file":")" +
                        film + R"("}}},{"type":"text","text":"what is it? [[ref:chat]]"}]}]})");
    const auto song = world.admit(
        Kind::music, R"({"model":"music-01","prompt":"[[ref:song]]","refer_voice":{"$file":")" +
                         sound + R"("}})");
    for (const auto job : {clip, chat, song})
        CHECK(world.run_until_state(job, State::succeeded, 60min));
    const auto sha256 = [](const std::string& name) {
        return name.substr(std::string("sha256:").size());
    };
    CHECK(files_sent(world, "clip") == std::vector{sha256(sound), sha256(film)});
    CHECK(files_sent(world, "chat") == std::vector{sha256(film)});
    CHECK(files_sent(world, "song") == std::vector{sha256(sound)});
    // Of the film one for each purpose.
    CHECK(uploads(world) == 3);
    CHECK(world.log().empty());
}

TEST_CASE("an upload that fails costs nothing, and is tried again where that may help") {
    EngineWorld world(with_voices());
    SUBCASE("the file is refused") {
        answer_first(world, is_upload, 1, coded(2013));
        const auto job = admit_clone(world, "old-sailor");
        CHECK(world.run_until_state(job, State::failed, 10min));
        CHECK(world.job(job).failure->failure == proto::FailureClass::rejected);
        CHECK(world.job(job).failure->code == "2013");
        CHECK(world.job(job).charged == 0);
        CHECK(world.bought("old-sailor") == 0);
    }
    SUBCASE("no words of what became of it") {
        FakeAnswer lost;
        lost.progress = workers::HttpProgress::sent;
        answer_first(world, is_upload, 2, lost);
        const auto job = admit_clone(world, "old-sailor");
        CHECK(world.run_until_state(job, State::succeeded, 30min));
        CHECK(world.bought("old-sailor") == 1);
        CHECK(uploads(world) == 3);
    }
    SUBCASE("the upstream is out of order") {
        FakeAnswer broken;
        broken.status = 502;
        broken.body = "<html>";
        answer_first(world, is_upload, 2, broken);
        const auto job = admit_clone(world, "old-sailor");
        CHECK(world.run_until_state(job, State::succeeded, 30min));
        CHECK(world.bought("old-sailor") == 1);
    }
    SUBCASE("it names no file") {
        FakeAnswer empty;
        empty.body = R"({"file":{"file_id":"12e3"},"base_resp":{"status_code":0}})";
        answer_first(world, is_upload, 1, empty);
        const auto job = admit_clone(world, "old-sailor");
        CHECK(world.run_until_state(job, State::succeeded, 30min));
        CHECK(world.bought("old-sailor") == 1);
    }
}

TEST_CASE("a file that the upstream has let go is uploaded anew when its job is retried") {
    EngineWorld world(with_voices());
    const auto first = admit_clone(world, "old-sailor-1");
    CHECK(world.run_until_state(first, State::succeeded, 10min));
    answer_first(
        world, [](const workers::HttpCall& call) { return call.url.ends_with("/v1/voice_clone"); },
        1, coded(2013));
    const auto second = admit_clone(world, "old-sailor-2");
    CHECK(world.run_until_state(second, State::failed, 10min));
    CHECK(uploads(world) == 1);
    CHECK(world.act(second, queue::Verb::retry).errc == queue::Errc::ok);
    CHECK(world.run_until_state(second, State::succeeded, 10min));
    CHECK(uploads(world) == 2);
    CHECK(world.bought("old-sailor-2") == 1);
}

TEST_CASE("what was uploaded with another key is not named with this one") {
    EngineWorld world(with_voices());
    world.upstream().set_stranger(
        [first = true](const workers::HttpCall& call) mutable -> std::optional<FakeAnswer> {
            if (!first || !is_upload(call)) return std::nullopt;
            first = false;
            FakeAnswer late;
            late.body = R"({"file":{"file_id":4711},"base_resp":{"status_code":0}})";
            late.delay = proto::Duration(30s);
            return late;
        });
    const auto job = admit_clone(world, "old-sailor");
    world.run_for(10s);
    REQUIRE(world.state(job) == State::preparing);
    world.change_key("another-test-key");
    CHECK(world.run_until_state(job, State::succeeded, 10min));
    CHECK(uploads(world) == 2);
    CHECK(files_sent(world, "old-sailor") == std::vector{sha256_of_recording(world)});
}

TEST_CASE("an end while a file is uploaded leaves nothing bought") {
    EngineWorld world(with_voices());
    world.upstream().set_stranger(
        [slow = true](const workers::HttpCall& call) mutable -> std::optional<FakeAnswer> {
            if (!slow || !is_upload(call)) return std::nullopt;
            slow = false;
            FakeAnswer late = coded(1000);
            late.delay = proto::Duration(30s);
            return late;
        });
    const auto job = admit_clone(world, "old-sailor");
    world.run_for(10s);
    REQUIRE(world.state(job) == State::preparing);
    SUBCASE("of the process") {
        world.crash(false, 1);
    }
    SUBCASE("of the machine") {
        world.crash(true, 1);
    }
    SUBCASE("that is a stop") {
        world.restart(1s);
    }
    SUBCASE("of its account, which comes back") {
        world.forget_accounts();
        world.run_for(10min);
        CHECK(world.bought("old-sailor") == 0);
        world.restore_accounts();
    }
    SUBCASE("of the job: nobody wants it any more") {
        CHECK(world.act(job, queue::Verb::cancel).errc == queue::Errc::ok);
        CHECK(world.state(job) == State::canceled);
        world.run_for(10min);
        CHECK(world.bought("old-sailor") == 0);
        CHECK(world.act(job, queue::Verb::retry).errc == queue::Errc::ok);
    }
    CHECK(world.run_until_state(job, State::succeeded, 20min));
    CHECK(world.bought("old-sailor") == 1);
    CHECK(world.cut_paid() == 0);
}

namespace {

std::string chat(const std::string& custom_id, const std::string& content) {
    return R"({"custom_id":")" + custom_id +
           R"(","body":{"model":"MiniMax-M3","messages":[{"role":"user","content":")" + content +
           "\"}]}}\n";
}

const std::string two_chats = chat("a", "a kite") + chat("b", "[[fail:1027]]");

proto::JobSeq admit_chats(EngineWorld& world, const std::string& ref, const std::string& lines,
                          const std::string& markers = "") {
    return world.admit(Kind::chat_batch, R"({"input_file_id":{"$file":")" +
                                             world.hand_in(lines, "application/x-ndjson") +
                                             R"("},"metadata":{"note":"[[ref:)" + ref + "]]" +
                                             markers + "\"}}");
}

EngineWorldOptions with_batches() {
    EngineWorldOptions options;
    options.slots["chat_batch"] = 3;
    return options;
}

}  // namespace

TEST_CASE("a batch's file is uploaded for each send, so that it belongs to no other") {
    EngineWorld world(with_batches());
    const auto first = admit_chats(world, "one", two_chats);
    CHECK(world.run_until_state(first, State::succeeded, 60min));
    CHECK(world.artifact_fault(world.job(first), "one").empty());
    CHECK(world.job(first).artifacts.size() == 2);
    CHECK(world.job(first).result ==
          R"({"request_counts":{"total":2,"completed":1,"failed":1},"files":["output","errors"]})");
    const auto second = admit_chats(world, "two", two_chats);
    CHECK(world.run_until_state(second, State::succeeded, 60min));
    CHECK(uploads(world) == 2);
    CHECK(world.log().empty());
}

TEST_CASE("a batch whose answer was lost is found in the list by its file") {
    EngineWorld world(with_batches());
    const auto first = admit_chats(world, "one", two_chats, "[[drop]]");
    const auto second = admit_chats(world, "two", two_chats, "[[drop]]");
    CHECK(world.run_until_state(first, State::unknown, 10min));
    SUBCASE("at once") {}
    SUBCASE("after a crash") {
        world.crash(true, 1);
    }
    CHECK(world.run_until_state(first, State::succeeded, 60min));
    CHECK(world.run_until_state(second, State::succeeded, 60min));
    CHECK(world.artifact_fault(world.job(first), "one").empty());
    CHECK(world.artifact_fault(world.job(second), "two").empty());
    CHECK(world.bought("one") + world.bought("two") == 2);
}

TEST_CASE("a batch that is in no list was never bought, and is bought after all") {
    EngineWorld world(with_batches());
    bool lost = false;
    world.upstream().set_stranger([&](const workers::HttpCall& call) -> std::optional<FakeAnswer> {
        if (!call.paid || std::exchange(lost, true)) return std::nullopt;
        FakeAnswer nothing;
        nothing.progress = workers::HttpProgress::sent;
        return nothing;
    });
    const auto job = admit_chats(world, "one", two_chats);
    CHECK(world.run_until_state(job, State::unknown, 10min));
    CHECK(world.run_until_state(job, State::succeeded, 90min));
    CHECK(world.bought("one") == 1);
    CHECK(uploads(world) == 2);
}

TEST_CASE("a file of which a line cannot be answered is never paid for") {
    EngineWorld world(with_batches());
    const auto job = admit_chats(world, "one", chat("a", "a kite") + "[]\n");
    CHECK(world.run_until_state(job, State::failed, 10min));
    CHECK(world.job(job).failure->code == "input.content");
    CHECK(world.job(job).failure->message.ends_with(": line 2: it is no JSON object"));
    CHECK(uploads(world) == 0);
    CHECK(world.bought("one") == 0);
}

TEST_CASE("a batch is called off, and what was answered before its end is brought home") {
    EngineWorld world(with_batches());
    const auto slow = admit_chats(world, "slow", chat("a", "a kite"), "[[slow:80000]]");
    CHECK(world.run_until_state(slow, State::running, 10min));
    CHECK(world.act(slow, queue::Verb::cancel).errc == queue::Errc::ok);
    CHECK(world.run_until_state(slow, State::canceled, 30min));
    const auto late = admit_chats(world, "late", two_chats, "[[partial:1]]");
    CHECK(world.run_until_state(late, State::succeeded, 60min));
    CHECK(world.job(late).upstream_state == "expired");
    CHECK(world.artifact_fault(world.job(late), "late").empty());
}
