#include "tests/workers/model_upstream.hpp"

#include <memory>
#include <utility>

namespace genspool::tests {

using simulator::FateKind;
using simulator::ModelReply;
using simulator::ModelRequest;
using workers::HttpError;
using workers::HttpProgress;

namespace {

ModelRequest to_model(const workers::HttpCall& call) {
    ModelRequest request;
    request.method = call.method;
    const std::size_t host = call.url.find("://") + 3;
    const std::size_t path = std::min(call.url.find('/', host), call.url.size());
    request.host = call.url.substr(host, path - host);
    request.target = call.url.substr(path);
    for (const workers::HttpHeader& header : call.headers) {
        if (header.name == "Authorization") request.authorization = header.value;
        if (header.name == "Content-Type") request.content_type = header.value;
        if (header.name == "Range") request.range = header.value;
        if (header.name == "If-Range") request.if_range = header.value;
    }
    request.body = call.body;
    request.upgrade = call.session != nullptr;
    return request;
}

FakePeer to_peer(std::shared_ptr<simulator::ModelSession> session,
                 std::function<proto::Instant()> now) {
    return [session = std::move(session), now = std::move(now)](const std::string* frame) {
        simulator::Said said = frame ? session->on_frame(*frame, now()) : session->begin();
        return FakeSaid{std::move(said.frames), said.delay, said.closes};
    };
}

/// The connection goes as soon as the purchase is made.
FakePeer lost_after_first_piece(FakePeer peer) {
    return [peer = std::move(peer)](const std::string* frame) {
        FakeSaid said = peer(frame);
        if (frame && frame->find("task_continue") != std::string::npos) {
            said.frames.clear();
            said.hangs_up = true;
        }
        return said;
    };
}

FakeAnswer to_answer(ModelReply reply, const std::function<proto::Instant()>& now) {
    FakeAnswer answer;
    if (reply.session) answer.peer = to_peer(std::move(reply.session), now);
    answer.status = reply.status;
    for (auto& [name, value] : reply.headers)
        answer.headers.push_back({std::move(name), std::move(value)});
    answer.body = std::move(reply.body);
    answer.declared = reply.declared_bytes;
    answer.delay = reply.delay;
    answer.body_bytes = reply.fate.at_byte;
    switch (reply.fate.kind) {
        case FateKind::answer:
            break;
        case FateKind::reset:
            answer.progress = HttpProgress::sent;
            break;
        case FateKind::cut:
            answer.progress = HttpProgress::head;
            break;
        case FateKind::stall:
            answer.progress = HttpProgress::head;
            answer.error = HttpError::timeout;
            answer.delay += proto::Duration(60'000);
            break;
        case FateKind::trickle:
            answer.delay += reply.fate.over;
            break;
    }
    return answer;
}

}  // namespace

ModelUpstream::ModelUpstream(simulator::ModelOptions options, std::uint64_t seed,
                             std::function<proto::Instant()> now, simulator::Recorder* recorder)
    : model_(std::move(options), recorder != nullptr ? *recorder : recorder_),
      random_(seed),
      now_(std::move(now)) {}

FakeAnswer ModelUpstream::answer(const workers::HttpCall& call) {
    if (stranger_) {
        std::optional<FakeAnswer> strange = stranger_(call);
        if (strange) return std::move(*strange);
    }
    const std::uint64_t dice = random_.below(1'000);
    if (dice < way_.not_sent) {
        FakeAnswer nothing;
        nothing.progress = HttpProgress::not_sent;
        nothing.error = HttpError::connect;
        return nothing;
    }
    const bool lost_there = dice < way_.not_sent + way_.lost_there;
    const bool lost_back = dice < way_.not_sent + way_.lost_there + way_.lost_back;
    if (lost_back && call.paid) ++lost_paid_;
    FakeAnswer answer;
    if (!lost_there) {
        ModelReply reply = model_.handle(to_model(call), now_());
        if (on_callbacks_ && !reply.callbacks.url.empty())
            on_callbacks_(std::move(reply.callbacks), reply.delay);
        answer = to_answer(std::move(reply), now_);
    }
    if (lost_back && answer.peer) {
        answer.peer = lost_after_first_piece(std::move(answer.peer));
    } else if (lost_back) {
        answer.progress = HttpProgress::sent;
        answer.error = HttpError::timeout;
    }
    return answer;
}

void ModelUpstream::command(const std::string& target, const std::string& body) {
    ModelRequest request;
    request.method = "POST";
    request.target = target;
    request.body = body;
    model_.handle(request, now_());
}

}  // namespace genspool::tests
