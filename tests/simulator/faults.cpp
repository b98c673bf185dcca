#include "tests/simulator/faults.hpp"

#include <algorithm>
#include <charconv>

namespace genspool::simulator {
namespace {

constexpr std::array<FaultInfo, fault_count> faults{{
    {Fault::reset_taken, "reset-taken", "a create is taken, then the connection is reset"},
    {Fault::reset_untaken, "reset-untaken", "the connection is reset, nothing was taken"},
    {Fault::bad_gateway_taken, "502-taken", "a create is taken, then answered with an HTML 502"},
    {Fault::bad_gateway_untaken, "502-untaken", "an HTML 502, nothing was taken"},
    {Fault::timed_out_taken, "504-taken", "a create is taken, then answered with an HTML 504"},
    {Fault::timed_out_untaken, "504-untaken", "an HTML 504, nothing was taken"},
    {Fault::cut_paid_reply, "cut-paid-reply", "a synchronous paid reply ends at a random byte"},
    {Fault::fail_task, "fail-task", "a task fails: with 1027 (useapi: 3, an agent 504)"},
    {Fault::query_1002, "query-1002", "queries and files/retrieve answer 1002 (useapi: 429)"},
    {Fault::query_502, "query-502", "queries and files/retrieve answer an HTML 502"},
    {Fault::unknown_state, "unknown-state", "a query answers a state nobody has heard of"},
    {Fault::state_case, "state-case", "a query answers its state in all lower or upper case"},
    {Fault::number_ids, "number-ids", "task_id and file_id as numbers where text is usual"},
    {Fault::success_without_file_id, "success-without-file-id",
     "the first Success has no file_id (useapi: no URL)"},
    {Fault::link_expired, "link-expired", "files/retrieve hands out a link that is already dead"},
    {Fault::slow_download, "slow-download", "a download takes two seconds"},
    {Fault::cut_download, "cut-download", "a download ends at a random byte"},
    {Fault::wrong_length, "wrong-length", "a download promises more bytes than it has"},
    {Fault::no_etag, "no-etag", "a download has no ETag and takes no Range"},
    {Fault::session_refused, "session-refused", "a session's task is not started (1041)"},
    {Fault::session_crowded, "session-crowded", "a session's piece is not taken for now (2205)"},
    {Fault::callback_lost, "callback-lost", "no callback is made for a task"},
    {Fault::callback_early, "callback-early", "callbacks begin before the create is answered"},
    {Fault::callback_twice, "callback-twice", "each callback is made twice"},
    {Fault::callback_disorder, "callback-disorder", "the last callback overtakes the one before"},
    {Fault::callback_stranger, "callback-stranger", "a callback names a task nobody has"},
    {Fault::download_403, "download-403", "the first download of a file is refused with 403"},
    {Fault::retry_after, "retry-after", "useapi: a 429 says when to come again"},
    {Fault::no_id, "no-id", "useapi: a create is taken, its answer has no id"},
    {Fault::moderated, "moderated", "useapi: a task ends as moderated"},
    {Fault::gone, "gone", "useapi: a video or an image ends as 404"},
    {Fault::watermarked, "watermarked", "useapi: a result comes only with its watermark"},
    {Fault::rewritten, "rewritten", "useapi: desc is not the prompt as it was sent"},
    {Fault::music_array, "music-array", "useapi: music/create answers an array"},
    {Fault::agent_error_text, "agent-error-text", "useapi: a failed agent's error is plain text"},
    {Fault::agent_silent, "agent-silent", "useapi: an agent completes with nothing attached"},
    {Fault::list_late, "list-late", "a v2 task is in no list until up to four minutes later"},
}};

constexpr std::string_view refusal_prefix = "refuse-";

std::optional<int> refusal_code(std::string_view name) {
    if (!name.starts_with(refusal_prefix)) return std::nullopt;
    name.remove_prefix(refusal_prefix.size());
    int code = 0;
    const auto [end, ec] = std::from_chars(name.data(), name.data() + name.size(), code);
    if (ec != std::errc{} || end != name.data() + name.size() || code <= 0) return std::nullopt;
    return code;
}

}  // namespace

std::span<const FaultInfo> fault_table() {
    return faults;
}

std::string_view to_string(Fault fault) {
    return faults[static_cast<std::size_t>(fault)].name;
}

bool ambiguous_code(int code) {
    return code == 500 || code == 1000 || code == 1001;
}

bool useapi_code(int code) {
    return code >= 100 && code < 1000;
}

std::optional<std::string> FaultPlan::set(std::string_view name, double rate) {
    if (!(rate >= 0.0 && rate <= 1.0))
        return "the rate of " + std::string(name) + " is not in 0..1";
    if (const auto code = refusal_code(name)) {
        if (rate > 0.0) {
            refusals_[*code] = rate;
        } else {
            refusals_.erase(*code);
        }
        return std::nullopt;
    }
    const auto* row = std::find_if(faults.begin(), faults.end(),
                                   [&](const FaultInfo& info) { return info.name == name; });
    if (row == faults.end()) return "there is no fault called " + std::string(name);
    rates_[static_cast<std::size_t>(row->fault)] = rate;
    return std::nullopt;
}

}  // namespace genspool::simulator
