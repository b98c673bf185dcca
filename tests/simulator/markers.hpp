#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proto/time.hpp"

namespace genspool::simulator {

/// What a prompt asks the upstream to do to this one request, written in double brackets anywhere
/// in the text: "a kite [[fail:1027]] [[slow:2.5]]".
struct Markers {
    std::optional<int> refuse;            ///< [[refuse:CODE]] refused at create
    std::optional<int> fail;              ///< [[fail:CODE]] taken, but the work fails with CODE
    std::optional<proto::Duration> slow;  ///< [[slow:SECONDS]] takes exactly that long
    std::optional<std::uint64_t> stall;   ///< [[stall:BYTES]] the reply stops there for a while
    std::uint64_t partial = 0;     ///< [[partial:K]] K images are missing, or lines of a batch
    bool drop = false;             ///< [[drop]] taken, then the connection is reset
    bool bad_gateway = false;      ///< [[502]] taken, then answered with an HTML 502
    bool timed_out = false;        ///< [[504]] taken, then answered with an HTML 504
    bool unknown_state = false;    ///< [[unknown-state]] odd state words until it is final
    bool forbid_download = false;  ///< [[forbid-download]] 403 until /sim/allow-downloads
    std::string ref;               ///< [[ref:TEXT]] copied to the truth log
    // Of useapi.net:
    std::optional<std::uint64_t> attachments;  ///< [[attachments:K]] that an agent makes
    std::optional<std::uint64_t> tracks;       ///< [[tracks:K]] music in an array of K
    bool no_id = false;                        ///< [[no-id]] taken, but the answer names no task
    bool watermarked = false;  ///< [[watermarked]] the result has no URL without a watermark
    bool rewrite = false;      ///< [[rewrite]] desc is not the prompt as it was sent
    bool error_text = false;   ///< [[error-text]] the error of a failed agent is plain text
};

/// What became of reading a prompt: an unknown or malformed marker is a problem, not ignored.
struct MarkersRead {
    Markers markers;
    std::string problem;  ///< empty when all were understood
};

MarkersRead read_markers(std::string_view prompt);

}  // namespace genspool::simulator
