#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "proto/codec.hpp"

/// What workers report of a step. A report says what happened; the queue decides what follows.
namespace genspool::queue {

/// preparing: all is there that the paid call needs. The answer tells the state: `submitting`, and
/// the step goes on with that call; `queued`, and it is over, as a gate has closed meanwhile.
struct Prepared {
    std::string listed_as{};  ///< as proto::Checked::listed_as, now that its files have names
};

/// preparing or submitting, before a byte was sent: not now, through no fault of the job's.
struct PutBack {
    std::string reason;
};

/// submitting: the upstream took it.
struct TakenUp {
    std::vector<std::string> tasks;
    proto::Instant poll_at{};  ///< when to ask for the first time
};

/// submitting: final at once. With artifacts it goes on to fetching, without it is done.
struct DeliveredAtOnce {
    std::vector<proto::Artifact> artifacts;
    std::string result;
    std::optional<proto::MadeThing> made{};  ///< by it, for other requests to name
};

/// submitting or preparing: refused. The refusal's on_create says whether anything was bought.
struct Refused {
    proto::Refusal refusal;
};

/// submitting: nobody can say. `reason` is for people.
struct Ambiguous {
    std::string reason;
};

/// unknown or held: the upstream's list of what the account has bought was read. What that proves
/// is the queue's to say.
struct Searched {
    std::optional<proto::Listed> own;  ///< the entry that shows this send's reference
    /// The entries that show what this send would, and no reference; one for each purchase.
    std::vector<proto::Listed> alike;
    std::size_t listed = 0;  ///< how many entries there are in all
    bool whole = false;      ///< it goes back by `search_horizon` before the send
    /// By the engine's clock, before the first page was asked for: what the upstream listed later
    /// may be missing. The epoch: nobody knows, and nothing is proven absent.
    proto::Instant begun{};
    /// How far the upstream's clock is ahead of ours; nullopt: it does not say.
    std::optional<proto::Duration> clock_ahead;
    proto::Instant search_at{};  ///< when to look again
    proto::Instant poll_at{};    ///< when to ask for the task, if it is found
};

/// running or canceling: still at work, as of its word. Writes nothing unless the word changed.
/// unknown or held: there is no list just now.
struct Unchanged {
    proto::Instant poll_at{};
    std::string upstream_state;
    /// How much of the work the upstream says is done; never stored.
    std::optional<std::uint32_t> permille{};
};

/// running or canceling: the query was refused or failed; the refusal's on_query says what it
/// means.
struct QueryRefused {
    proto::Refusal refusal;
    proto::Instant poll_at{};
};

/// running or canceling: no task is open any more.
struct Done {
    std::vector<proto::Artifact> artifacts;
    std::string upstream_state;
    std::string result{};  ///< small JSON, or empty
};
struct Failed {
    proto::Failure failure;
    bool again = false;
    bool unbilled = false;
};

/// fetching: artifact n is complete and verified under its part name; this is to be its final name.
/// Written before the rename.
struct ArtifactNamed {
    std::uint32_t n = 0;
    std::string name;
    std::string media_type;
    std::uint64_t bytes = 0;
    std::string sha256;
    /// Of an archive: the other files in it, which become artifacts of their own.
    std::vector<std::string> others = {};
};
/// fetching: artifact n is under its final name and fsynced. The last one ends the job.
struct ArtifactHome {
    std::uint32_t n = 0;
};
/// fetching: artifact n will never come. The last one ends the job.
struct ArtifactLost {
    std::uint32_t n = 0;
    proto::Failure failure;
};
/// fetching: artifact n is still to come; try again then. `renewable`: its link can be asked for
/// anew or stays valid, so that only [fetch] patience ends it.
struct FetchLater {
    proto::Instant at{};
    std::string reason;
    bool trouble = true;  ///< false: nothing went wrong, there is only more to come
};

using Report = std::variant<Prepared, PutBack, TakenUp, DeliveredAtOnce, Refused, Ambiguous,
                            Searched, Unchanged, QueryRefused, Done, Failed, ArtifactNamed,
                            ArtifactHome, ArtifactLost, FetchLater>;

}  // namespace genspool::queue
