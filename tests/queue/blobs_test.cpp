#include <doctest/doctest.h>

#include <array>
#include <string_view>

#include "queue/keys.hpp"
#include "tests/queue/test_queue.hpp"

namespace {

using namespace genspool;
using namespace genspool::tests;
using namespace genspool::queue;
using proto::JobSeq;
using proto::State;

constexpr std::array<std::string_view, 2> types{"png", "jpeg"};

std::string hash(char digit) {
    return std::string(64, digit);
}

AdmitOne taking(char file, const std::string& custom_id = {}) {
    AdmitOne job = video_job();
    job.spec.custom_id = custom_id;
    const proto::FileRule rule{"image", types, 1'000};
    job.inputs = {{{"request.first_frame_image", {}, 0, hash(file)}, rule}};
    return job;
}

void keep(TestQueue& queue, char file, std::uint64_t bytes = 10,
          const std::string& type = "image/png", bool said = false) {
    const KeepBlob command{hash(file), type, said, bytes};
    REQUIRE(queue.ask(command).errc == Errc::ok);
}

bool is_kept(const TestQueue& queue, char file) {
    bool kept = false;
    queue.read([&](const Reader& reader) { kept = reader.find_blob(hash(file)).has_value(); });
    return kept;
}

QueueOptions short_lived() {
    QueueOptions options = queue_options();
    options.retain_blobs = hour;
    return options;
}

Answer ask_for(TestQueue& queue, AdmitOne job) {
    Admit admit;
    admit.job = std::move(job);
    return queue.ask(admit);
}

}  // namespace

TEST_CASE("a job that takes a file that was handed in knows it, and prepares") {
    TestQueue queue;
    keep(queue, 'a', 77, "image/jpeg");
    keep(queue, 'a', 77, "image/png");  // nobody says so
    const JobSeq job = queue.admit(taking('a'));
    CHECK(queue.state(job) == State::queued);
    const auto inputs = queue.record(job).inputs;
    REQUIRE(inputs.size() == 1);
    CHECK(inputs[0].handed_in());
    CHECK(inputs[0].sha256 == hash('a'));
    CHECK(inputs[0].bytes == 77);
    CHECK(inputs[0].media_type == "image/jpeg");
    queue.restart();
    CHECK(queue.claim_one().record.state == State::preparing);
}

TEST_CASE("a file that is not here, or does not fit, is refused with its place") {
    TestQueue queue;
    keep(queue, 'b', 10, "audio/wav");
    keep(queue, 'c', 1'000);
    for (const auto& [file, why] : {std::pair{'a', "PUT /v1/blobs"},
                                    {'b', "of type audio/wav; it must be image, one of png, jpeg"},
                                    {'c', "has 1000 bytes; they must be fewer than 1000"}}) {
        const Answer answer = ask_for(queue, taking(file));
        CHECK(answer.errc == Errc::bad_job);
        CHECK(answer.field == "request.first_frame_image");
        CHECK(answer.detail.find(why) != std::string::npos);
    }
    const auto batch = queue.open_batch();
    AdmitChunk chunk{batch, {{7, taking('b')}}, {}, {}};
    const auto admitted = std::get<ChunkAdmitted>(queue.ask(chunk).body);
    REQUIRE(admitted.refused.size() == 1);
    CHECK(admitted.refused[0].code == "input.type");
    CHECK(admitted.refused[0].line == 7);
}

TEST_CASE("a file goes some time after it came, or after the end of the last job that took it") {
    TestQueue queue(short_lived());
    keep(queue, 'a');
    keep(queue, 'b');
    const JobSeq one = queue.admit(taking('a'));
    const JobSeq two = queue.admit(taking('a'));
    queue.pass(3 * hour);
    CHECK(is_kept(queue, 'a'));
    CHECK_FALSE(is_kept(queue, 'b'));
    queue.act(one, Verb::cancel);
    queue.pass(3 * hour);
    CHECK(is_kept(queue, 'a'));
    queue.restart();
    queue.act(two, Verb::cancel);
    queue.pass(hour - minute);
    CHECK(is_kept(queue, 'a'));
    queue.pass(3 * minute);
    CHECK_FALSE(is_kept(queue, 'a'));
    CHECK(ask_for(queue, taking('a')).errc == Errc::bad_job);
    keep(queue, 'a');
    queue.admit(taking('a'));
}

TEST_CASE("a job that is retried keeps its file again") {
    TestQueue queue(short_lived());
    keep(queue, 'a');
    const JobSeq job = queue.admit(taking('a'));
    queue.act(job, Verb::cancel);
    queue.pass(hour - minute);
    CHECK(queue.act(job, Verb::retry).errc == Errc::ok);
    queue.pass(3 * hour);
    CHECK(is_kept(queue, 'a'));
    queue.act(job, Verb::cancel);
    queue.pass(3 * hour);
    CHECK_FALSE(is_kept(queue, 'a'));
    // Its file is gone, which it finds when it is prepared; until it comes again.
    CHECK(queue.act(job, Verb::retry).errc == Errc::ok);
}

TEST_CASE("a batch that is dropped lets go of its files") {
    TestQueue queue(short_lived());
    keep(queue, 'a');
    const auto batch = queue.open_batch();
    AdmitChunk chunk{batch, {{1, taking('a', "one")}}, {}, {}};
    REQUIRE(queue.ask(chunk).errc == Errc::ok);
    queue.pass(3 * hour);
    CHECK(is_kept(queue, 'a'));
    REQUIRE(queue.ask(DropBatch{batch}).errc == Errc::ok);
    queue.settle();
    queue.pass(3 * hour);
    CHECK_FALSE(is_kept(queue, 'a'));
}

TEST_CASE("more files than one look of retention go all the same") {
    TestQueue queue(short_lived());
    for (int n = 0; n < 2'500; ++n) {
        std::string name = std::to_string(n);
        name.insert(0, 64 - name.size(), '0');
        const KeepBlob command{name, "image/png", false, 1};
        REQUIRE(queue.ask(command).errc == Errc::ok);
    }
    queue.pass(2 * hour);
    for (int looks = 0; looks < 5; ++looks)
        queue.pass(2 * minute);
    std::size_t left = 0;
    queue.core().store().scan(keys::family_begin(keys::blob_family),
                              keys::family_end(keys::blob_family),
                              [&](std::string_view, std::string_view) { return ++left > 0; });
    CHECK(left == 0);
}

TEST_CASE("what somebody says a file is counts for those that take it from then on") {
    TestQueue queue;
    keep(queue, 'a', 10, "video/mp4");
    keep(queue, 'a', 10, "image/png", true);
    const JobSeq job = queue.admit(taking('a'));
    keep(queue, 'a', 10, "audio/mp4", true);
    CHECK(queue.record(job).inputs.at(0).media_type == "image/png");
    CHECK(ask_for(queue, taking('a')).detail.find("audio/mp4") != std::string::npos);
}

TEST_CASE("a disk that fills up takes no file") {
    TestQueue queue;
    REQUIRE(queue.ask(SetDiskGate{DiskGate::no_submit, 0}).errc == Errc::ok);
    CHECK(queue.ask(KeepBlob{hash('a'), "image/png", false, 1}).errc == Errc::read_only);
    CHECK_FALSE(is_kept(queue, 'a'));
}
