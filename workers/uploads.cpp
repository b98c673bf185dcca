#include "workers/uploads.hpp"

#include <utility>

#include "queue/kill_point.hpp"
#include "workers/on_cpu.hpp"
#include "workers/submit_outcome.hpp"
#include "workers/upstream_call.hpp"

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

/// Between the choice of a handle and the upstream's look at it.
constexpr proto::Duration leeway{600'000};

/// Nothing is bought by an upload, whatever comes of it.
UploadEnd refused(proto::Refusal refusal) {
    UploadEnd end;
    refusal.on_create = proto::OnCreate::not_created;
    end.refusal = std::move(refusal);
    return end;
}

proto::UploadOutcome understand(Tools& tools, const proto::Provider& provider, proto::JobSeq job,
                                const std::string& purpose, HttpReply reply) {
    const OnCpu busy(tools.on_cpu, job);
    return provider.on_upload(purpose, to_reply(std::move(reply)));
}

}  // namespace

asio::awaitable<std::optional<std::string>> find_upload(Tools& tools, queue::UploadName name) {
    auto found = co_await tools.queue.find_upload(std::move(name));
    if (!found || found->expires < tools.clock.now() + leeway) co_return std::nullopt;
    co_return std::move(found->handle);
}

asio::awaitable<UploadEnd> upload_file(Tools& tools, const proto::Provider& provider,
                                       proto::JobSeq job, queue::UploadName name, bool shared,
                                       const proto::Input& input, std::string bytes) {
    const Account* account = tools.accounts->find(name.account);
    if (!account) {
        co_return refused(local_trouble(
            "account_missing", "account " + name.account + " is gone from the configuration"));
    }
    const Account then = *account;
    HttpCall request;
    {
        const OnCpu busy(tools.on_cpu, job);
        request = upstream_call(provider, *account, provider.upload(name.purpose, input, bytes));
        std::string().swap(bytes);
    }
    HttpReply reply = co_await tools.http.call(std::move(request));
    if (reply.progress != HttpProgress::complete) co_return refused(query_trouble(reply));
    proto::UploadOutcome outcome = understand(tools, provider, job, name.purpose, std::move(reply));
    if (auto* refusal = std::get_if<proto::Refusal>(&outcome))
        co_return refused(std::move(*refusal));
    auto& uploaded = std::get<proto::Uploaded>(outcome);
    const Account* now = tools.accounts->find(name.account);
    if (!now || !now->same_place(then)) {
        co_return refused(local_trouble(
            "account_changed", "account " + name.account + " was configured anew meanwhile"));
    }
    GENSPOOL_KILL_POINT("prepare.uploaded");
    if (shared) {
        const proto::Instant expires = tools.clock.now() + uploaded.kept;
        queue::KeepUpload command{std::move(name), uploaded.handle, expires};
        co_await tools.queue.ask(std::move(command));
        GENSPOOL_KILL_POINT("prepare.upload_kept");
    }
    UploadEnd end;
    end.handle = std::move(uploaded.handle);
    co_return end;
}

}  // namespace genspool::workers
