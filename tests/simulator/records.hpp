#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "proto/time.hpp"
#include "tests/simulator/slot_class.hpp"

namespace genspool::simulator {

struct ArtifactRecord {
    std::string sha256;
    std::uint64_t bytes = 0;
};

/// One paid submission that was taken: what someone has to pay for.
struct TruthRecord {
    proto::Instant time;
    proto::Instant until;  ///< when its slot is free again; not in the log
    std::string account;
    std::string endpoint;
    std::string task;                 ///< empty for the synchronous calls, which have none
    std::vector<std::string> others;  ///< the other tasks of the same purchase
    std::string sha256;               ///< of the request body
    std::string prompt;
    std::string ref;                 ///< replyRef, else of the marker [[ref:…]]; or empty
    std::vector<std::string> files;  ///< SHA-256 of each file inside the request, in its order
    std::vector<ArtifactRecord> artifacts;
    std::string
        outcome;  ///< "taken", or "failed:CODE" where the upstream itself will fail the work
};

/// One fault that was let loose.
struct FaultRecord {
    proto::Instant time;
    std::string fault;
    std::string endpoint;
    std::string task;
    std::string sha256;      ///< of a paid request's body; else empty
    bool ambiguous = false;  ///< the answer to a create does not tell whether it was taken
};

/// The client sent more than it may.
struct ViolationRecord {
    proto::Instant time;
    std::string violation;  ///< "limit" (at once), "rpm" (a minute), "credentials" (at /cdn/)
    std::string account;
    std::optional<SlotClass> slot;  ///< of a paid request, as the next
    std::string sha256;
    std::uint64_t used = 0;  ///< by the account before this request
    std::uint64_t limit = 0;
};

/// One line of JSON each, without the newline; empty fields are left out.
std::string to_json_line(const TruthRecord& record);
std::string to_json_line(const FaultRecord& record);
std::string to_json_line(const ViolationRecord& record);

/// Where records go. Called inside UpstreamModel::handle, before the reply is known to anyone.
class Recorder {
public:
    virtual ~Recorder() = default;
    virtual void truth(const TruthRecord& record) = 0;
    virtual void fault(const FaultRecord& record) = 0;
    virtual void violation(const ViolationRecord& record) = 0;
};

}  // namespace genspool::simulator
