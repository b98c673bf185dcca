#pragma once

#include "tests/simulator/useapi/visit.hpp"

namespace genspool::simulator::useapi {

// The calls that cost nothing. Each may meet what strikes any of them.

ModelReply query_video(World& world, const Visit& visit);
ModelReply query_image(World& world, const Visit& visit);
ModelReply query_speech(World& world, const Visit& visit);
ModelReply query_music(World& world, const Visit& visit);
ModelReply query_agent(World& world, const Visit& visit);

ModelReply list_videos(World& world, const Visit& visit);
ModelReply list_images(World& world, const Visit& visit);
ModelReply list_speech(World& world, const Visit& visit);

ModelReply delete_video(World& world, const Visit& visit);
ModelReply delete_image(World& world, const Visit& visit);
ModelReply delete_speech(World& world, const Visit& visit);
ModelReply cancel_video(World& world, const Visit& visit);

ModelReply show_scheduler(World& world, const Visit& visit);
ModelReply show_available(World& world, const Visit& visit);
ModelReply stop_tracking(World& world, const Visit& visit);
ModelReply list_agent_jobs(World& world, const Visit& visit);

ModelReply list_accounts(World& world, const Visit& visit);
ModelReply show_account(World& world, const Visit& visit);
ModelReply link_account(World& world, const Visit& visit);
ModelReply unlink_account(World& world, const Visit& visit);
ModelReply show_features(World& world, const Visit& visit);

ModelReply upload_file(World& world, const Visit& visit);
ModelReply list_files(World& world, const Visit& visit);
ModelReply delete_file(World& world, const Visit& visit);

ModelReply list_voices(World& world, const Visit& visit);
ModelReply list_characters(World& world, const Visit& visit);
ModelReply list_templates(World& world, const Visit& visit);

/// Ends a job before its time, as failed.
void call_off(World& world, const Visit& visit, Job& job);

}  // namespace genspool::simulator::useapi
