#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "proto/codec.hpp"
#include "proto/result.hpp"
#include "queue/commands.hpp"

namespace genspool::daemon {

struct Config;

/// Turns what a user handed in, one JSON text a job, into what the queue admits: parsed, checked
/// against its op, priced, with its provider and account fixed. Pure but for what it was built
/// from; event-loop thread.
class Admission {
public:
    /// Takes the defaults, accounts and prices out of `config`. The registry must outlive it.
    Admission(const proto::Registry& registry, const Config& config);
    ~Admission();

    /// From here on jobs are judged by this configuration.
    void configure(const Config& config);

    /// One line of a batch: a job object, or an OpenAI/MiniMax batch line. The refusal names the
    /// field as a path within the line.
    proto::Result<queue::AdmitOne> line(std::string_view text, std::string principal,
                                        proto::Instant now) const;

    /// One job whose idempotency key came beside the text (the header). `idempotency_key` may be
    /// empty; one inside the text must then be equal or absent.
    proto::Result<queue::AdmitOne> job(std::string_view text, std::string principal,
                                       std::string_view idempotency_key, proto::Instant now) const;

    /// The queue's form of a key. `fingerprint` is SHA-256 (32 bytes) of what it stands for: the
    /// canonical form of a job, the bytes of a whole batch.
    static queue::Idempotency idempotency(std::string_view principal, std::string_view key,
                                          std::string fingerprint);

private:
    struct Rules;

    proto::Result<queue::AdmitOne> admit(std::string_view text, std::string principal,
                                         std::string_view header_key, proto::Instant now) const;

    const proto::Registry& registry_;
    std::unique_ptr<const Rules> rules_;
};

}  // namespace genspool::daemon
