#include "queue/voices.hpp"

#include "queue/keys.hpp"

namespace genspool::queue {

void note_voice(Turn& turn, const proto::JobRecord& record, const std::string& voice) {
    if (voice.empty()) return;
    const std::string& provider = turn.memory.lanes.at(record.lane).provider;
    turn.plan.put(keys::voice(provider, voice), record.account);
}

void follow_voice(Turn& turn, proto::JobRecord& record) {
    LaneKey lane = turn.memory.lanes.at(record.lane);
    if (!lane.account.empty() && !record.follows_voice) return;
    for (const std::string& voice : record.voices) {
        const auto account = turn.plan.get(keys::voice(lane.provider, voice));
        if (!account) continue;
        lane.account = *account;
        record.follows_voice = true;
        record.lane = lane_id(turn, std::move(lane));
        return;
    }
}

}  // namespace genspool::queue
