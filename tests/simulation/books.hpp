#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "proto/job.hpp"
#include "tests/simulation/faults.hpp"

/// What the oracle keeps of each job, from the event log and from the upstream, and from nothing
/// that the queue says of itself.
namespace genspool::simulation {

/// A submission that the upstream took.
struct Purchase {
    proto::Send send = 0;
    std::uint64_t claimed = 0;       ///< the moment of its claim
    bool failed = false;             ///< the upstream itself failed the work
    bool allowed_again = false;      ///< somebody has allowed another one since
    std::vector<std::string> tasks;  ///< none of a synchronous call
    std::string account;             ///< ours
    std::string place;               ///< the upstream's account
    std::string slot_class;
    proto::Instant until{};    ///< by the upstream's clock: when the slot is free again
    proto::Instant expires{};  ///< by ours: when patience is over
    std::vector<std::string> hashes;
};

struct JobBook {
    proto::JobId id;
    proto::State state = proto::State::absent;
    proto::Send send = 0;
    bool cancel_waits = false;
    proto::BatchSeq batch;
    std::string ref;    ///< of its prompt, by which the upstream knows it
    std::string bound;  ///< to this account
    std::string op;
    std::string slot_class;
    std::string principal;
    std::string request;
    std::string voice;           ///< that it speaks with or makes
    bool follows_voice = false;  ///< that was made before its turn came, so it goes where it was
    proto::Instant not_before{};
    std::optional<proto::Instant> deadline;
    std::vector<proto::JobId> after;
    bool freed = false;                ///< all of these have succeeded, once
    std::vector<proto::Input> inputs;  ///< the files it takes; settled once it was prepared

    std::string account;              ///< of the last claim
    bool unsent = false;              ///< held, and nothing was sent of what it is held for
    std::string account_before;       ///< of the one before
    std::uint32_t limit = 0;          ///< of that account at the last claim
    std::uint64_t configuration = 0;  ///< which one that claim went by; 0: nobody knows
    proto::Instant sent_at{};
    proto::Instant ended_at{};
    proto::EventSeq end_event;                     ///< that ended it last
    proto::State ended_as = proto::State::absent;  ///< its state then
    proto::Send on_wire = 0;                       ///< the last send that was seen to go out
    bool retried = false;                          ///< by a person
    bool resubmits = false;                        ///< it says so for a send of which nobody knows
    bool parked = false;                           ///< has a max_cost, and no price is known
    bool misled = false;                           ///< a person has said of it what is not true
    std::vector<Purchase> purchases;

    std::uint64_t claimed = 0;  ///< the moment of its last claim
    std::uint64_t entered = 0;  ///< the moment it came into its state
    FaultSet own_faults = 0;    ///< of its own calls since then
};

}  // namespace genspool::simulation
