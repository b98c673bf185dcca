// Every codec's reading of a reply: whatever an upstream says, it is understood or survived. Each
// reply is put before all of them, so that what was found stays good when there are more.

#include <array>
#include <boost/json/parse.hpp>
#include <stdexcept>
#include <string>
#include <utility>

#include "proto/codec.hpp"
#include "proto/resources.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/registry.hpp"

namespace genspool::fuzz {
namespace {

using namespace proto;

constexpr std::array<int, 12> statuses{200, 200, 200, 101, 201, 400, 401, 404, 429, 500, 502, 504};

void judge(const Refusal& refusal) {
    must(refusal.failure.failure != FailureClass::none, "a refusal has a class");
}

void judge(const std::vector<Artifact>& artifacts) {
    for (const Artifact& artifact : artifacts) {
        const bool open = artifact.status == Artifact::Status::open;
        must(open || artifact.status == Artifact::Status::lost, "an artifact to come, or lost");
        must(open || artifact.failure.has_value(), "a lost artifact says why");
        must(!open || artifact.source.from == Source::From::reply || !artifact.source.value.empty(),
             "an artifact has a source");
    }
}

void judge(const Codec& codec, const JobSpec& spec, const Reply& reply) {
    const SubmitOutcome outcome = codec.on_submit(spec, reply);
    if (const auto* taken = std::get_if<Taken>(&outcome)) {
        must(!taken->tasks.empty(), "what was taken has a task");
        for (const std::string& task : taken->tasks)
            must(!task.empty(), "a task has an id");
    } else if (const auto* delivered = std::get_if<Delivered>(&outcome)) {
        judge(delivered->artifacts);
        for (std::size_t n = 0; n < delivered->artifacts.size(); ++n)
            static_cast<void>(codec.extract(spec, reply, n));
    } else if (const auto* refusal = std::get_if<Refusal>(&outcome)) {
        judge(*refusal);
    }
}

void judge(const PollOutcome& outcome) {
    if (const auto* done = std::get_if<TaskDone>(&outcome)) {
        must(!done->artifacts.empty() || !done->result.empty(), "what is done has made something");
        judge(done->artifacts);
    }
    if (const auto* refusal = std::get_if<Refusal>(&outcome)) judge(*refusal);
}

void judge(const LinkOutcome& outcome) {
    if (const auto* link = std::get_if<Link>(&outcome)) must(!link->url.empty(), "a link leads on");
    if (const auto* refusal = std::get_if<Refusal>(&outcome)) judge(*refusal);
}

bool lists(const Codec& codec) {
    try {
        static_cast<void>(codec.list(""));
        return true;
    } catch (const std::logic_error&) {
        return false;
    }
}

/// What a list shows names its task: a lost send could be taken for bought by nothing otherwise.
void judge(const ListOutcome& outcome) {
    if (const auto* refusal = std::get_if<Refusal>(&outcome)) judge(*refusal);
    if (const auto* page = std::get_if<ListPage>(&outcome))
        for (const Listed& entry : page->entries)
            must(!entry.task.empty(), "what is listed has an id");
}

void judge(const UploadOutcome& outcome) {
    if (const auto* refusal = std::get_if<Refusal>(&outcome)) judge(*refusal);
    if (const auto* file = std::get_if<Uploaded>(&outcome))
        must(!file->handle.empty(), "an uploaded file has a name");
}

void put_before(const Codec& codec, const Reply& reply, std::string request) {
    JobSpec spec;
    spec.kind = codec.info().kind;
    spec.op = codec.info().name;
    spec.request = std::move(request);
    judge(codec, spec, reply);
    if (codec.info().reply_is_artifact) return;
    judge(codec.on_poll({"1", "main", 1, Task::Status::open}, reply));
    if (codec.info().poll_many_max > 0) {
        const PollManyOutcome many = codec.on_poll_many("", reply);
        if (const auto* refusal = std::get_if<Refusal>(&many)) judge(*refusal);
        if (const auto* page = std::get_if<PolledPage>(&many))
            for (const auto& [task, outcome] : page->told)
                judge(outcome);
    }
    if (lists(codec))
        for (const char* page : {"", "-", "1", "p1 p2"})
            judge(codec.on_list(page, reply));
    Source source;
    source.from = Source::From::handle;
    source.value = "2";
    judge(codec.on_link(source, reply));
    if (const auto call_off = codec.on_cancel(reply)) judge(PollOutcome(*call_off));
}

/// What is handed on as JSON is JSON, whatever became of its ids.
void judge(const Resource& resource, const ResourceOutcome& outcome) {
    if (const auto* refusal = std::get_if<Refusal>(&outcome)) return judge(*refusal);
    if (resource.bytes) return;
    boost::system::error_code ec;
    static_cast<void>(boost::json::parse(std::get<std::string>(outcome), ec));
    must(!ec, "an answer is JSON");
}

}  // namespace

void fuzz_one(std::string_view input) {
    Choices choices(input);
    const bool plain = choices.below(2) == 0;
    Reply reply;
    reply.status = statuses[choices.below(statuses.size())];
    reply.headers = {{"Content-Type", "application/json"}};
    reply.body = input;
    for (const Provider* provider : registry().providers()) {
        for (const Codec* codec : provider->codecs())
            put_before(*codec, reply,
                       plain ? "{}" : R"({"output_format":"url","n":2,"stream":true})");
        for (const Resource& resource : provider->resources()->table())
            judge(resource, provider->resources()->read(resource, reply));
        for (const char* purpose : {"", "placed picture", "voice", "instrumental"})
            judge(provider->on_upload(purpose, reply));
        AccountSight sight;
        for (std::size_t n = 0; n < provider->looks().size(); ++n)
            provider->read_look(n, reply, sight);
    }
}

}  // namespace genspool::fuzz
