#include "cli/submission.hpp"

#include <doctest/doctest.h>

#include "cli/failure.hpp"
#include "cli/json_reading.hpp"

using namespace genspool;
using cli::Submission;

namespace {

std::string job_text(const Submission& submission, const std::string& request = "{}") {
    return cli::to_text(
        cli::to_job(submission, cli::parse_request(request, "test"), proto::Instant{}));
}

Submission of(const std::string& kind) {
    Submission submission;
    submission.kind = kind;
    return submission;
}

std::string refusal(const Submission& submission) {
    try {
        job_text(submission);
    } catch (const cli::CommandFailed& failure) {
        CHECK(failure.exit() == cli::Exit::usage);
        return failure.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("a kind alone makes a job with an empty request") {
    CHECK(job_text(of("video")) == R"({"kind":"video","request":{}})");
}

TEST_CASE("the prompt goes where its kind has it") {
    Submission submission = of("video");
    submission.model = "M";
    submission.prompt = "a fox";
    CHECK(job_text(submission) == R"({"kind":"video","request":{"model":"M","prompt":"a fox"}})");

    submission.kind = "tts";
    CHECK(job_text(submission) == R"({"kind":"tts","request":{"model":"M","text":"a fox"}})");

    submission.kind = "chat";
    CHECK(job_text(submission) == R"({"kind":"chat","request":{"model":"M",)"
                                  R"("messages":[{"role":"user","content":"a fox"}]}})");

    submission.kind = "video_template";
    submission.model.clear();
    CHECK(job_text(submission) ==
          R"({"kind":"video_template","request":{"text_inputs":[{"value":"a fox"}]}})");

    submission.kind = "video";
    submission.model = "MiniMax-H3";
    CHECK(job_text(submission) == R"({"kind":"video","request":{"model":"MiniMax-H3",)"
                                  R"("content":[{"type":"text","text":"a fox"}]}})");
    submission.kind = "chat";
    CHECK(job_text(submission) == R"({"kind":"chat","request":{"model":"MiniMax-H3",)"
                                  R"("content":[{"type":"text","text":"a fox"}]}})");
}

TEST_CASE("a setting is JSON where it is JSON, and text otherwise") {
    struct Row {
        std::string set;
        std::string request;
    };
    const std::vector<Row> rows = {
        {"duration=6", R"({"duration":6})"},
        {"speed=1.10", R"({"speed":1.1})"},
        {"volume=5.0", R"({"volume":5.0})"},
        {"file_id=176843862716480", R"({"file_id":176843862716480})"},
        {"on=true", R"({"on":true})"},
        {"none=null", R"({"none":null})"},
        {"resolution=1080P", R"({"resolution":"1080P"})"},
        {"text=", R"({"text":""})"},
        {"text=a=b", R"({"text":"a=b"})"},
        {R"(text="6")", R"({"text":"6"})"},
        {R"(list=[1,"a"])", R"({"list":[1,"a"]})"},
        {"huge=1e400", R"({"huge":"1e400"})"},
        {"voice_setting.speed=1.5", R"({"voice_setting":{"speed":1.5}})"},
        {"a.b.c=x", R"({"a":{"b":{"c":"x"}}})"},
        {"a[0]=x", R"({"a":["x"]})"},
        {"a[0].b[0][0].c=1", R"({"a":[{"b":[[{"c":1}]]}]})"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.set);
        Submission submission = of("image");
        submission.sets = {row.set};
        CHECK(job_text(submission) == R"({"kind":"image","request":)" + row.request + "}");
    }
}

TEST_CASE("what stands in an array is reached by its number, one item after the other") {
    Submission submission = of("image");
    submission.sets = {"subject_reference[0].type=character", "tone[0]=a", "tone[1]=b",
                       "tone[0]=c"};
    submission.files = {"subject_reference[0].image_file=face.png"};
    CHECK(job_text(submission) ==
          R"({"kind":"image","request":{"subject_reference":[{"type":"character",)"
          R"("image_file":{"$file":"face.png"}}],"tone":["c","b"]}})");
}

TEST_CASE("options are added to the request of a file") {
    Submission submission = of("tts");
    submission.prompt = "Hello.";
    submission.sets = {"voice_setting.speed=2"};

    const std::string text =
        job_text(submission, R"({"text":"x","voice_setting":{"voice_id":"v"}})");

    CHECK(
        text ==
        R"({"kind":"tts","request":{"text":"Hello.","voice_setting":{"voice_id":"v","speed":2}}})");
}

TEST_CASE("everything about a job has its place beside the request") {
    Submission submission = of("video");
    submission.custom_id = "shot-017";
    submission.labels = {"film=reel-3", "cut=a=b"};
    submission.priority = 9;
    submission.provider = "minimax";
    submission.account = "main";
    submission.not_before = "2026-12-01T08:00:00Z";
    submission.deadline = "+6h";
    submission.max_attempts = 2;
    submission.max_cost = "0.60";
    submission.on_unknown = "0.01";
    submission.output = "{custom_id}{ext}";
    submission.webhook = "https://films.example.org/done";

    CHECK(job_text(submission) ==
          R"({"kind":"video","request":{},"custom_id":"shot-017",)"
          R"("labels":{"film":"reel-3","cut":"a=b"},"priority":9,"provider":"minimax",)"
          R"("account":"main","not_before":"2026-12-01T08:00:00Z","deadline":"+6h",)"
          R"("max_attempts":2,"max_cost":0.6,"on_unknown":{"resubmit_up_to":0.01},)"
          R"("output":"{custom_id}{ext}","webhook":"https://films.example.org/done"})");
}

TEST_CASE("what cannot be meant is refused by the name of its option") {
    const auto with = [](auto change) {
        Submission submission = of("video");
        change(submission);
        return refusal(submission);
    };
    CHECK(with([](Submission& s) { s.kind = "movie"; }).find("\"movie\"") != std::string::npos);
    CHECK(with([](Submission& s) { s.files = {"a.png"}; }) ==
          "--file wants NAME=VALUE, not \"a.png\"");
    CHECK(with([](Submission& s) { s.sets = {"duration"}; }).find("--set") == 0);
    CHECK(with([](Submission& s) { s.sets = {"=6"}; }).find("--set") == 0);
    CHECK(with([](Submission& s) { s.sets = {"a.=6"}; }).find("--set") == 0);
    CHECK(with([](Submission& s) { s.sets = {"a=6", "a.b=7"}; }).find("--set") == 0);
    CHECK(with([](Submission& s) { s.sets = {".a=6"}; }).find("--set") == 0);
    for (const char* wrong :
         {"a[1]=6", "a[]=6", "a[-1]=6", "a[0=6", "a[0]b=6", "[0]=6", "a[x]=6"}) {
        CAPTURE(wrong);
        CHECK(with([&](Submission& s) { s.sets = {wrong}; }).find("--set") == 0);
    }
    CHECK(with([](Submission& s) { s.sets = {"a=6", "a[0]=7"}; }) ==
          "--set a[0]: there is no array before [0]");
    CHECK(with([](Submission& s) { s.files = {"a[1].b=a.png"}; }) ==
          "--file a[1].b: item 1 would be behind a gap: the next is 0");
    CHECK(with([](Submission& s) { s.labels = {"film"}; }).find("--label") == 0);
    CHECK(with([](Submission& s) { s.deadline = "6h"; }).find("--deadline") == 0);
    CHECK(with([](Submission& s) { s.not_before = "soon"; }).find("--not-before") == 0);
    CHECK(with([](Submission& s) { s.max_cost = "$1"; }).find("--max-cost") == 0);
    CHECK(with([](Submission& s) { s.on_unknown = "maybe"; }).find("--on-unknown") == 0);
}

TEST_CASE("a request file must hold an object") {
    CHECK_THROWS_AS(cli::parse_request("[1]", "f"), cli::CommandFailed);
    CHECK_THROWS_AS(cli::parse_request("{", "f"), cli::CommandFailed);
}

TEST_CASE("no two submissions share a random key") {
    CHECK(cli::random_key() != cli::random_key());
    CHECK(cli::random_key().size() == 36);
}

TEST_CASE("a file of another job goes where its field says, beside what is set") {
    Submission submission = of("video");
    submission.sets = {"subject.kind=\"cat\""};
    submission.artifacts = {cli::parse_artifact("first_frame_image=01ABC"),
                            cli::parse_artifact("subject.image=01DEF/12")};
    CHECK(job_text(submission) ==
          R"({"kind":"video","request":{"subject":{"kind":"cat","image":{"$artifact":"01DEF/12"}},)"
          R"("first_frame_image":{"$artifact":"01ABC/0"}}})");
    for (const char* const wrong : {"a", "=01A", "a=", "a=/0", "a=01A/", "a=01A/x", "a=01A/-1",
                                    "a=01A/0/1", "a=01A/9999999999"}) {
        CAPTURE(wrong);
        CHECK_THROWS_WITH_AS(cli::parse_artifact(wrong),
                             doctest::Contains("--artifact wants NAME="), cli::CommandFailed);
    }
}
