#include "workers/uploads.hpp"

#include <utility>

#include "queue/kill_point.hpp"
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

}  // namespace

asio::awaitable<std::optional<std::string>> find_upload(Tools& tools, queue::UploadName name) {
    auto found = co_await tools.queue.find_upload(std::move(name));
    if (!found || found->expires < tools.clock.now() + leeway) co_return std::nullopt;
    co_return std::move(found->handle);
}

asio::awaitable<UploadEnd> upload_file(Tools& tools, const proto::Provider& provider,
                                       queue::UploadName name, std::string media_type,
                                       std::string bytes) {
    const Account* account = tools.accounts->find(name.account);
    if (!account) {
        co_return refused(local_trouble(
            "account_missing", "account " + name.account + " is gone from the configuration"));
    }
    proto::Call call = provider.upload(name.purpose, media_type, bytes);
    bytes = {};
    HttpCall request = upstream_call(provider, *account, std::move(call));
    HttpReply reply = co_await tools.http.call(std::move(request));
    if (reply.progress != HttpProgress::complete) co_return refused(query_trouble(reply));
    proto::UploadOutcome outcome = provider.on_upload(to_reply(std::move(reply)));
    if (auto* refusal = std::get_if<proto::Refusal>(&outcome))
        co_return refused(std::move(*refusal));
    auto& uploaded = std::get<proto::Uploaded>(outcome);
    GENSPOOL_KILL_POINT("prepare.uploaded");
    queue::KeepUpload command{std::move(name), uploaded.handle, tools.clock.now() + uploaded.kept};
    co_await tools.queue.ask(std::move(command));
    GENSPOOL_KILL_POINT("prepare.upload_kept");
    UploadEnd end;
    end.handle = std::move(uploaded.handle);
    co_return end;
}

}  // namespace genspool::workers
