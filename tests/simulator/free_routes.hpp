#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "tests/simulator/call.hpp"
#include "tests/simulator/world.hpp"

namespace genspool::simulator {

// The calls that cost nothing.

ModelReply query_video(World& world, const Call& call);
ModelReply query_video_template(World& world, const Call& call);
ModelReply query_speech(World& world, const Call& call);
ModelReply query_video_v2(World& world, const Call& call);
ModelReply list_video_v2(World& world, const Call& call);
ModelReply cancel_video_v2(World& world, const Call& call);
ModelReply query_batch(World& world, const Call& call);
ModelReply list_batches(World& world, const Call& call);
ModelReply cancel_batch(World& world, const Call& call);
ModelReply retrieve_file(World& world, const Call& call);
ModelReply retrieve_content(World& world, const Call& call);
ModelReply upload_file(World& world, const Call& call);
ModelReply list_files(World& world, const Call& call);
ModelReply delete_file(World& world, const Call& call);
ModelReply get_voice(World& world, const Call& call);
ModelReply delete_voice(World& world, const Call& call);
ModelReply plan_remains(World& world, const Call& call);
ModelReply upload_song(World& world, const Call& call);
ModelReply list_models(World& world, const Call& call);

/// The download host: every path below /cdn/.
ModelReply serve_download(World& world, const Call& call);

/// The admin calls below /sim/, without a key.
ModelReply serve_admin(World& world, const Call& call);

/// The faults that any query may meet; nullopt when none strikes.
std::optional<ModelReply> query_trouble(World& world, const Call& call, const std::string& task);

/// The account's task of that id; nullptr: there is none.
Task* find_task(World& world, const Call& call, TaskFamily family, const std::string& id);

/// The state as the answer words it: mostly the plain `word`.
std::string worded_state(World& world, const Call& call, const Task& task, const std::string& id,
                         std::string_view word);

/// What a task has made, as the files' calls tell of it.
boost::json::object told_of(const ShelfItem& item);

/// Calls off a task that is not finished, and notes it.
void call_off(World& world, const Call& call, Task& task, const std::string& id);

/// A parameter as a number; `otherwise` where there is none.
std::size_t number_param(const Call& call, std::string_view name, std::size_t otherwise);

/// A link to the file of a task.
std::string fresh_link(World& world, const Call& call, const ShelfItem& item);

/// Notes a fault of a free call.
void note_fault(World& world, const Call& call, Fault fault, const std::string& task);

}  // namespace genspool::simulator
