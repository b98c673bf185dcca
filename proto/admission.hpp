#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/codec.hpp"
#include "proto/file_rule.hpp"
#include "proto/price.hpp"

namespace genspool::proto {

/// An account as admission sees it.
struct AccountName {
    std::string name;
    std::string provider;
    std::vector<Kind> kinds;  ///< what it may be used for; empty: all
};

/// What a submitted job is judged by. All that it points to outlives the call.
struct AdmissionContext {
    const Registry& registry;
    const PriceTable& prices;
    std::string_view default_provider;  ///< empty: none
    std::uint32_t max_attempts = 3;     ///< for jobs that do not say
    std::span<const AccountName> accounts;
    Instant now{};
    std::string_view principal;   ///< who submits, as in "uid:1000"
    bool wants_canonical = true;  ///< false spares the work; a job with a key gets it anyway
    bool webhooks = false;        ///< jobs may name a webhook: there is a secret to sign it with
};

/// A job that may be admitted.
struct ParsedJob {
    JobSpec spec;
    Checked checked;
    const Codec* codec = nullptr;    ///< of spec.op
    std::vector<std::string> after;  ///< as they stood in the job: ids, or custom_ids of its batch
    std::vector<FilePlace> inputs;   ///< the references in the request, in its order
    std::string idempotency_key;     ///< as it stood in the job; empty: none
    std::string canonical;           ///< RFC 8785 of what the user sent, without idempotency_key
};

}  // namespace genspool::proto
