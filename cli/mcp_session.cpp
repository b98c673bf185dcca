#include "cli/mcp_session.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <exception>
#include <utility>

#include "cli/failure.hpp"
#include "proto/canonical_json.hpp"
#include "proto/mcp/server.hpp"

namespace genspool::cli {

namespace mcp = proto::mcp;

namespace {

/// Waits hold a thread each; a client that asks for more of them at once is served by turns.
constexpr std::size_t threads = 32;
constexpr std::size_t line_bytes_max = std::size_t{64} << 20U;

std::string id_text(const boost::json::value& id) {
    return proto::compact_json(id);
}

}  // namespace

McpSession::McpSession(const Console& console, const McpCalls& calls, std::string version)
    : console_(console),
      calls_(calls),
      version_(std::move(version)),
      revision_(mcp::revisions()[1]),
      pool_(std::make_unique<boost::asio::thread_pool>(threads)) {}

McpSession::~McpSession() = default;

void McpSession::run() {
    std::string line;
    while (read_line(line))
        take(line);
    pool_->join();
}

/// False at the end. Of a line that is too long the beginning is left, which is no JSON.
bool McpSession::read_line(std::string& line) const {
    line.clear();
    char c = '\0';
    while (console_.in(&c, 1) == 1) {
        if (c == '\n') return true;
        if (line.size() < line_bytes_max) line += c;
    }
    return !line.empty();
}

void McpSession::take(const std::string& line) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) return;
    mcp::Incoming incoming = mcp::read_messages(line);
    std::vector<Asked> asked;
    for (mcp::Message& message : incoming.messages) {
        if (message.wants_answer()) {
            asked.push_back(begin(std::move(message)));
        } else {
            note(message);
        }
    }
    if (asked.empty()) return;
    boost::asio::post(*pool_, [this, asked = std::move(asked), batch = incoming.batch] {
        answer_all(asked, batch);
    });
}

/// The one notification that means something here.
void McpSession::note(const mcp::Message& message) {
    if (message.method != "notifications/cancelled") return;
    const boost::json::value* const id = message.params.if_contains("requestId");
    if (id == nullptr) return;
    const std::scoped_lock lock(asking_);
    const auto found = asked_.find(id_text(*id));
    if (found != asked_.end()) *found->second = true;
}

McpSession::Asked McpSession::begin(mcp::Message message) {
    Asked asked;
    asked.client.local = true;
    asked.canceled = std::make_shared<std::atomic<bool>>(false);
    if (message.method == "initialize") revision_ = mcp::agreed_revision(message);
    const bool stateless = !mcp::own_revision(message).empty();
    asked.client.revision = stateless ? mcp::stateless_revision : revision_;
    if (!message.id.is_null()) {
        const std::scoped_lock lock(asking_);
        asked_[id_text(message.id)] = asked.canceled;
    }
    asked.message = std::move(message);
    return asked;
}

/// Empty: nobody wants it any more.
std::string McpSession::answer(const Asked& asked) const {
    mcp::Step step;
    try {
        step = mcp::begin(asked.message, asked.client, version_);
        while (step.call && !*asked.canceled) {
            if (!step.notification.empty()) send(step.notification);
            const mcp::ApiReply reply = calls_.make(*step.call);
            const mcp::Step::Then then = std::move(step.then);
            step = then(reply);
        }
    } catch (const std::exception& error) {
        // The thread is the pool's: what is unforeseen in one answer must not end the others.
        step = mcp::failed(mcp::internal_error, error.what());
    }
    if (*asked.canceled) return {};
    return mcp::answer_text(asked.message, asked.client, step, version_);
}

void McpSession::answer_all(const std::vector<Asked>& asked, bool batch) {
    std::string all;
    for (const Asked& each : asked) {
        const std::string text = answer(each);
        {
            const std::scoped_lock lock(asking_);
            const auto found = asked_.find(id_text(each.message.id));
            if (found != asked_.end() && found->second == each.canceled) asked_.erase(found);
        }
        if (!text.empty()) all += (all.empty() ? "" : ",") + text;
    }
    if (!all.empty()) send(batch ? "[" + all + "]" : all);
}

void McpSession::send(const std::string& line) const {
    const std::scoped_lock lock(writing_);
    try {
        console_.out_line(line);
    } catch (const CommandFailed& failed) {
        // The client has gone. What it had ordered goes on; its end ends this program.
        console_.err_line(std::string("genspool: ") + failed.what());
    }
}

}  // namespace genspool::cli
