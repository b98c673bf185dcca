#include "cli/mcp_calls.hpp"

#include <system_error>
#include <utility>

#include "cli/download.hpp"
#include "cli/failure.hpp"
#include "cli/input_files.hpp"
#include "cli/problem.hpp"
#include "cli/sha256.hpp"
#include "proto/file_names.hpp"
#include "proto/mcp/ordering.hpp"
#include "proto/open_answer.hpp"

namespace genspool::cli {

namespace fs = std::filesystem;
namespace mcp = proto::mcp;
using Way = mcp::ApiReply::Way;

namespace {

constexpr std::chrono::seconds answer_slack{30};

HttpCall to_http(const mcp::ApiCall& call) {
    HttpCall http;
    http.method = call.method;
    http.target = call.target;
    http.body = call.body;
    if (!call.body.empty()) http.content_type = "application/json";
    if (!call.idempotency_key.empty())
        http.headers.emplace_back("Idempotency-Key", call.idempotency_key);
    if (call.wait_seconds > 0)
        http.headers.emplace_back("Prefer", "wait=" + std::to_string(call.wait_seconds));
    http.silence = std::chrono::seconds{call.wait_seconds} + answer_slack;
    return http;
}

bool must_wait(const HttpReply& reply) {
    return reply.status == 503 && problem_code(reply.body) != "queue_full";
}

bool leaves_open(const HttpReply& reply) {
    return proto::leaves_open(reply.status, problem_code(reply.body));
}

std::string why(const HttpOutcome& outcome) {
    return outcome.trouble == HttpTrouble::none
               ? to_failure(outcome.reply.status, outcome.reply.body).what()
               : outcome.why;
}

}  // namespace

McpCalls::McpCalls(std::function<DaemonAddress()> find, LocalFolder folder,
                   std::chrono::seconds away_max, std::function<void(const std::string&)> note)
    : find_(std::move(find)),
      folder_(std::move(folder)),
      away_max_(away_max),
      note_(std::move(note)) {}

mcp::ApiReply McpCalls::make(const mcp::ApiCall& call) const {
    try {
        Daemon daemon(find_(), away_max_, note_);
        daemon.expect();
        if (!call.save_in.empty()) return save(daemon, call);
        if (!call.order) return exchange(daemon, call);
        mcp::ApiCall order = call;
        order.body = with_files(daemon, call.body);
        if (order.idempotency_key.empty()) order.idempotency_key = mcp::order_key(order.body);
        return exchange(daemon, order);
    } catch (const CommandFailed& failed) {
        return {Way::unsent, 0, failed.what()};
    }
}

mcp::ApiReply McpCalls::exchange(Daemon& daemon, const mcp::ApiCall& call) const {
    const HttpCall http = to_http(call);
    bool lost = false;
    try {
        while (true) {
            const HttpOutcome outcome = daemon.try_once(http);
            const HttpReply& reply = outcome.reply;
            const bool answered = outcome.trouble == HttpTrouble::none;
            lost = lost || outcome.trouble == HttpTrouble::lost || (answered && leaves_open(reply));
            // What an earlier try has done, a later refusal for want of room does not undo.
            const bool settled = !lost || reply.status < 500;
            if (answered && settled && !must_wait(reply))
                return {Way::answered, reply.status, reply.body};
            if (answered && !must_wait(reply)) throw to_failure(reply.status, reply.body);
            if (lost && !call.repeatable) return {Way::lost, 0, why(outcome)};
            daemon.await_return(outcome);
        }
    } catch (const CommandFailed& failed) {
        return {lost ? Way::lost : Way::unsent, 0, failed.what()};
    }
}

mcp::ApiReply McpCalls::save(Daemon& daemon, const mcp::ApiCall& call) const {
    try {
        const fs::path directory = folder_.inside(call.save_in);
        std::error_code error;
        fs::create_directories(directory, error);
        if (error)
            throw NotSaved("cannot make the folder " + directory.string() + ": " + error.message());
        const std::string path = (directory / call.save_as).string();
        const bool there = fs::exists(fs::symlink_status(path, error));
        // What an earlier call has saved is saved.
        const bool saved = there && sha256_of_file(path) == call.save_sha256;
        if (there && !saved) throw NotSaved(path + " exists already, and is another file");
        if (!saved) download_to_file(daemon, call.target, path, false, call.save_sha256);
        return {Way::answered, 200, path};
    } catch (const NotSaved& failed) {
        return {Way::not_saved, 0, failed.what()};
    } catch (const OutsideFolder& failed) {
        return {Way::not_saved, 0, failed.what()};
    }
}

std::string McpCalls::with_files(Daemon& daemon, const std::string& job) const {
    proto::FileNames files(job);
    if (files.paths().empty()) return job;
    for (proto::FileName& file : files.paths())
        file.name = folder_.inside(file.name).string();
    InputFiles inputs(daemon, {});
    return inputs.hand_in(files.renamed());
}

}  // namespace genspool::cli
