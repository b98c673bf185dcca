#include "workers/link_source.hpp"

#include <utility>

#include "workers/on_cpu.hpp"
#include "workers/submit_outcome.hpp"
#include "workers/upstream_call.hpp"

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

FoundLink no_link(std::string trouble) {
    FoundLink found;
    found.trouble = std::move(trouble);
    return found;
}

}  // namespace

asio::awaitable<FoundLink> LinkSource::find(proto::Source source) {
    if (source.from == proto::Source::From::link) {
        FoundLink found;
        found.url = std::move(source.value);
        co_return found;
    }
    const proto::Codec* codec = tools_.registry.codec(lease_.spec().op);
    const proto::Provider* provider = tools_.registry.provider(lease_.spec().provider);
    if (!codec || !provider) co_return no_link("this version has no op " + lease_.spec().op);
    const std::string name = account_of(source.send);
    const Account* account = tools_.accounts->find(name);
    if (!account) co_return no_link("account " + name + " is gone from the configuration");
    HttpCall call;
    {
        const OnCpu busy(tools_.on_cpu, lease_.record().seq);
        call = upstream_call(*provider, *account, codec->link(source));
    }
    HttpReply reply = co_await tools_.http.call(std::move(call));
    co_return read(*codec, source, std::move(reply));
}

/// The account of the task that this send brought; one answered at once has none.
std::string LinkSource::account_of(proto::Send send) const {
    for (const proto::Task& task : lease_.record().tasks) {
        if (task.send == send) return task.account;
    }
    return lease_.record().account;
}

FoundLink LinkSource::read(const proto::Codec& codec, const proto::Source& source,
                           HttpReply reply) const {
    if (reply.error == HttpError::cancelled) {
        FoundLink found;
        found.cancelled = true;
        return found;
    }
    if (reply.progress != HttpProgress::complete) {
        return no_link("no link: " + query_trouble(reply).failure.message);
    }
    const proto::Reply plain = to_reply(std::move(reply));
    const OnCpu busy(tools_.on_cpu, lease_.record().seq);
    proto::LinkOutcome outcome = codec.on_link(source, plain);
    if (auto* link = std::get_if<proto::Link>(&outcome)) {
        FoundLink found;
        found.url = std::move(link->url);
        return found;
    }
    const auto& refusal = std::get<proto::Refusal>(outcome);
    FoundLink none = no_link("no link: " + refusal.failure.message);
    none.gone = refusal.on_query == proto::OnQuery::gone;
    return none;
}

}  // namespace genspool::workers
