#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace genspool::simulator {

/// What can go wrong on purpose, each at its own rate. Refusals with a base_resp code are counted
/// apart (FaultPlan::refusals), since any code will do.
enum class Fault : std::uint8_t {
    reset_taken,
    reset_untaken,
    bad_gateway_taken,
    bad_gateway_untaken,
    timed_out_taken,
    timed_out_untaken,
    cut_paid_reply,
    fail_task,
    query_1002,
    query_502,
    unknown_state,
    state_case,
    number_ids,
    success_without_file_id,
    link_expired,
    slow_download,
    cut_download,
    wrong_length,
    no_etag,
    session_refused,
    session_crowded,
    callback_lost,
    callback_early,
    callback_twice,
    callback_disorder,
    callback_stranger,
    download_403,
    retry_after,
    no_id,
    moderated,
    gone,
    watermarked,
    rewritten,
    music_array,
    agent_error_text,
    agent_silent,
    list_late,
};
inline constexpr std::size_t fault_count = 37;

struct FaultInfo {
    Fault fault;
    std::string_view name;  ///< as in --fault NAME=RATE
    std::string_view what;  ///< one line for --help
};

/// All faults but refusals, in the order of the enum.
std::span<const FaultInfo> fault_table();
std::string_view to_string(Fault fault);

/// Codes whose refusal does not tell whether the work was taken: half of those refused are.
bool ambiguous_code(int code);

/// Whether it is one that useapi.net may answer: HTTP's. All others are the platform's own.
bool useapi_code(int code);

/// How often each fault strikes: a rate from 0 (never) to 1 (always).
class FaultPlan {
public:
    /// Sets one rate; `name` is one of fault_table() or refuse-CODE. Says what is wrong with it, or
    /// nullopt when it was taken.
    std::optional<std::string> set(std::string_view name, double rate);

    double rate(Fault fault) const { return rates_[static_cast<std::size_t>(fault)]; }

    /// Rates of refusal by base_resp code; never holds a zero.
    const std::map<int, double>& refusals() const { return refusals_; }

private:
    std::array<double, fault_count> rates_{};
    std::map<int, double> refusals_;
};

}  // namespace genspool::simulator
