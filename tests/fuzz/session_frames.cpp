// Each op's side of a session: whatever is said to it, it keeps to its order, and its record is
// judged as it went.

#include <memory>
#include <string>

#include "proto/codec.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/registry.hpp"

namespace genspool::fuzz {
namespace {

using namespace proto;

/// The frames one a line, as far as the session goes.
struct Course {
    std::string record;
    bool paid = false;
    bool over = false;
};

Course play(Session& session, std::string_view frames) {
    Course course;
    while (!frames.empty() && !course.over) {
        const std::string_view frame = frames.substr(0, frames.find_first_of("\r\n"));
        frames.remove_prefix(std::min(frame.size() + 1, frames.size()));
        const SessionMove move = session.on_frame(frame);
        course.record += "data: " + std::string(frame) + "\n\n";
        must(!move.paid || !course.paid, "a session is paid for once");
        must(!move.paid || !move.frames.empty(), "by a frame");
        must(!move.over || move.frames.empty(), "its end is the upstream's word");
        must(course.paid || move.paid || move.frames.empty(), "nothing is said before");
        course.paid = course.paid || move.paid;
        course.over = move.over;
    }
    return course;
}

void judge(const Codec& codec, const JobSpec& spec, const Course& course) {
    Reply reply;
    reply.status = 101;
    reply.body = course.record;
    const SubmitOutcome outcome = codec.on_submit(spec, reply);
    if (const auto* refusal = std::get_if<Refusal>(&outcome)) {
        must(course.paid || refusal->on_create == OnCreate::not_created,
             "unpaid, nothing is bought");
        return;
    }
    must(course.over, "what is not over delivers nothing");
    static_cast<void>(codec.extract(spec, reply, 0));
}

}  // namespace

void fuzz_one(std::string_view input) {
    Choices choices(input);
    JobSpec spec;
    spec.request = R"({"model":"speech-2.8-hd","voice_setting":{"voice_id":"v"},"text":")" +
                   std::string(choices.below(2) * 3'000, 'a') + ". b\"}";
    for (const Codec* codec : registry().providers().front()->codecs()) {
        const std::unique_ptr<Session> session = codec->open(spec);
        if (session) judge(*codec, spec, play(*session, input));
    }
}

}  // namespace genspool::fuzz
