// What is told of jobs, by their states, without a daemon.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <string>

#include "daemon/gateway/goods.hpp"
#include "daemon/gateway/minimax/ended_words.hpp"
#include "daemon/gateway/minimax/envelope.hpp"
#include "daemon/gateway/minimax/task_words.hpp"
#include "daemon/gateway/number.hpp"

using namespace genspool;
using namespace genspool::daemon::gateway;
using namespace genspool::daemon::gateway::minimax;
namespace json = boost::json;
using proto::State;

namespace {

queue::JobView job_in(State state, proto::Kind kind = proto::Kind::video) {
    queue::JobView job;
    job.record.id =
        proto::JobId::make(proto::Instant{std::chrono::seconds{1'800'000'000}}, {9}, 77);
    job.record.seq = {9};
    job.record.state = state;
    job.spec.kind = kind;
    job.spec.provider = "minimax";
    job.spec.request = R"({"duration":5,"resolution":"768P"})";
    return job;
}

void add_file(queue::JobView& job, const std::string& name) {
    proto::Artifact artifact;
    artifact.status = proto::Artifact::Status::home;
    artifact.name = name;
    job.record.artifacts.push_back(artifact);
}

void fail(queue::JobView& job, const std::string& code, const std::string& message) {
    proto::Failure failure;
    failure.failure = proto::FailureClass::rejected;
    failure.code = code;
    failure.message = message;
    job.record.failure = failure;
}

json::value parsed(const std::string& text) {
    return json::parse(text);
}

std::string text_at(const json::value& value, std::string_view name) {
    return std::string(value.at(name).as_string());
}

std::int64_t code_of(const json::value& answer) {
    return answer.at("base_resp").at("status_code").as_int64();
}

std::string address(std::size_t n) {
    return "http://x/" + std::to_string(n);
}

/// The parts as a client would read them, files by their names.
std::string written(const Answer& answer) {
    std::string out;
    for (const Part& part : answer.parts) {
        if (part.form == Part::Form::hex) out += "hex of ";
        if (part.form == Part::Form::base64) out += "base64 of ";
        out += part.text;
    }
    return out;
}

const PaidCall& call(const std::string& path) {
    return *find_paid_call(path);
}

}  // namespace

TEST_CASE("a v1 query tells every state in the upstream's words, and none but the end as an end") {
    const std::vector<std::pair<State, std::string>> words = {
        {State::blocked, "Queueing"},     {State::queued, "Queueing"},
        {State::preparing, "Preparing"},  {State::submitting, "Preparing"},
        {State::unknown, "Processing"},   {State::running, "Processing"},
        {State::canceling, "Processing"}, {State::fetching, "Processing"},
        {State::held, "Processing"},      {State::succeeded, "Success"},
        {State::failed, "Fail"},          {State::canceled, "Fail"},
    };
    for (const auto& [state, word] : words) {
        const json::value answer = parsed(queried_video(job_in(state)));
        CAPTURE(word);
        CHECK(text_at(answer, "status") == word);
        CHECK((code_of(answer) == 0) == (word != "Fail"));
        CHECK(text_at(answer, "file_id").empty());
    }
}

TEST_CASE("a success has its file's number as a text, a failure its code, what is held its words") {
    queue::JobView job = job_in(State::succeeded);
    add_file(job, "a.mp4");
    const json::value done = parsed(queried_video(job));
    CHECK(text_at(done, "task_id") == std::to_string(task_number(job.record.id)));
    CHECK(text_at(done, "file_id") == std::to_string(task_number(job.record.id) + 1));

    queue::JobView failed = job_in(State::failed);
    fail(failed, "1026", "input new_sensitive");
    const json::value bad = parsed(queried_video(failed));
    CHECK(code_of(bad) == 1026);
    CHECK(text_at(bad.at("base_resp"), "status_msg") == "input new_sensitive");
    fail(failed, "task.failed", "no reason given");
    CHECK(code_of(parsed(queried_video(failed))) == 1000);

    queue::JobView held = job_in(State::held);
    held.record.reason = "nobody knows whether it was bought";
    const json::value words = parsed(queried_video(held));
    CHECK(code_of(words) == 0);
    CHECK(text_at(words.at("base_resp"), "status_msg").find("nobody knows") != std::string::npos);
}

TEST_CASE("templates and long speeches have their own words") {
    queue::JobView job = job_in(State::queued, proto::Kind::video_template);
    CHECK(text_at(parsed(queried_template(job, address)), "status") == "Preparing");
    job.record.state = State::succeeded;
    add_file(job, "a.mp4");
    CHECK(text_at(parsed(queried_template(job, address)), "video_url") == "http://x/0");

    queue::JobView speech = job_in(State::failed, proto::Kind::tts);
    CHECK(text_at(parsed(queried_speech(speech)), "status") == "Failed");
    fail(speech, "task.expired", "gone");
    speech.record.failure->failure = proto::FailureClass::expired;
    CHECK(text_at(parsed(queried_speech(speech)), "status") == "Expired");
    const json::value number = parsed(queried_speech(speech)).at("task_id");
    CHECK(number.as_int64() == static_cast<std::int64_t>(task_number(speech.record.id)));
}

TEST_CASE("a v2 task tells what was asked for, what came of it, and an error of its own") {
    queue::JobView job = job_in(State::running);
    job.spec.op = "minimax.video_v2";
    job.spec.model = "MiniMax-H3";
    CHECK(text_at(task_v2(job, address), "status") == "running");
    CHECK(task_v2(job, address).at("duration").as_int64() == 5);
    CHECK_FALSE(task_v2(job, address).contains("content"));
    job.record.state = State::succeeded;
    add_file(job, "a.mp4");
    CHECK(text_at(task_v2(job, address).at("content"), "url") == "http://x/0");
    job.record.state = State::failed;
    fail(job, "1026", "sensitive");
    CHECK(text_at(task_v2(job, address).at("error"), "code") == "1026");
    job.record.state = State::canceled;
    CHECK(text_at(task_v2(job, address), "status") == "cancelled");
    job.record.state = State::held;
    CHECK(text_at(task_v2(job, address), "status") == "running");
    CHECK_FALSE(task_v2(job, address).contains("error"));

    queue::JobView words = job_in(State::succeeded, proto::Kind::chat);
    words.spec.op = "minimax.h3_context_ir";
    words.record.result = R"({"prompt":"a better one"})";
    const json::object task = task_v2(words, address);
    CHECK(text_at(task.at("content"), "prompt") == "a better one");
    CHECK(text_at(task, "modality") == "text");
}

TEST_CASE("a batch names its files once they are here") {
    queue::JobView job = job_in(State::fetching, proto::Kind::chat_batch);
    job.spec.labels = {{"input_file_id", "31"}};
    CHECK(text_at(batch_object(job), "status") == "finalizing");
    CHECK(text_at(batch_object(job), "input_file_id") == "31");
    CHECK(batch_object(job).at("output_file_id").is_null());
    job.record.state = State::succeeded;
    job.record.finished_at = proto::Instant{std::chrono::seconds{1'800'000'100}};
    job.record.result =
        R"({"request_counts":{"total":2,"completed":1,"failed":1},"files":["output","errors"]})";
    add_file(job, "a.jsonl");
    add_file(job, "b.jsonl");
    const json::object done = batch_object(job);
    CHECK(text_at(done, "status") == "completed");
    CHECK(text_at(done, "error_file_id") == std::to_string(task_number(job.record.id) + 2));
    CHECK(done.at("completed_at").as_int64() == 1'800'000'100);
    CHECK(done.at("request_counts").at("failed").as_int64() == 1);
}

TEST_CASE("sound is written into the answer as hex, or its address") {
    queue::JobView job = job_in(State::succeeded, proto::Kind::tts);
    add_file(job, "a.mp3");
    job.record.result = R"({"audio_length":11,"subtitle_file":"https://s","trace_id":"t1"})";
    const json::value hex = parsed(written(ended(call("/v1/t2a_v2"), job, {}, address)));
    CHECK(text_at(hex.at("data"), "audio") == "hex of a.mp3");
    CHECK(hex.at("data").at("status").as_int64() == 2);
    CHECK(text_at(hex.at("data"), "subtitle_file") == "https://s");
    CHECK(hex.at("extra_info").at("audio_length").as_int64() == 11);
    CHECK(text_at(hex, "trace_id") == "t1");
    CHECK(code_of(hex) == 0);
    Wishes wishes;
    wishes.links = true;
    const json::value url = parsed(written(ended(call("/v1/t2a_v2"), job, wishes, address)));
    CHECK(text_at(url.at("data"), "audio") == "http://x/0");
}

TEST_CASE("streamed sound comes in one piece, and once more at the end unless that is not wanted") {
    queue::JobView job = job_in(State::succeeded, proto::Kind::music);
    add_file(job, "a.mp3");
    Wishes wishes;
    const std::string whole =
        written(ended_events(call("/v1/music_generation"), job, wishes, address));
    CHECK(whole.starts_with("data: {\"data\":{\"audio\":\"hex of a.mp3\",\"status\":1"));
    const std::size_t second = whole.find("\n\ndata: ");
    REQUIRE(second != std::string::npos);
    const json::value last = parsed(whole.substr(second + 8, whole.size() - second - 10));
    CHECK(text_at(last.at("data"), "audio") == "hex of a.mp3");
    CHECK(last.at("data").at("status").as_int64() == 2);
    wishes.whole_at_end = false;
    const std::string less =
        written(ended_events(call("/v1/music_generation"), job, wishes, address));
    CHECK(less.find("\"audio\":\"\",\"status\":2") != std::string::npos);
}

TEST_CASE("pictures come as addresses or base64, those that are lost left out") {
    queue::JobView job = job_in(State::succeeded, proto::Kind::image);
    add_file(job, "a.png");
    proto::Artifact lost;
    lost.status = proto::Artifact::Status::lost;
    job.record.artifacts.push_back(lost);
    job.record.result = R"({"success_count":1,"failed_count":1})";
    Wishes wishes;
    wishes.links = true;
    const json::value urls =
        parsed(written(ended(call("/v1/image_generation"), job, wishes, address)));
    CHECK(urls.at("data").at("image_urls").as_array() == json::array{"http://x/0"});
    CHECK(text_at(urls.at("metadata"), "failed_count") == "1");
    wishes.links = false;
    const json::value bytes =
        parsed(written(ended(call("/v1/image_generation"), job, wishes, address)));
    CHECK(bytes.at("data").at("image_base64").as_array() == json::array{"base64 of a.png"});
}

TEST_CASE("voices, lyrics and chats are told as the upstream does") {
    queue::JobView clone = job_in(State::succeeded, proto::Kind::voice_clone);
    clone.record.result = R"({"voice_id":"v"})";
    const json::value silent = parsed(written(ended(call("/v1/voice_clone"), clone, {}, address)));
    CHECK(text_at(silent, "demo_audio").empty());
    add_file(clone, "a.mp3");
    CHECK(text_at(parsed(written(ended(call("/v1/voice_clone"), clone, {}, address))),
                  "demo_audio") == "http://x/0");

    queue::JobView design = job_in(State::succeeded, proto::Kind::voice_design);
    design.record.result = R"({"voice_id":"ttv-1"})";
    add_file(design, "t.mp3");
    const json::value voice = parsed(written(ended(call("/v1/voice_design"), design, {}, address)));
    CHECK(text_at(voice, "voice_id") == "ttv-1");
    CHECK(text_at(voice, "trial_audio") == "hex of t.mp3");

    queue::JobView lyrics = job_in(State::succeeded, proto::Kind::lyrics);
    lyrics.record.result = R"({"song_title":"T","lyrics":"la"})";
    CHECK(text_at(parsed(written(ended(call("/v1/lyrics_generation"), lyrics, {}, address))),
                  "lyrics") == "la");
}

TEST_CASE("a chat is an object, chunks and a whole, or chunks and DONE") {
    queue::JobView job = job_in(State::succeeded, proto::Kind::chat);
    job.record.result =
        R"({"id":"c","model":"M","choices":[{"index":0,"finish_reason":"stop",)"
        R"("message":{"role":"assistant","content":"Hi"}}],"usage":{"total_tokens":3}})";
    const json::value own =
        parsed(written(ended(call("/v1/text/chatcompletion_v2"), job, {}, address)));
    CHECK(text_at(own, "object") == "chat.completion");
    CHECK(code_of(own) == 0);
    const json::value openai =
        parsed(written(ended(call("/v1/chat/completions"), job, {}, address)));
    CHECK_FALSE(openai.as_object().contains("base_resp"));
    CHECK(text_at(openai.at("choices").at(0).at("message"), "content") == "Hi");

    Wishes wishes;
    wishes.usage_at_end = true;
    const std::string chunks =
        written(ended_events(call("/v1/chat/completions"), job, wishes, address));
    CHECK(chunks.ends_with("data: [DONE]\n\n"));
    const json::value first = parsed(chunks.substr(6, chunks.find("\n\n") - 6));
    CHECK(text_at(first, "object") == "chat.completion.chunk");
    CHECK(text_at(first.at("choices").at(0).at("delta"), "content") == "Hi");
    CHECK(first.at("choices").at(0).at("finish_reason").is_null());
    CHECK(chunks.find("\"finish_reason\":\"stop\"") != std::string::npos);
    CHECK(chunks.find("\"usage\":{\"total_tokens\":3}") != std::string::npos);
    const std::string whole =
        written(ended_events(call("/v1/text/chatcompletion_v2"), job, {}, address));
    CHECK(whole.find("\"object\":\"chat.completion\"") != std::string::npos);
    CHECK(whole.find("DONE") == std::string::npos);
}

TEST_CASE("a job without an answer is told in the envelope of its path; a held one is no end") {
    queue::JobView job = job_in(State::failed, proto::Kind::tts);
    fail(job, "1042", "too many invisible characters");
    const Answer answer = ended(call("/v1/t2a_v2"), job, {}, address);
    CHECK(answer.status == 200);
    CHECK(answer.final);
    CHECK(code_of(parsed(written(answer))) == 1042);
    fail(job, "1026", "sensitive");
    const Answer chat = ended(call("/v1/chat/completions"), job, {}, address);
    CHECK(chat.status == 422);
    CHECK(text_at(parsed(written(chat)).at("error"), "message") == "sensitive (1026)");
    job.record.state = State::held;
    job.record.reason = "unknown";
    CHECK_FALSE(ended(call("/v1/t2a_v2"), job, {}, address).final);
    CHECK_FALSE(ended_events(call("/v1/t2a_v2"), job, {}, address).final);
    CHECK(written(ended_events(call("/v1/t2a_v2"), job, {}, address)).starts_with("data: {"));
}

TEST_CASE("what was paid for in vain, or cancelled, is told so that no client tries it by itself") {
    const auto told = [](const queue::JobView& job) {
        CHECK(no_answer(job.record, "/v1/chat/completions").final);
        return no_answer(job.record, "/v1/chat/completions").status;
    };
    queue::JobView job = job_in(State::canceled, proto::Kind::chat);
    CHECK(told(job) == 400);
    job.record.state = State::failed;
    fail(job, "artifact.gone", "the link has expired");
    CHECK(told(job) == 500);
    job.record.charged = 1;
    CHECK(told(job) == 400);
    fail(job, "1039", "too long");
    CHECK(told(job) == 400);
    fail(job, "1026", "sensitive");
    CHECK(told(job) == 422);

    job.record.state = State::running;
    CHECK(no_answer(job.record, "/v1/chat/completions").status == 429);
    CHECK_FALSE(no_answer(job.record, "/v1/chat/completions").final);
}

TEST_CASE("what is told is what the last purchase made; of what is bought anew, nothing is here") {
    queue::JobView job = job_in(State::succeeded);
    add_file(job, "first.mp4");
    add_file(job, "second.mp4");
    job.record.artifacts[0].source.send = 1;
    job.record.artifacts[1].source.send = 2;
    job.record.send = 2;
    CHECK(file_count(job) == 1);
    CHECK(file_at(job, 0)->name == "second.mp4");
    CHECK(place_of(job, 0) == "1");
    CHECK(is_home(job, 0));
    CHECK_FALSE(is_home(job, 1));
    job.record.state = State::queued;
    CHECK_FALSE(is_home(job, 0));
}

TEST_CASE("calls of tools are numbered where they come in pieces") {
    queue::JobView job = job_in(State::succeeded, proto::Kind::chat);
    job.record.result =
        R"({"choices":[{"index":0,"message":{"role":"assistant","tool_calls":[{"id":"a"},)"
        R"({"id":"b"}]},"finish_reason":"tool_calls"}]})";
    const std::string events =
        written(ended_events(call("/v1/chat/completions"), job, {}, address));
    CHECK(events.find(R"({"id":"b","index":1})") != std::string::npos);
}

TEST_CASE("a problem of ours has the upstream's code, and names the body's own field") {
    const auto code = [](const std::string& problem) {
        const daemon::Reply reply = refusal(daemon::Problem(problem, "d"), "/v1/t2a_v2");
        CHECK(reply.status == 200);
        return code_of(parsed(reply.body));
    };
    CHECK(code("unauthorized") == 1004);
    CHECK(code("not_owner") == 1004);
    CHECK(code("invalid") == 2013);
    CHECK(code("not_found") == 2013);
    CHECK(code("owned_by_genspool") == 2013);
    CHECK(code("busy") == 1002);
    CHECK(code("stopping") == 1002);
    CHECK(code("queue_full") == 1002);
    CHECK(code("disk_full") == 1002);
    CHECK(code("internal") == 1000);
    const daemon::Problem field("invalid", "request.duration must be 6 or 10, not 7",
                                "request.duration");
    CHECK(text_at(parsed(refusal(field, "/v1/video_generation").body).at("base_resp"),
                  "status_msg") == "invalid params, duration must be 6 or 10, not 7");
    const daemon::Reply v2 = refusal(field, "/v2/video_generation");
    CHECK(v2.status == 400);
    CHECK(text_at(parsed(v2.body), "type") == "error");
    CHECK(text_at(parsed(v2.body).at("error"), "type") == "bad_request_error");
    CHECK(text_at(parsed(v2.body).at("error"), "message").ends_with("(2013)"));
    CHECK(refusal(daemon::Problem("unauthorized", "d"), "/v2/x").status == 401);
    CHECK(refusal(daemon::Problem("busy", "d"), "/v2/x").status == 429);
}
