#include <array>

#include "daemon/gateway/minimax/routes.hpp"
#include "daemon/gateway/useapi/routes.hpp"
#include "daemon/router.hpp"
#include "daemon/routes/openapi.hpp"

namespace genspool::daemon {
namespace {

// The most frequent stand first: they are looked through from the top.
constexpr std::array table = {
    Route{"POST", "/v1/jobs", routes::submit},
    Route{"GET", "/v1/jobs", routes::list_jobs},
    Route{"GET", "/v1/jobs/{}", routes::show_job},
    Route{"PATCH", "/v1/jobs/{}", routes::patch_job},
    Route{"POST", "/v1/jobs/{}/cancel", routes::cancel_job},
    Route{"POST", "/v1/jobs/{}/retry", routes::retry_job},
    Route{"POST", "/v1/jobs/{}/resolve", routes::resolve_job},
    Route{"GET", "/v1/jobs/{}/explain", routes::explain_job},
    Route{"GET", "/v1/jobs/{}/events", routes::job_events},
    Route{"GET", "/v1/jobs/{}/artifacts/{}", routes::artifact},
    Route{"POST", "/v1/jobs:cancel", routes::cancel_many},
    Route{"POST", "/v1/jobs:retry", routes::retry_many},
    Route{"PUT", "/v1/blobs", routes::put_blob},
    Route{"GET", "/v1/events", routes::events},
    Route{"GET", "/v1/batches", routes::list_batches},
    Route{"GET", "/v1/batches/{}", routes::show_batch},
    Route{"PATCH", "/v1/batches/{}", routes::patch_batch},
    Route{"GET", "/v1/batches/{}/results", routes::batch_results},
    Route{"GET", "/v1/batches/{}/errors", routes::batch_errors},
    Route{"POST", "/v1/batches/{}/cancel", routes::cancel_batch},
    Route{"GET", "/v1/accounts", routes::accounts},
    Route{"POST", "/v1/accounts/{}/pause", routes::pause_account},
    Route{"POST", "/v1/accounts/{}/resume", routes::resume_account},
    Route{"GET", "/v1/hooks", routes::list_hooks},
    Route{"GET", "/v1/hooks/{}", routes::show_hook},
    Route{"POST", "/v1/hooks/{}/retry", routes::retry_hook},
    Route{"GET", "/v1/remote/{}{*}", routes::remote},
    Route{"POST", "/v1/remote/{}{*}", routes::remote},
    Route{"DELETE", "/v1/remote/{}{*}", routes::remote},
    Route{"GET", "/v1/queue", routes::show_queue},
    Route{"POST", "/v1/queue/pause", routes::pause_queue},
    Route{"POST", "/v1/queue/resume", routes::resume_queue},
    Route{"POST", "/v1/backup", routes::back_up},
    Route{"GET", "/v1/stats", routes::stats},
    Route{"GET", "/v1/times", routes::times},
    Route{"GET", "/v1/ledger", routes::ledger},
    Route{"GET", "/v1/ledger/totals", routes::ledger_totals},
    Route{"GET", "/minimax{*}", gateway::minimax::answer},
    Route{"POST", "/minimax{*}", gateway::minimax::answer},
    Route{"DELETE", "/minimax{*}", gateway::minimax::answer},
    Route{"GET", "/useapi{*}", gateway::useapi::answer},
    Route{"POST", "/useapi{*}", gateway::useapi::answer},
    Route{"DELETE", "/useapi{*}", gateway::useapi::answer},
    Route{"POST", "/mcp", routes::speak_mcp},
    Route{"GET", "/v1/session", routes::show_session},
    Route{"POST", "/v1/session", routes::sign_in},
    Route{"DELETE", "/v1/session", routes::sign_out},
    Route{"GET", "/", routes::dashboard},
    Route{"GET", "/dashboard/{}", routes::dashboard},
    Route{"GET", "/metrics", routes::metrics},
    Route{"GET", "/openapi.json", routes::openapi},
    Route{"GET", "/healthz", routes::healthz},
    Route{"GET", "/readyz", routes::readyz},
};

}  // namespace

std::span<const Route> all_routes() {
    return table;
}

}  // namespace genspool::daemon
