#include "tests/simulation/process.hpp"

#include <boost/asio/co_spawn.hpp>
#include <optional>
#include <stdexcept>
#include <utility>

#include "daemon/setup.hpp"
#include "tests/simulation/hook_watch.hpp"

namespace genspool::simulation {

namespace asio = boost::asio;

namespace {

constexpr std::string_view key_salt = "a salt";

/// With addresses for callbacks where the configuration has them.
std::shared_ptr<const workers::Accounts> with_addresses(const daemon::Config& config) {
    const bool called = !config.callbacks.listen.empty();
    return daemon::accounts_of(config, called ? "a secret of the state directory" : "");
}

/// A body that has come in one piece.
class WholePost : public daemon::BodySource {
public:
    explicit WholePost(std::string bytes) : bytes_(std::move(bytes)) {}

    asio::awaitable<daemon::BodyPiece> next() override {
        daemon::BodyPiece piece(bytes_.empty() ? daemon::BodyState::end : daemon::BodyState::piece);
        piece.bytes = std::exchange(bytes_, {});
        co_return piece;
    }
    void holds(std::uint64_t) override {}
    bool gone() override { return false; }

private:
    std::string bytes_;
};

workers::EngineParts engine_parts(Mailbox& mail, tests::SimFiles& files, const Machine& machine,
                                  const daemon::Config& config, std::uint64_t seed) {
    workers::EngineOptions options = daemon::engine_options(config);
    // A world has few jobs for its time: most of it would be looks at a disk that has not changed.
    options.disk_look = proto::Duration(15'000);
    // Every second life writes what is downloaded piece by piece, as if it were long.
    if (seed % 2 == 0) options.part_gather_bytes = 0;
    // And every second one has room for the files of one request at a time.
    if (seed % 4 < 2) options.input_bytes_max = 1;
    return {mail, machine.http, machine.clock, files, machine.registry, std::move(options),
            seed, nullptr,      machine.log};
}

daemon::ResultsOptions results_options(const Machine& machine) {
    daemon::ResultsOptions options;
    options.dir = machine.state_dir + "/results";
    return options;
}

daemon::hooks::CourierOptions courier_options() {
    daemon::hooks::CourierOptions options;
    options.name = HookWatch::name;
    options.tells = HookWatch::tells();
    options.waiting_max = 3;  // so that it reads no further now and then
    return options;
}

daemon::InboxOptions inbox_options(const Machine& machine) {
    daemon::InboxOptions options;
    options.state_dir = machine.state_dir;
    options.limits.chunk_pieces_max = 4;       // so that a file of some lines is taken in pieces
    options.rescan = std::chrono::seconds{5};  // nothing here tells of a file
    return options;
}

/// A task that throws is a mistake of the program, whatever befalls it.
workers::TaskGroup::OnError complain(const std::function<void(const std::string&)>& log) {
    return [log](std::string_view name, const std::exception_ptr& error) {
        std::string what = "unknown";
        try {
            std::rethrow_exception(error);
        } catch (const std::exception& thrown) {
            what = thrown.what();
        }
        log("event=task_failed task=" + std::string(name) + " error=\"" + what + "\"");
    };
}

}  // namespace

Process::Process(Machine machine, const daemon::Config& config, std::uint64_t seed)
    : machine_(std::move(machine)),
      queue_(machine_.disk, daemon::queue_options(config, machine_.registry), machine_.wall, seed),
      mail_(queue_, machine_.witness),
      files_(machine_.io, machine_.disk, "/state"),
      folders_(machine_.disk, machine_.state_dir, "/state"),
      line_(machine_.io.get_executor(), mail_),
      callbacks_(line_, machine_.registry),
      blobs_(machine_.io.get_executor(), line_, machine_.clock, files_),
      admission_(machine_.registry, config),
      engine_(machine_.io.get_executor(), engine_parts(mail_, files_, machine_, config, seed + 1)),
      results_(machine_.io.get_executor(), mail_, machine_.clock, pool_, results_options(machine_)),
      courier_(machine_.io.get_executor(), mail_, machine_.clock, machine_.hook, courier_options(),
               complain(machine_.log)),
      inbox_(machine_.io.get_executor(), mail_, machine_.clock, pool_, admission_, blobs_,
             inbox_options(machine_)),
      relay_(machine_.io.get_executor(),
             [this](proto::EventSeq last, bool work) {
                 if (work) engine_.wake();
                 results_.on_events(last);
                 courier_.on_events(last);
             }),
      tasks_(machine_.io.get_executor(), complain(machine_.log)),
      chores_(machine_.io.get_executor(), complain(machine_.log)) {
    queue_.on_commit([this](proto::EventSeq last, bool work) { relay_.committed(last, work); });
}

void Process::start(proto::JobSeq blamed) {
    if (blamed) {
        queue::Blame blame;
        blame.job = blamed;
        mail_.execute(blame, {});
    }
    engine_.start();
    engine_.wake();
    results_.start(tasks_);
    courier_.start(tasks_);
    inbox_.start(tasks_);
    chores_.spawn("blobs", blobs_.run());
}

void Process::configure(const daemon::Config& config,
                        std::function<void(const daemon::Config&)> taken) {
    mail_.execute(daemon::queue_setup(config, key_salt),
                  [this, config, taken = std::move(taken)](const queue::Answer&) {
                      if (!dead()) taken(config);
                  });
    const auto accounts = with_addresses(config);
    callbacks_.set_accounts(accounts);
    engine_.set_accounts(accounts);
}

void Process::hand_in(std::string bytes, std::string said,
                      std::function<void(const workers::BlobKept&)> answered) {
    tasks_.spawn("hand in", take_in(std::move(bytes), std::move(said), std::move(answered)));
}

asio::awaitable<void> Process::take_in(std::string bytes, std::string said,
                                       std::function<void(const workers::BlobKept&)> answered) {
    workers::BlobArrival arrival(blobs_);
    // In two pieces, so that it may be cut off between them.
    std::string rest = bytes.substr(bytes.size() / 2);
    bytes.resize(bytes.size() / 2);
    std::error_code error = co_await arrival.append(std::move(bytes));
    if (!error) error = co_await arrival.append(std::move(rest));
    if (error) {
        co_await arrival.drop();
        co_return;
    }
    const workers::BlobKept kept = co_await arrival.keep(std::move(said));
    if (!dead()) answered(kept);
}

void Process::call_back(std::string url, std::string body, OnReply answered) {
    tasks_.spawn("callback", listen(std::move(url), std::move(body), std::move(answered)));
}

asio::awaitable<void> Process::listen(std::string url, std::string body, OnReply answered) {
    WholePost post(std::move(body));
    daemon::Request request;
    request.method = "POST";
    request.target = url.substr(url.find('/', url.find("://") + 3));
    request.body = &post;
    std::optional<daemon::Reply> reply = callbacks_.stop(request);
    if (!reply) reply = co_await callbacks_.answer(request);
    if (!dead() && answered) answered(*reply);
}

asio::awaitable<void> Process::wind_up(proto::Duration patience) {
    co_await engine_.drain(patience);
    co_await inbox_.stop();
    co_await results_.stop();
    co_await courier_.stop();
    co_await tasks_.join();
    chores_.cancel_all();
    co_await chores_.join();
}

void Process::stop(proto::Duration patience, bool& ended) {
    stopping_ = true;
    auto done = [&ended](const std::exception_ptr& error) {
        if (error) std::rethrow_exception(error);
        ended = true;
    };
    asio::co_spawn(machine_.io, wind_up(patience), done);
}

}  // namespace genspool::simulation
