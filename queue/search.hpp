#pragma once

#include <optional>
#include <string>
#include <vector>

#include "proto/codec.hpp"
#include "queue/reports.hpp"
#include "queue/turn.hpp"

/// What the upstream's list of an account's purchases proves about a send that was never answered.
/// The list shows less than a request holds, so an entry is evidence only where nobody else can
/// have bought it; what is left in doubt is for a person.
namespace genspool::queue {

/// How far before a send the list must have been read before it proves that nothing was bought:
/// much more than clocks differ.
inline constexpr proto::Duration search_horizon{24 * 3'600'000};

/// For so long after its send a held job is looked for still: others that were in its way may have
/// been settled meanwhile.
inline constexpr proto::Duration late_evidence{7 * 24 * 3'600'000LL};

/// When it is looked for first after it was held.
inline constexpr proto::Duration late_search{600'000};

/// Whether two looks at the upstream's clock tell that one of the clocks was set in between: by
/// more than it takes a reply to arrive.
bool clocks_differ(proto::Duration ahead, proto::Duration ahead_later);

/// A send whose task nobody knows, and that the list would show as the one that is looked for.
struct Claimant {
    /// nullopt: before a clock was set, so that any entry may be its own.
    std::optional<proto::Instant> sent_at{};
    bool same_request = false;  ///< byte for byte: whose task it is makes no difference
    std::string job;            ///< its id, for people
};

struct Judgement {
    enum class Kind : std::uint8_t { found, absent, open };

    Kind kind = Kind::open;
    std::vector<std::string> tasks{};  ///< found: the job's own
    std::string words{};               ///< the evidence, or what is in its way
};

/// The send that is looked for.
struct Sought {
    proto::Instant at{};
    std::string shown_as;       ///< as proto::Checked::listed_as
    proto::Instant in_doubt{};  ///< since when; the epoch: since it was sent
};

/// Judges the entries that may be of this send and are no job's yet. `rivals`: the other sends that
/// would look so; `report.whole` and `report.begun` are needed for a proof that there is none.
Judgement judge(const Sought& sought, const std::vector<proto::Listed>& unowned,
                const std::vector<Claimant>& rivals, const Searched& report);

/// Writes down that the job's send was not answered, if it was not: it may have bought what another
/// job looks for, whatever becomes of its own job, until evidence says otherwise.
void note_doubt(Turn& turn, const proto::JobRecord& record, proto::State from, proto::Event event);

/// What follows for a job in `unknown` or `held`.
void search_ended(Turn& turn, proto::JobRecord& record, const Searched& report);
/// There was no list to look at; the next try is due then.
void search_failed(Turn& turn, proto::JobRecord& record, proto::Instant search_at);

/// Its task is in the upstream's list still, where one who is looked for might be taken for it.
bool is_evidence(const proto::JobRecord& record, proto::Instant now);

/// Held because nobody knows what became of its send, and a list may tell still.
bool awaits_evidence(const proto::JobRecord& record);

}  // namespace genspool::queue
