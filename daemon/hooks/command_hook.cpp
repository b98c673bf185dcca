#include "daemon/hooks/command_hook.hpp"

#include <algorithm>
#include <cstdlib>

#include "daemon/hooks/child_process.hpp"
#include "proto/money.hpp"

namespace genspool::daemon::hooks {

namespace {

/// "cost" as the job shows it: what is spent, and what may be.
std::string cost_of(const proto::JobRecord& record) {
    return proto::format_micros(record.spent + record.uncertain);
}

std::vector<std::string> paths_of(const proto::JobRecord& record, std::string_view root) {
    std::vector<std::string> paths;
    for (const proto::Artifact& artifact : record.artifacts)
        if (artifact.status == proto::Artifact::Status::home)
            paths.push_back(std::string(root) + "/" + artifact.name);
    return paths;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> environment_of(const Message& message,
                                                                std::string_view artifact_root) {
    const proto::JobRecord& record = message.job.record;
    const proto::JobSpec& spec = message.job.spec;
    const std::vector<std::string> paths = paths_of(record, artifact_root);
    std::string all;
    for (const std::string& path : paths)
        all += (all.empty() ? "" : "\n") + path;
    std::vector<std::pair<std::string, std::string>> variables = {
        {"GENSPOOL_EVENT_ID", message.id},
        {"GENSPOOL_EVENT_TYPE", message.type},
        {"GENSPOOL_JOB_ID", message.event.id.text()},
        {"GENSPOOL_STATE", std::string(proto::to_string(message.event.to))},
        {"GENSPOOL_KIND", std::string(proto::to_string(spec.kind))},
        {"GENSPOOL_OP", spec.op},
        {"GENSPOOL_MODEL", spec.model},
        {"GENSPOOL_CUSTOM_ID", spec.custom_id},
        {"GENSPOOL_BATCH", message.job.batch_id},
        {"GENSPOOL_ACCOUNT", record.account},
        {"GENSPOOL_ARTIFACT", paths.empty() ? "" : paths.front()},
        {"GENSPOOL_ARTIFACTS", all},
        {"GENSPOOL_FAILURE", record.failure ? record.failure->message : ""},
        {"GENSPOOL_COST", cost_of(record)},
        {"GENSPOOL_COST_UNIT",
         record.quote ? std::string(proto::to_string(record.quote->unit)) : ""},
    };
    // An environment ends a value with a zero.
    for (auto& [name, value] : variables)
        std::erase(value, '\0');
    return variables;
}

CommandHook::CommandHook(boost::asio::any_io_executor executor, workers::Clock& clock,
                         std::vector<std::string> command, proto::Duration timeout,
                         std::string artifact_root)
    : executor_(std::move(executor)),
      clock_(clock),
      command_(std::move(command)),
      timeout_(timeout),
      artifact_root_(std::move(artifact_root)) {}

boost::asio::awaitable<Outcome> CommandHook::tell(Message message) {
    ChildSetup setup;
    setup.command = command_;
    for (const char* const name : {"PATH", "LANG", "HOME", "TZ"})
        if (const char* const value = std::getenv(name))
            setup.environment.push_back(std::string(name) + "=" + value);
    for (const auto& [name, value] : environment_of(message, artifact_root_))
        setup.environment.push_back(name + "=" + value);
    setup.input = std::move(message.body);
    setup.timeout = timeout_;
    Outcome outcome;
    outcome.error = co_await run_child(executor_, clock_, std::move(setup));
    co_return outcome;
}

}  // namespace genspool::daemon::hooks
