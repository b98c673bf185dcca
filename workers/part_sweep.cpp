#include "workers/part_sweep.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "queue/kill_point.hpp"
#include "workers/output_name.hpp"

namespace genspool::workers {

namespace asio = boost::asio;

bool part_wanted(const proto::JobRecord& record, std::uint32_t n) {
    using proto::State;
    if (record.state == State::fetching || record.state == State::held) return true;
    // It is complete, and a retry of the job gives it its name.
    return n < record.artifacts.size() &&
           record.artifacts[n].status == proto::Artifact::Status::named;
}

asio::awaitable<void> PartSweep::run() {
    const std::vector<std::string> paths = co_await files_.find("artifacts", part_ending);
    for (const std::string& path : paths)
        co_await judge(path);
}

asio::awaitable<void> PartSweep::judge(std::string path) {
    const std::optional<PartOf> part = part_of(path);
    if (!part) co_return;
    const std::optional<proto::JobRecord> record = co_await queue_.find(part->job.seq());
    if (!record || record->id != part->job || part_wanted(*record, part->n)) co_return;
    co_await files_.remove(std::move(path));
    GENSPOOL_KILL_POINT("fetch.part_swept");
}

}  // namespace genspool::workers
