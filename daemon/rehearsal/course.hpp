#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "queue/reader.hpp"

namespace genspool::daemon {

struct Config;

/// How much of an account's slots of one class was used.
struct SlotUse {
    std::string account;
    std::string slot_class;
    std::uint32_t slots = 0;
    std::uint32_t rpm = 0;
    std::uint64_t jobs = 0;   ///< purchases
    proto::Duration busy{0};  ///< of all its slots together
    std::uint32_t taken = 0;  ///< now
};

/// Where a job stands in the batch file.
struct InFile {
    std::uint64_t line = 0;
    std::string custom_id;  ///< empty: none

    bool operator==(const InFile&) const = default;
};

/// What keeps the rehearsed batch from ending sooner.
struct Bottleneck {
    std::string gate;        ///< as queue::Gate::name; empty: nothing, the upstream needs that long
    std::string account;     ///< empty: of no single one
    std::string slot_class;  ///< where the gate is of one
    std::string detail;      ///< the gate in words; may be empty
    proto::Duration waited{0};      ///< by those on the way to the end, at this gate
    std::vector<InFile> last_jobs;  ///< the last one, after the one it waited for, …
};

/// The course of a rehearsal, as the queue's log tells it: who went when, what held the others back
/// meanwhile, and how the slots were used. One thread.
class Course {
public:
    explicit Course(const Config& config);

    void admitted(proto::JobSeq job, std::uint64_t line, const queue::AdmitOne& admitted,
                  proto::Instant now);
    /// To be called after the turns of each moment.
    void look(const queue::Core& core);

    const std::vector<SlotUse>& uses() const { return uses_; }
    /// Purchases of which nobody knows the price.
    std::uint64_t unpriced() const { return unpriced_; }
    /// The jobs that are not at their end, or failed, by state.
    std::vector<std::pair<proto::JobSeq, proto::State>> stopped() const;
    /// When the last job ended; the epoch: none has.
    proto::Instant ended_at() const;
    Bottleneck bottleneck(const queue::Reader& reader, proto::Duration whole) const;
    InFile place_of(proto::JobSeq job) const { return jobs_.at(job).place; }

private:
    struct Job {
        InFile place;
        std::string slot_class;
        std::size_t lane = 0;
        bool priced = false;
        proto::Instant not_before{};
        proto::Instant queued_at{};  ///< first
        proto::Instant claimed_at{};
        proto::Instant ended_at{};
        proto::State state = proto::State::absent;

        proto::Instant free_at() const { return std::max(queued_at, not_before); }
    };
    struct GateKey {
        std::string name;
        std::string account;
        std::string slot_class;

        auto operator<=>(const GateKey&) const = default;
    };
    using Gates = std::vector<GateKey>;
    /// Jobs that the same gates hold.
    struct Lane {
        std::set<std::pair<proto::Instant, proto::JobSeq>> waiting;  ///< from when on they could go
        std::vector<std::pair<proto::Instant, Gates>> closed;        ///< from then on
    };

    void wait(proto::JobSeq seq, Job& job, proto::Instant now);
    void follow(const queue::EventRecord& event);
    void sample(const queue::Reader& reader, Lane& lane, proto::Instant now);
    void count_slots(const queue::Capacity& capacity, proto::Instant now);
    void add_waits(const Job& job, std::map<GateKey, proto::Duration>& waits) const;
    double share_used(const GateKey& gate, proto::Duration waited, proto::Duration whole) const;
    std::optional<proto::JobSeq> waited_for(const queue::Reader& reader, proto::JobSeq job) const;

    std::map<proto::JobSeq, Job> jobs_;
    std::map<std::string, std::size_t> lane_ids_;
    std::vector<Lane> lanes_;
    std::map<GateKey, std::string> details_;  ///< as first seen
    std::vector<SlotUse> uses_;
    std::uint64_t unpriced_ = 0;
    proto::EventSeq seen_;
    proto::Instant looked_at_{};
};

}  // namespace genspool::daemon
