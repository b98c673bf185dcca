#include <algorithm>
#include <boost/json.hpp>

#include "tests/simulator/till.hpp"
#include "tests/simulator/useapi/answers.hpp"
#include "tests/simulator/useapi/desk.hpp"
#include "tests/simulator/useapi/shown.hpp"

namespace genspool::simulator::useapi {
namespace {

namespace json = boost::json;

/// "hailuo-2.3,nano-banana-2".
std::vector<std::string> models_in(std::string_view list) {
    std::vector<std::string> models;
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        if (comma > 0) models.emplace_back(list.substr(0, comma));
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return models;
}

MediaKind kind_made_by(std::string_view model) {
    for (const std::string_view family : {"nano-banana", "seedream", "qwen", "kolors"}) {
        if (model.starts_with(family)) return MediaKind::png;
    }
    return MediaKind::mp4;
}

std::uint64_t attachments_of(World& world, const Sale& sale, const Job& job) {
    constexpr std::uint64_t most = 20;
    if (sale.markers.attachments) return std::min(*sale.markers.attachments, most);
    if (!world.strikes(Fault::agent_silent)) return 1;
    note(world, sale, "agent-silent", false, job.id);
    return 0;
}

/// Whether the job, if it fails, tells of it in plain text.
bool speaks_plainly(World& world, const Sale& sale, const Job& job) {
    if (job.fail == 0) return false;
    if (!sale.markers.error_text && !world.strikes(Fault::agent_error_text)) return false;
    note(world, sale, "agent-error-text", false, job.id);
    return true;
}

}  // namespace

Problem check_agent(const json::object& body) {
    return FieldCheck(body)
        .need_text("prompt", 10'000)
        .require(!models_in(text_field(body, "models")).empty(), "models is required")
        .may_flag("async")
        .problem();
}

Sold make_agent(World& world, const Sale& sale) {
    Sold sold = begin_sale(world, sale);
    Job& job = begin_job(world, sale, JobType::agent, sold);
    job.models = models_in(text_field(sale.body, "models"));
    job.model = job.models.front();
    job.error_text = speaks_plainly(world, sale, job);
    const std::uint64_t attachments = attachments_of(world, sale, job);
    for (std::uint64_t n = 0; n < attachments; ++n)
        make_file(world, sale, job, kind_made_by(job.models[n % job.models.size()]), sold);
    judge(world, sold);
    const bool waits = !flag_field(sale.body, "async");
    const Instant told_at = waits ? job.finishes : job.created;
    const json::object view = shown(
        world, job, told_at, [&](const ShelfItem& item) { return day_link(world, sale, item); });
    sold.reply = hand_over(world, sale, sold, view, waits ? 200 : 201);
    if (waits) sold.reply.delay = sold.work;
    return sold;
}

}  // namespace genspool::simulator::useapi
