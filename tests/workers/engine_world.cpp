#include "tests/workers/engine_world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/json.hpp>
#include <stdexcept>

#include "proto/minimax/provider.hpp"
#include "proto/references.hpp"
#include "proto/useapi/provider.hpp"
#include "tests/support/sim_state.hpp"
#include "workers/blob_store.hpp"
#include "workers/digest.hpp"

namespace genspool::tests {

namespace asio = boost::asio;
namespace json = boost::json;
using proto::Kind;

class SeveredQueue : public queue::Queue {
public:
    explicit SeveredQueue(queue::Queue& real) : real_(real) {}

    void execute(queue::Command command, queue::OnAnswer on_answer) override {
        if (!severed_) return real_.execute(std::move(command), std::move(on_answer));
        queue::Answer answer;
        answer.errc = queue::Errc::stale;
        answer.detail = "the process is dead";
        if (on_answer) on_answer(std::move(answer));
    }
    void read(std::function<void(const queue::Reader&)> look) override {
        real_.read(std::move(look));
    }
    void on_commit(std::function<void(proto::EventSeq, bool)> listener) override {
        real_.on_commit(std::move(listener));
    }
    void sever() { severed_ = true; }

private:
    queue::Queue& real_;
    bool severed_ = false;
};

namespace {

constexpr const char* state_dir = "/state";
constexpr const char* useapi_key = "user:1-secret";
const proto::Instant start_of_time{proto::Duration(1'800'000'000'000)};

queue::QueueOptions queue_options(const proto::Registry& registry) {
    queue::QueueOptions options;
    for (const proto::Provider* const provider : registry.providers()) {
        for (const proto::Codec* codec : provider->codecs()) {
            const proto::OpInfo& info = codec->info();
            queue::QueueOptions::Op op;
            op.name = info.name;
            op.slot_class = info.slot_class;
            op.kind = info.kind;
            op.patience = info.patience;
            op.unknown_window = info.unknown_window;
            options.ops.push_back(std::move(op));
        }
    }
    return options;
}

bool is_of(const simulator::TruthRecord& truth, const std::string& ref) {
    return truth.ref == ref || truth.prompt.find("[[ref:" + ref + "]]") != std::string::npos;
}

}  // namespace

EngineWorld::EngineWorld(EngineWorldOptions options)
    : options_(std::move(options)),
      registry_({options_.provider ? options_.provider : &proto::minimax_provider(),
                 &proto::useapi_provider()}),
      clock_(io_, start_of_time),
      disk_(std::make_shared<ForgetfulDisk>()),
      upstream_(options_.upstream, options_.seed, [this] { return clock_.now(); }),
      http_(clock_, [this](const workers::HttpCall& call) { return upstream_.answer(call); }),
      random_(options_.seed) {
    open();
}

EngineWorld::~EngineWorld() {
    line_->sever();
    disk_->kill();
    end_process();
    check_disk();
}

/// What a process leaves is sound whenever it dies.
void EngineWorld::check_disk() const {
    if (!options_.sound_files) return;
    for (const std::string& sentence : broken_on(disk_, state_dir))
        FAIL_CHECK(sentence);
}

void EngineWorld::open() {
    queue_ = std::make_unique<InlineQueue>(
        disk_, queue_options(registry_), [this] { return clock_.now(); }, random_.next());
    line_ = std::make_unique<SeveredQueue>(*queue_);
    files_ = std::make_unique<SimFiles>(io_, disk_, state_dir);
    workers::EngineOptions engine;
    engine.submit_workers_max = options_.submit_workers_max;
    engine.fetch_workers_max = options_.fetch_workers_max;
    engine.input_bytes_max = options_.input_bytes_max;
    engine.disk_reserve_bytes = options_.disk_reserve_bytes;
    workers::EngineParts parts{
        *line_,         http_,     clock_,
        *files_,        registry_, engine,
        random_.next(), &on_cpu_,  [this](const std::string& line) { log_.push_back(line); }};
    engine_ = std::make_unique<workers::Engine>(io_.get_executor(), std::move(parts));
    queue_->on_commit([this](proto::EventSeq, bool work) {
        if (!work) return;
        asio::post(io_, [this] {
            if (engine_) engine_->wake();
        });
    });
    configure();
    engine_->start();
    engine_->wake();
}

std::shared_ptr<const workers::Accounts> EngineWorld::accounts(const std::string& without) const {
    std::map<std::string, workers::Account, std::less<>> all;
    const auto add = [&](const std::string& name, const std::string& key) {
        if (name == without) return;
        workers::Account account;
        account.name = name;
        account.provider = "minimax";
        account.base_url = "https://api.example";
        account.key = key;
        if (name == "main") {
            account.callback_url = options_.callback_url;
            account.callback_secret =
                account.callback_url.substr(account.callback_url.rfind('/') + 1);
            account.poll = {options_.poll_min, options_.poll_max};
        }
        all.emplace(name, std::move(account));
    };
    add("main", key_);
    for (const auto& [name, slots] : options_.others)
        add(name, name);
    for (const auto& [name, slots] : options_.linked) {
        if (name == without) continue;
        workers::Account account;
        account.name = name;
        account.provider = "useapi";
        account.base_url = "https://api.example/v1/minimax";
        account.key = useapi_key;
        account.upstream_account = name;
        all.emplace(name, std::move(account));
    }
    return std::make_shared<const workers::Accounts>(std::move(all));
}

void EngineWorld::configure(const std::string& without) {
    queue::Configure configure;
    const auto add = [&](const std::string& name, const auto& slots, bool linked = false) {
        if (name == without) return;
        queue::AccountSetup setup;
        setup.name = name;
        setup.provider = linked ? "useapi" : "minimax";
        setup.key_group = linked ? "key of useapi/" + name : name;
        setup.slots = slots;
        configure.accounts.push_back(std::move(setup));
    };
    add("main", options_.slots);
    for (const auto& [name, slots] : options_.others)
        add(name, slots);
    for (const auto& [name, slots] : options_.linked)
        add(name, slots, true);
    queue_->ask(configure);
    engine_->set_accounts(accounts(without));
}

void EngineWorld::forget_accounts() {
    engine_->set_accounts(std::make_shared<const workers::Accounts>());
}

void EngineWorld::restore_accounts() {
    engine_->set_accounts(accounts());
}

void EngineWorld::change_key(const std::string& key) {
    key_ = key;
    engine_->set_accounts(accounts());
}

void EngineWorld::drain(proto::Duration patience) {
    bool drained = false;
    auto done = [&drained](const std::exception_ptr& error) {
        if (error) std::rethrow_exception(error);
        drained = true;
    };
    asio::co_spawn(io_, engine_->drain(patience), done);
    clock_.run_until([&drained] { return drained; });
    if (!drained) throw std::logic_error("the engine does not drain");
}

void EngineWorld::end_process() {
    drain(proto::Duration(0));
    clock_.settle();
    engine_.reset();
    clock_.settle();
    line_.reset();
    files_.reset();
    queue_.reset();
}

std::uint64_t EngineWorld::in_submitting() const {
    const auto all = jobs();
    return static_cast<std::uint64_t>(std::count_if(all.begin(), all.end(), [](const auto& job) {
        return job.state == proto::State::submitting;
    }));
}

void EngineWorld::crash(bool power, std::uint64_t seed) {
    cut_paid_ += in_submitting();
    line_->sever();
    if (power) {
        disk_->power_cut(seed);
    } else {
        disk_->kill();
    }
    end_process();
    check_disk();
    open();
}

void EngineWorld::restart(proto::Duration patience) {
    cut_paid_ += in_submitting();
    drain(patience);
    line_->sever();
    end_process();
    open();
}

std::string EngineWorld::request(Kind kind, const std::string& ref, const std::string& extra) {
    const std::string words = "waves [[ref:" + ref + "]] " + extra;
    json::object body;
    switch (kind) {
        case Kind::music:
            body["model"] = "music-2.6";
            body["prompt"] = words;
            body["lyrics"] = "la la la";
            break;
        case Kind::image:
            body["model"] = "image-01";
            body["prompt"] = words;
            body["n"] = 2;
            break;
        case Kind::tts:
            body["model"] = "speech-2.6-hd";
            body["text"] = words;
            body["voice_setting"] = json::object{{"voice_id", "male-qn-qingse"}};
            break;
        default:
            body["model"] = "MiniMax-Hailuo-02";
            body["prompt"] = words;
            break;
    }
    return json::serialize(body);
}

std::string EngineWorld::useapi_request(Kind kind, const std::string& ref,
                                        const std::string& extra) {
    const std::string words = "waves [[ref:" + ref + "]] " + extra;
    json::object body;
    switch (kind) {
        case Kind::image:
            body["quantity"] = 4;
            break;
        case Kind::agent:
            body["models"] = "hailuo-2.3,nano-banana-2";
            break;
        case Kind::tts:
            body["text"] = words;
            body["voice_id"] = "209533299589184";
            return json::serialize(body);
        case Kind::video_template:
            body["templateId"] = "393769180141805569";
            break;
        case Kind::video:
            body["model"] = "02";
            break;
        default:
            break;
    }
    body["prompt"] = words;
    return json::serialize(body);
}

queue::AdmitOne EngineWorld::order(Kind kind, const std::string& request,
                                   const std::function<void(proto::JobSpec&)>& change,
                                   const std::string& provider_name) const {
    const json::value body = json::parse(request);
    const proto::Provider& provider = *registry_.provider(provider_name);
    const proto::Codec& codec = *provider.choose(kind, body.as_object()).value();
    const proto::Checked checked = codec.check(body.as_object()).value();
    queue::AdmitOne job;
    proto::JobSpec& spec = job.spec;
    spec.kind = kind;
    spec.request = request;
    spec.provider = provider_name;
    spec.op = codec.info().name;
    spec.model = checked.model;
    spec.quote = proto::Money{100'000, provider.unit()};
    spec.principal = "uid:1000";
    if (change) change(spec);
    job.slot_class = codec.info().slot_class;
    job.listed_as = checked.listed_as;
    job.names = checked.names;
    job.timed_as = proto::timed_as(checked);
    auto references = proto::find_references(body.as_object()).value();
    job.inputs = proto::place_files(std::move(references), checked.files).value();
    return job;
}

proto::JobSeq EngineWorld::admit(Kind kind, const std::string& request,
                                 const std::function<void(proto::JobSpec&)>& change) {
    return hand_over(order(kind, request, change));
}

proto::JobSeq EngineWorld::admit_useapi(Kind kind, const std::string& request,
                                        const std::function<void(proto::JobSpec&)>& change) {
    return hand_over(order(kind, request, change, "useapi"));
}

proto::JobSeq EngineWorld::hand_over(queue::AdmitOne job) {
    const queue::Answer answer = queue_->ask(queue::Admit{std::move(job)});
    if (answer.errc != queue::Errc::ok) throw std::logic_error("not admitted: " + answer.detail);
    return std::get<queue::Admitted>(answer.body).id.seq();
}

proto::BatchSeq EngineWorld::admit_batch(const std::vector<std::pair<Kind, std::string>>& jobs,
                                         const std::function<void(proto::JobSpec&)>& change) {
    const queue::Answer opened = queue_->ask(queue::OpenBatch{});
    queue::AdmitChunk chunk;
    chunk.batch = std::get<queue::BatchOpened>(opened.body).batch;
    for (const auto& [kind, request] : jobs)
        chunk.jobs.emplace_back(chunk.jobs.size() + 1, order(kind, request, change));
    const proto::BatchSeq batch = chunk.batch;
    if (queue_->ask(std::move(chunk)).errc != queue::Errc::ok ||
        queue_->ask(queue::Seal{batch, "hash"}).errc != queue::Errc::ok)
        throw std::logic_error("a batch is not admitted");
    return batch;
}

std::string EngineWorld::hand_in(std::string bytes, std::string said) {
    workers::QueueLine line(io_.get_executor(), *queue_);
    workers::BlobStore blobs(io_.get_executor(), line, clock_, *files_);
    workers::BlobArrival arrival(blobs);
    workers::BlobKept kept;
    bool done = false;
    auto arrive = [&]() -> boost::asio::awaitable<void> {
        co_await arrival.append(std::move(bytes));
        kept = co_await arrival.keep(std::move(said));
    };
    boost::asio::co_spawn(io_, arrive, [&done](const std::exception_ptr&) { done = true; });
    run_until([&] { return done; }, proto::Duration{1'000});
    if (kept.error || kept.answer.errc != queue::Errc::ok) throw std::logic_error("not kept");
    return proto::file_name_of(kept.sha256);
}

queue::Answer EngineWorld::act(proto::JobSeq job, queue::Verb verb, bool again) {
    queue::Act command;
    command.job = job;
    command.verb = verb;
    command.actor = {"uid:1000", false};
    command.again = again;
    return queue_->ask(std::move(command));
}

proto::JobRecord EngineWorld::job(proto::JobSeq seq) const {
    proto::JobRecord record;
    queue_->read([&](const queue::Reader& reader) { record = reader.find(seq).value().record; });
    return record;
}

queue::BatchView EngineWorld::batch(proto::BatchSeq seq) const {
    queue::BatchView found;
    queue_->read([&](const queue::Reader& reader) { found = reader.find_batch(seq).value(); });
    return found;
}

queue::AccountView EngineWorld::account(const std::string& name) const {
    queue::AccountView found;
    queue_->read([&](const queue::Reader& reader) {
        for (queue::AccountView& view : reader.accounts()) {
            if (view.name == name) found = std::move(view);
        }
    });
    return found;
}

std::vector<proto::JobRecord> EngineWorld::jobs() const {
    std::vector<proto::JobRecord> records;
    queue_->read([&records](const queue::Reader& reader) {
        proto::JobSeq before;
        do {
            const queue::Page page = reader.list({}, before, 500);
            for (const queue::JobView& view : page.jobs)
                records.push_back(view.record);
            before = page.next;
        } while (before);
    });
    return records;
}

std::vector<queue::EventRecord> EngineWorld::events(proto::JobSeq seq) const {
    constexpr std::size_t all = 10'000;
    std::vector<queue::EventRecord> events;
    queue_->read([&](const queue::Reader& reader) { events = reader.events({}, all, seq); });
    return events;
}

bool EngineWorld::run_until(const std::function<bool()>& done, proto::Duration span) {
    const proto::Instant end = clock_.now() + span;
    while (true) {
        clock_.settle();
        if (done()) return true;
        if (!pass_time(end)) {
            clock_.advance_to(end);
            return done();
        }
    }
}

/// Goes to the next moment at which something happens; false if that is after `end`.
bool EngineWorld::pass_time(proto::Instant end) {
    const proto::Instant sleeper = clock_.next().value_or(proto::never);
    const proto::Instant due = queue_->wake_at();
    if (std::min(sleeper, due) > end) return false;
    if (due > sleeper) return clock_.step();
    clock_.advance_to(due);
    queue_->tick();
    return true;
}

void EngineWorld::run_handlers(std::uint64_t count) {
    for (; count > 0; --count) {
        io_.restart();
        if (io_.poll_one() == 0) pass_time(clock_.now() + proto::Duration(60'000));
    }
}

bool EngineWorld::run_until_state(proto::JobSeq seq, proto::State wanted, proto::Duration span) {
    return run_until([&] { return state(seq) == wanted; }, span);
}

void EngineWorld::run_for(proto::Duration span) {
    run_until([] { return false; }, span);
}

std::uint64_t EngineWorld::bought(const std::string& ref) const {
    const auto truths = upstream_.records().truths();
    return static_cast<std::uint64_t>(std::count_if(
        truths.begin(), truths.end(), [&](const auto& truth) { return is_of(truth, ref); }));
}

std::uint64_t EngineWorld::failed_upstream(const std::string& ref) const {
    const auto truths = upstream_.records().truths();
    return static_cast<std::uint64_t>(std::count_if(
        truths.begin(), truths.end(),
        [&](const auto& truth) { return is_of(truth, ref) && truth.outcome != "taken"; }));
}

std::vector<std::string> EngineWorld::hashes(const std::string& ref) const {
    std::vector<std::string> found;
    for (const auto& truth : upstream_.records().truths()) {
        if (!is_of(truth, ref) || truth.outcome != "taken") continue;
        for (const auto& artifact : truth.artifacts)
            found.push_back(artifact.sha256);
    }
    return found;
}

std::string EngineWorld::artifact_fault(const proto::JobRecord& record,
                                        const std::string& ref) const {
    const std::vector<std::string> wanted = hashes(ref);
    for (const proto::Artifact& artifact : record.artifacts) {
        if (artifact.status != proto::Artifact::Status::home) continue;
        const workers::FileBytes file = files_->read_now("artifacts/" + artifact.name);
        if (file.error) return artifact.name + " is not there";
        if (file.bytes.size() != artifact.bytes) return artifact.name + " has another length";
        if (workers::sha256_hex(file.bytes) != artifact.sha256) return artifact.name + " is broken";
        if (std::find(wanted.begin(), wanted.end(), artifact.sha256) == wanted.end()) {
            return artifact.name + " is not what was bought";
        }
    }
    return {};
}

}  // namespace genspool::tests
