#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "proto/file_rule.hpp"
#include "proto/job.hpp"
#include "proto/result.hpp"
#include "proto/thing.hpp"

/// The providers as pure functions: given a job they say which call comes next, given the reply
/// they say what it means. No sockets, clocks, threads or randomness.
namespace genspool::proto {

/// One exchange with the upstream's API, without host and credentials.
struct Call {
    std::string method = "GET";
    std::string target;  ///< path and query, beginning with "/"
    std::string content_type;
    std::string body;
    Duration first_byte{60'000};                ///< how long the upstream may think
    Duration whole{0};                          ///< all of it; 0: no other bound than its phases'
    std::uint64_t reply_bytes_max = 1U << 20U;  ///< room that is reserved before a paid call
};

/// A complete reply.
struct Reply {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;

    /// The first header of that name (case-insensitive), or empty.
    std::string_view header(std::string_view name) const;
};

/// How often a task is asked for.
struct PollSchedule {
    Duration first{15'000};  ///< after the task was taken
    Duration min{10'000};    ///< then; grows by half each time
    Duration max{60'000};
    /// Where it is known how long tasks take, they may be asked for more often, but not more often
    /// than that.
    Duration floor{5'000};
    Duration shared_floor{3'000};  ///< the same, where one call asks for many
};

/// What an op is, apart from its bytes.
struct OpInfo {
    std::string_view name;  ///< "minimax.video_v1"
    std::string_view provider;
    Kind kind = Kind::video;
    std::string_view slot_class;     ///< "video", "image", "music", "tts", …
    bool reply_is_artifact = false;  ///< the paid reply is spooled; there is no task to poll
    bool several_tasks = false;      ///< one purchase may come to more than one task
    Duration patience{3'600'000};    ///< past it a job is overdue and a slot is given up
    /// How long it is looked for an unknown send in list(); 0: not at all.
    Duration unknown_window{0};
    std::uint32_t queries_rpm = 0;  ///< polls a minute that the upstream allows; 0: no limit
    PollSchedule poll;
    std::uint32_t poll_many_max = 0;  ///< tasks that one poll_many() may ask for; 0: there is none
    bool takes_callback = false;      ///< Provider::add_callback() may be used on its paid call
    bool takes_reference = false;     ///< Provider::add_reference() is used on its paid call
    /// list() may show another text than the request had: one that differs may be its own as well.
    bool lists_loosely = false;
    /// Disk space without which nothing is bought, where the reply is spooled.
    std::uint64_t reply_room_bytes = 64U << 20U;
};

/// A request that may be sent: what admission needs to know of it.
struct Checked {
    std::string model;
    std::string price_key;      ///< "minimax.video_v1/MiniMax-Hailuo-02/1080P/6"
    std::int64_t quantity = 1;  ///< in what the price counts: songs, images, characters
    /// Only the upstream finds out how much is charged for: a price that is set for this very
    /// price_key counts, and no shorter one.
    bool unmeasured = false;
    std::uint32_t artifacts = 1;    ///< how many are expected
    std::vector<FileField> files;   ///< the references in it that stand where they may
    std::vector<NamedThing> names;  ///< what of an account's own it names
    std::string listed_as;          ///< what a list() shows of it; empty: it is in none
    /// Op, model, resolution, duration: tasks that are alike in them take as long. Empty: those of
    /// one price_key do.
    std::string timed_as;
};

/// The sort of task by which it is learned how long it takes; empty: nothing is.
const std::string& timed_as(const Checked& checked);

struct Taken {
    std::vector<std::string> tasks;  ///< at least one, none empty
};

/// Final at once; the artifacts' bytes lie in the reply itself or behind links.
struct Delivered {
    std::vector<Artifact> artifacts;  ///< `open`, or `lost` with their failure
    std::string result;               ///< small JSON, or empty
    std::optional<MadeThing> made{};  ///< by it, for other requests to name
};

/// Final at once, and the reply is the whole result.
struct Answered {
    std::string result;
    std::optional<MadeThing> made{};  ///< by it, for other requests to name
};

using SubmitOutcome = std::variant<Taken, Delivered, Answered, Refusal>;

struct StillRunning {
    std::string upstream_state;
    bool known_word = true;  ///< false: a word nobody told us of; kept, counted, polled on
    std::optional<std::uint32_t> permille{};  ///< of the work that is done, where it says so
};

struct TaskDone {
    std::vector<Artifact> artifacts;
    std::string upstream_state;
    std::string result{};  ///< small JSON, or empty
};

struct TaskFailed {
    Failure failure;
    bool again = false;     ///< another purchase could succeed
    bool unbilled = false;  ///< the upstream says that it costs nothing
};

/// TaskFailed: final. Refusal: the query itself failed; its on_query says `again` or `gone`.
using PollOutcome = std::variant<StillRunning, TaskDone, TaskFailed, Refusal>;

/// What was said of several tasks at once.
struct PolledPage {
    /// Of each task as much as a poll() would tell. Those that are not here are to be asked for
    /// singly.
    std::vector<std::pair<std::string, PollOutcome>> told;
    std::string next;  ///< asks for the page after this one; empty: it is the last
};

using PollManyOutcome = std::variant<PolledPage, Refusal>;

/// One entry of the upstream's list of what an account has bought.
struct Listed {
    std::string task;
    std::string listed_as;  ///< what it shows of the request that bought it; empty: too little
    std::optional<Instant> made_at;  ///< by the upstream's clock; nullopt: it does not tell
    std::string reference{};  ///< of the send, as add_reference() gave it; empty: it shows none
    std::string together{};   ///< entries that are equal in it are of one purchase; empty: alone
    std::vector<std::string> others{};  ///< the other tasks of that purchase
};

struct ListPage {
    std::vector<Listed> entries;
    std::string next;  ///< asks for the page after this one; empty: it is the last
    std::optional<std::uint64_t> total;  ///< entries in all pages, where it is told
    bool partial = false;  ///< not all that was bought is in it, so its silence proves nothing
};

using ListOutcome = std::variant<ListPage, Refusal>;

/// Asked for right before each try, so nobody needs to know how long it lasts.
struct Link {
    std::string url;
};

using LinkOutcome = std::variant<Link, Refusal>;

/// A file that an account has at the upstream now.
struct Uploaded {
    std::string handle;  ///< as a request names it
    Duration kept{0};    ///< for so long it may be named
};

/// Refusal: its class says whether another try can help; nothing is bought by an upload.
using UploadOutcome = std::variant<Uploaded, Refusal>;

/// The bytes of the n-th artifact inside a spooled reply, or why they are none.
using ExtractOutcome = std::variant<std::string, Failure>;

/// What this side of a session does next.
struct SessionMove {
    std::vector<std::string> frames;  ///< to send as text, in this order
    Duration pause{0};                ///< before the first of them
    bool paid = false;                ///< with the first of them the purchase begins
    bool over = false;                ///< the upstream has had its last word
};

/// This side of a duplex session over WebSocket: told what the upstream says, it says what goes
/// back. Lives as long as its call; one thread at a time.
class Session {
public:
    virtual ~Session() = default;

    /// One text frame, whole; whatever it holds, it is survived.
    virtual SessionMove on_frame(std::string_view frame) = 0;
};

/// One upstream operation. Stateless; one object for the life of the program; any thread.
class Codec {
public:
    virtual ~Codec() = default;

    virtual const OpInfo& info() const = 0;

    /// Checks all that is known to be wrong before anything is paid for. Unknown fields and models
    /// pass. The refusal's field is relative to the request ("request.duration").
    virtual Result<Checked> check(const boost::json::object& request) const = 0;

    /// The one paid call. `request` is what check() let through.
    virtual Call submit(const JobSpec& spec) const = 0;
    /// What is said in the paid call if it is a duplex session, of which submit() says only where;
    /// nullptr: it is none. on_submit() reads the upstream's frames as a stream of events with
    /// status 101, or the answer that refused the session.
    virtual std::unique_ptr<Session> open(const JobSpec& spec) const {
        static_cast<void>(spec);
        return nullptr;
    }
    /// What the reply to it says. The whole of it: an incomplete one never comes here.
    virtual SubmitOutcome on_submit(const JobSpec& spec, const Reply& reply) const = 0;

    virtual Call poll(const Task& task) const = 0;
    virtual PollOutcome on_poll(const Task& task, const Reply& reply) const = 0;

    /// Asks for several open tasks of one account, OpInfo::poll_many_max at most; `page`:
    /// PolledPage::next, empty for the first. What it does not tell of a task proves nothing.
    virtual Call poll_many(std::span<const Task> tasks, std::string_view page) const;
    virtual PollManyOutcome on_poll_many(std::string_view page, const Reply& reply) const;

    /// Calls the task off while its job is being cancelled. `state` is the upstream's word of a
    /// moment ago; nullopt: that cannot be done (any more).
    virtual std::optional<Call> cancel(const Task& task, std::string_view state) const {
        static_cast<void>(task);
        static_cast<void>(state);
        return std::nullopt;
    }
    /// What the task has come to by it; nullopt: it goes on.
    virtual std::optional<TaskFailed> on_cancel(const Reply& reply) const {
        static_cast<void>(reply);
        return std::nullopt;
    }

    /// A page of what the account has bought through this op; `page`: ListPage::next, empty for
    /// the first. Called only where check() gives a `listed_as`. A task may stand in it twice.
    virtual Call list(std::string_view page) const;
    virtual ListOutcome on_list(std::string_view page, const Reply& reply) const;

    /// Asks for a fresh link to what Source::handle names.
    virtual Call link(const Source& source) const = 0;
    virtual LinkOutcome on_link(const Source& source, const Reply& reply) const = 0;

    /// Decodes the n-th artifact out of a spooled reply.
    virtual ExtractOutcome extract(const JobSpec& spec, const Reply& reply,
                                   std::size_t n) const = 0;
};

/// A slot class of a provider, with what an account may do unless the configuration says otherwise.
struct SlotClass {
    std::string_view name;
    std::uint32_t slots = 1;
    std::uint32_t rpm = 0;  ///< paid requests a minute; 0: no limit
};

/// One built-in price: `micros` for `per` units of quantity.
struct Price {
    std::string_view key;
    Unit unit = Unit::usd;
    Micros micros = 0;
    std::int64_t per = 1;
};

/// How long the upstream takes from a purchase to its end: nearly none is quicker than `quick`, or
/// slower than `slow`.
struct Spread {
    Duration quick{0};
    Duration median{0};
    Duration slow{0};

    bool operator==(const Spread&) const = default;
};

/// Where an upstream sells something, below the path of Provider::default_base_url().
struct PaidPath {
    std::string_view path;  ///< "/v1/t2a_v2"
    Kind kind = Kind::video;
    /// Puts a body that is meant for this path into the words of the kind's requests; null: it is
    /// in them.
    void (*put_in_words)(boost::json::object& body) = nullptr;
};

/// What is assumed of an op, or of what begins with this key of the price table.
struct UsualTime {
    std::string_view key;
    Spread time;
};

/// What an upstream sent of its own accord.
struct Callback {
    std::string answer = "{}";  ///< JSON, what it wants to hear
    std::string task{};         ///< that may have moved; empty: it names none
};

/// How an account stands at its upstream.
struct AccountSight {
    std::string broken;  ///< why it can buy nothing there, for people; empty: it can
    std::optional<Instant>
        login_until;  ///< a person must log it in anew by then; nullopt: not told
    /// By slot class, where the upstream tells; 0: it has none of it.
    std::map<std::string, std::uint32_t, std::less<>> slots;

    bool operator==(const AccountSight&) const = default;
};

class Resources;

/// A family of upstream API.
class Provider {
public:
    virtual ~Provider() = default;

    virtual std::string_view name() const = 0;
    virtual std::string_view default_base_url() const = 0;
    virtual Unit unit() const = 0;
    virtual std::span<const SlotClass> slot_classes() const = 0;
    virtual std::span<const Codec* const> codecs() const = 0;
    /// All that a batch line may name for an order.
    virtual std::span<const PaidPath> paid_paths() const = 0;
    virtual std::span<const Price> prices() const = 0;  ///< the built-in table
    virtual std::string_view prices_as_of() const = 0;  ///< its date, "2026-08"

    /// How long its ops take as a rule, as far as that is known: for forecasts only.
    virtual std::span<const UsualTime> usual_times() const { return {}; }

    /// The headers that carry an account's key.
    virtual std::vector<std::pair<std::string, std::string>> authorize(
        std::string_view key) const = 0;
    /// Makes the call one of this account: its name goes where the upstream wants it (a group id
    /// in the query, a linked account in the body). Empty: none is configured.
    virtual void address(Call& call, std::string_view upstream_account) const = 0;
    /// Whether one key opens several accounts, each with slots and limits of its own.
    virtual bool key_has_accounts() const { return false; }

    /// Tells the upstream in a paid call where it may say that the task has moved. `url`: printable
    /// ASCII without quotes and backslashes.
    virtual void add_callback(Call& call, std::string_view url) const;
    /// Puts a name for this very send into its paid call, which list() may show again.
    /// `reference`: letters, digits and "#".
    virtual void add_reference(Call& call, std::string_view reference) const;
    /// What it sent there, or somebody in its name: nothing is proven by it.
    virtual Callback read_callback(std::string_view body) const;

    /// Free calls that tell how an account stands; none: nobody looks.
    virtual std::vector<Call> looks() const { return {}; }
    /// What the reply to the n-th of them adds. False: it says nothing of the account, as the error
    /// of a host does not; what was known stays.
    virtual bool read_look(std::size_t n, const Reply& reply, AccountSight& sight) const;

    /// Hands a file to the upstream, for free. `purpose`: FileRule::purpose.
    virtual Call upload(std::string_view purpose, const Input& file,
                        std::string_view bytes) const = 0;
    virtual UploadOutcome on_upload(std::string_view purpose, const Reply& reply) const = 0;

    /// What an account's holder may see and do there for free; nullptr: nothing is offered.
    virtual const Resources* resources() const { return nullptr; }

    /// The op that does `kind` for this request (by the length of a text, by the model); its field
    /// names what is missing or too long.
    virtual Result<const Codec*> choose(Kind kind, const boost::json::object& request) const = 0;
};

/// Every provider there is, in the order of their names. Built at start; read-only.
class Registry {
public:
    explicit Registry(std::vector<const Provider*> providers);

    std::span<const Provider* const> providers() const { return providers_; }
    const Provider* provider(std::string_view name) const;  ///< nullptr: none of that name
    const Codec* codec(std::string_view op) const;          ///< nullptr: none of that name

private:
    std::vector<const Provider*> providers_;
};

}  // namespace genspool::proto
